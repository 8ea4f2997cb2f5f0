/** Check 4.6: the action was signed for this environment. An action for staging is worth nothing in production. */
import type { Action } from '../../../protocol/action/action.ts';
import type { BakedEnvironment } from '../../../protocol/environment/environment.ts';
import { RefusalError } from '../refusal.ts';

/** @throws RefusalError wrong-fleet */
export function assertFleet({ name }: Pick<BakedEnvironment, 'name'>, { fleet }: Pick<Action, 'fleet'>): void {
  if (fleet !== name) throw new RefusalError('wrong-fleet', `signed for '${fleet}', this is '${name}'`);
}
