/** Check 4.10: for each operation, the distinct people who signed reach the weight of the module's ACL rule. */
import { checkAcl } from '../../../protocol/environment/acl.ts';
import type { Acl } from '../../../protocol/environment/environment.ts';
import { RefusalError } from '../refusal.ts';
import type { CheckedOperation } from '../verdict.ts';

/** @throws RefusalError insufficient-weight */
export function assertWeights(acl: Acl, operations: readonly CheckedOperation[], signers: ReadonlySet<string>): void {
  for (const { module, disclosure } of operations) {
    const outcome = checkAcl(acl, module, signers, disclosure);
    if (outcome.kind === 'denied')
      throw new RefusalError(
        'insufficient-weight',
        `${module}, ${disclosure}: weight ${outcome.weight} of ${outcome.minimumWeight ?? 'no rule'}`,
      );
  }
}
