/** What every command does that talks to the relay in a session. */
import type { HeldKey } from '../keys/investigator-key.ts';
import { connectRelay, type Relay } from '../relay/relay.ts';
import { requireSetting } from '../settings.ts';
import type { CommandContext } from './context.ts';

/** @throws CodedError<SettingsCode | InvestigatorKeyCode>, and what `use` throws */
export async function withRelay<T>(
  context: CommandContext,
  use: (relay: Relay, key: HeldKey) => Promise<T>,
): Promise<T> {
  const { kept, signal } = context;
  const settings = context.settings();
  requireSetting(settings, 'server');
  const key = kept.key(requireSetting(settings, 'key'));
  return use(connectRelay({ settings, kept, signal }, key), key);
}
