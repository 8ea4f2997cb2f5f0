/** Check 4.12: the replay ledger does not say that the action was answered. The ledger survives restarts. */
import type { LedgerState } from '../../state/replay-ledger.ts';
import { RefusalError } from '../refusal.ts';

/**
 * An action that was taken and not answered passes: its answer is in the outbox, or says that it was interrupted.
 * @throws RefusalError replayed, expired
 */
export function assertNotReplayed(state: LedgerState): asserts state is 'new' | 'taken' {
  if (state === 'answered') throw new RefusalError('replayed', 'the answer has been delivered');
  if (state === 'forgotten') throw new RefusalError('expired', 'this clock has been later than now');
}
