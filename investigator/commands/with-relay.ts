/** Opens the relay for a command that needs a session. */

import { assertSettings, requireSetting } from '../cli/require-settings.ts';
import type { Settings } from '../cli/settings.ts';
import type { HeldKey } from '../keys/investigator-key.ts';
import { connectRelay, type Relay } from '../relay/relay.ts';
import type { CommandContext } from './context.ts';

export interface OpenedRelay {
  readonly relay: Relay;
  readonly key: HeldKey;
}

/** @param settings of this command. @throws CodedError<SettingsCode | InvestigatorKeyCode> */
export function openRelay({ connections, signal, keeper }: CommandContext, settings: Settings): OpenedRelay {
  assertSettings(settings, 'server', 'key');
  const key = connections.key(requireSetting(settings, 'key'));
  return { relay: connectRelay({ settings, connections, signal, keeper }, key), key };
}

/** @throws CodedError<SettingsCode | InvestigatorKeyCode>, and what `use` throws */
export async function withRelay<T>(
  context: CommandContext,
  use: (relay: Relay, key: HeldKey) => Promise<T>,
): Promise<T> {
  const { relay, key } = openRelay(context, context.settings());
  return use(relay, key);
}
