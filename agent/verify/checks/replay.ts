/** Check 4.12: the replay ledger does not say that the action was reported. The ledger survives restarts. */
import type { LedgerState } from '../../state/replay-ledger.ts';
import { RefusalError } from '../refusal.ts';

/**
 * An action that was taken and not reported passes: its report is in the outbox, or will say that it was interrupted.
 * @throws RefusalError replayed, expired
 */
export function assertNotReplayed(state: LedgerState): asserts state is 'new' | 'taken' {
  if (state === 'reported') throw new RefusalError('replayed', 'the report has been delivered');
  if (state === 'forgotten') throw new RefusalError('expired', 'this clock has been later than now');
}
