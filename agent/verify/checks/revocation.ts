/** Check 4.8: no trust list has revoked the action. Revoked keys are a matter of check 4.4. */
import type { Action } from '../../../protocol/action/action.ts';
import type { Trust } from '../../state/trust-store.ts';
import { RefusalError } from '../refusal.ts';

/** @throws RefusalError action-revoked */
export function assertNotRevoked({ revokedActions }: Trust, { id }: Pick<Action, 'id'>): void {
  if (revokedActions.has(id)) throw new RefusalError('action-revoked', 'by a trust list');
}
