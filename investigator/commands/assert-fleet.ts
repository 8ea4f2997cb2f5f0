/** Keeps an action file of one environment from being asked or signed in another by mistake. */
import { CodedError } from '../../protocol/base/coded-error.ts';
import type { CommandContext } from './context.ts';

/** @throws CodedError other-fleet, when both say one and they differ */
export function assertFleet(fleet: string | undefined, context: CommandContext): void {
  if (fleet === undefined) return;
  const set = context.settings().fleet;
  if (set !== undefined && set !== fleet)
    throw new CodedError('other-fleet', `expected an action for ${set}, got one for ${fleet}`, {
      hint: 'set MIG_FLEET to ask in the other environment',
    });
}
