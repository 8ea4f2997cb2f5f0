/** What every command does that talks to the relay in a session. */
import { type HeldKey, holdKey } from '../keys/investigator-key.ts';
import { connectRelay, type Relay } from '../relay/relay.ts';
import { requireSetting } from '../settings.ts';
import type { CommandContext } from './context.ts';

/** The connections end with `use`. @throws CodedError<SettingsCode | InvestigatorKeyCode>, and what `use` throws */
export async function withRelay<T>(
  context: CommandContext,
  use: (relay: Relay, key: HeldKey) => Promise<T>,
): Promise<T> {
  const settings = context.settings();
  requireSetting(settings, 'server');
  const key = holdKey(requireSetting(settings, 'key'));
  const relay = connectRelay(settings, key, context.signal);
  try {
    return await use(relay, key);
  } finally {
    relay.close();
  }
}
