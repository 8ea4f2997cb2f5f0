/** Takes or refuses a trust list. The audit log has either. */
import type { Log } from '../../host/log.ts';
import { toMessage } from '../../protocol/base/coded-error.ts';
import type { TrustEnvelope } from '../../protocol/trust/trust-list.ts';
import type { AuditLog } from '../state/audit-log.ts';
import { isUnwritable } from '../state/durable-file.ts';
import type { TrustStore } from '../state/trust-store.ts';
import { writeIfPossible } from '../state/write-if-possible.ts';
import type { Refuser } from './refuser.ts';

export interface IntakeParts {
  readonly trust: TrustStore;
  readonly audit: AuditLog;
  readonly log: Log;
}

/** A list that cannot be written to disk is sent again. @returns whether it is in force from now on. */
export async function takeTrustList(parts: IntakeParts, refuser: Refuser, envelope: TrustEnvelope): Promise<boolean> {
  const { trust, audit, log } = parts;
  const outcome = await trust.receive(envelope, Date.now()).catch((error: unknown) => {
    if (!isUnwritable(error)) throw error;
    log.error({ reason: toMessage(error) }, 'could not keep a trust list');
    return { kind: 'known' } as const;
  });
  if (outcome.kind === 'refused') refuser.recordTrust(outcome.code, outcome.detail);
  if (outcome.kind !== 'taken') return false;
  const { version, signers } = outcome;
  const expires = trust.status?.expires ?? '';
  writeIfPossible(log, () => audit.record({ kind: 'trusted', version, signers: [...signers], expires }));
  log.info({ version }, 'took a trust list');
  return true;
}
