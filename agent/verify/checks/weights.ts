/** Check 4.10: for each operation, the distinct people who signed reach the weight of the module's ACL rule, and of those that it asks. */
import { checkAcl } from '../../../protocol/environment/acl.ts';
import type { Acl } from '../../../protocol/environment/environment.ts';
import { RefusalError } from '../refusal.ts';
import type { CheckedOperation, CheckedQuestion } from '../verdict.ts';

/** @param within the operation that asks it; null for the operation itself. */
function assertWeight(
  acl: Acl,
  { module, disclosure }: CheckedQuestion,
  signers: ReadonlySet<string>,
  within: string | null,
): void {
  const outcome = checkAcl(acl, module, signers, disclosure);
  if (outcome.kind === 'allowed') return;
  const asked = within === null ? module : `${within} asks ${module}`;
  throw new RefusalError(
    'insufficient-weight',
    `${asked}, ${disclosure}: weight ${outcome.weight} of ${outcome.minimumWeight ?? 'no rule'}`,
  );
}

/** @throws RefusalError insufficient-weight */
export function assertWeights(acl: Acl, operations: readonly CheckedOperation[], signers: ReadonlySet<string>): void {
  for (const operation of operations) {
    assertWeight(acl, operation, signers, null);
    for (const inner of operation.inner) assertWeight(acl, inner, signers, operation.module);
  }
}
