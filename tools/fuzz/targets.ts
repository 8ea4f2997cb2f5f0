/** All parsers of strangers' input. A new parser gets one entry in the file of its side. */
import { grown } from './grow.ts';
import type { FuzzTarget } from './target.ts';
import { accountTargets } from './targets/account.ts';
import { agentTargets } from './targets/agent.ts';
import { investigatorTargets } from './targets/investigator.ts';
import { languageTargets } from './targets/languages.ts';
import { openpgpMessageTargets } from './targets/openpgp-message.ts';
import { packageTargets } from './targets/package.ts';
import { protocolTargets } from './targets/protocol.ts';
import { relayListTargets } from './targets/relay-lists.ts';
import { serverTargets } from './targets/server.ts';
import { settingTargets } from './targets/setting.ts';
import { settingFileTargets } from './targets/setting-files.ts';
import { settingRuleTargets } from './targets/setting-rules.ts';
import { startupTargets } from './targets/startup.ts';

const targets: readonly FuzzTarget[] = [
  ...protocolTargets,
  ...agentTargets,
  ...accountTargets,
  ...packageTargets,
  ...languageTargets,
  ...settingTargets,
  ...startupTargets,
  ...settingFileTargets,
  ...settingRuleTargets,
  ...serverTargets,
  ...investigatorTargets,
  ...relayListTargets,
  ...openpgpMessageTargets,
];

/** Parsers of JSON, of all sides. */
const structured: ReadonlySet<string> = new Set([
  ...['strict-json', 'signed-bytes', 'trust-list', 'command', 'signed-action'],
  ...['heartbeat', 'api-requests', 'hostile-result', 'event-stream', 'action-file'],
  ...relayListTargets.map(({ name }) => name),
]);

export const fuzzTargets: readonly FuzzTarget[] = [
  ...targets,
  ...targets.filter(({ name }) => structured.has(name)).map(grown),
];
