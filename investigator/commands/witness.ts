/** `mig witness`: whether the relay shows every agent, heartbeat and log as the agents signed them, and shows all the same. */

import { readFileSync } from 'node:fs';
import * as z from 'zod';
import type { Flag } from '../../modules/kit/flag.ts';
import type { Heartbeat } from '../../protocol/agent-message/agent-message.ts';
import type { AgentRecord } from '../../protocol/api/api.ts';
import { CodedError, toMessage } from '../../protocol/base/coded-error.ts';
import { escapeWord, toSafeJson } from '../../protocol/base/escape.ts';
import type { ActionId, AgentId } from '../../protocol/base/identifiers.ts';
import { Instant, toInstant } from '../../protocol/base/instant.ts';
import { plural } from '../../protocol/base/plural.ts';
import { boundsOf, parseJson } from '../../protocol/base/strict-json.ts';
import { openOwnAction } from '../answers/own-action.ts';
import { formatFlag, readFormat, readText } from '../cli/common-flags.ts';
import { type ExitCode, exitCodes } from '../cli/exit-codes.ts';
import { parseFlags } from '../cli/flags.ts';
import { writeNamedFile } from '../cli/named-file.ts';
import { requireSetting } from '../cli/require-settings.ts';
import type { InvestigatorKey } from '../keys/investigator-key.ts';
import { toShortId } from '../print/label.ts';
import type { Relay } from '../relay/relay.ts';
import {
  AgentSnapshot,
  compareWithOther,
  examineAgents,
  type Suspicion,
  suspicions,
} from '../witness/agent-snapshot.ts';
import { findNotAsked } from '../witness/not-asked.ts';
import { WitnessStore } from '../witness/witness-store.ts';
import type { CommandContext } from './context.ts';
import { parseActionId } from './show.ts';
import { openRelay } from './with-relay.ts';

export const witnessFlags: readonly Flag[] = [
  {
    name: 'save',
    kind: 'string',
    value: 'file',
    help: 'Writes what is shown to you, for another investigator to compare.',
  },
  {
    name: 'compare',
    kind: 'string',
    value: 'file',
    help: 'What another investigator saved: an honest relay shows both of you the same.',
  },
  formatFlag,
];

/** How long after its start an agent may need until it is listed. */
const startMs = 60_000;
const maximumFileBytes = 256 * 1024 * 1024;

const WitnessFile = z.strictObject({ taken: Instant, snapshots: z.array(AgentSnapshot) });
type WitnessFile = z.infer<typeof WitnessFile>;

function readWitnessFile(path: string): WitnessFile {
  try {
    return WitnessFile.parse(parseJson(readFileSync(path), boundsOf(maximumFileBytes)));
  } catch (cause) {
    throw new CodedError('witness-file-unreadable', `expected what mig witness saved in ${path}: ${toMessage(cause)}`, {
      hint: 'the other investigator writes it with: mig witness -save FILE',
      cause,
    });
  }
}

function writeWitnessFile(path: string, file: WitnessFile): void {
  writeNamedFile(path, `${JSON.stringify(file)}\n`);
}

function toLine({ agent, name, code }: Suspicion): string {
  return `${code} ${escapeWord(name)}#${toShortId(agent)}: ${suspicions[code]}`;
}

/** An agent that had started by then, or been seen here, was there to be seen: both by heartbeats that it has signed. */
function wasThereAt(
  takenMs: number,
  heartbeats: readonly Heartbeat[],
  known: ReadonlyMap<AgentId, AgentSnapshot>,
): (snapshot: AgentSnapshot) => boolean {
  const started = new Map(heartbeats.map(({ agent, starttime }) => [agent, starttime]));
  const isBefore = (instant: string | undefined): boolean =>
    instant !== undefined && Date.parse(instant) < takenMs - startMs;
  return ({ id }) => isBefore(started.get(id)) || isBefore(known.get(id)?.time);
}

/** Compares the agents that the target fits with those that the relay lists as asked. */
async function examineAction(
  relay: Relay,
  id: ActionId,
  key: InvestigatorKey,
  heartbeats: readonly Heartbeat[],
  { console }: CommandContext,
): Promise<Suspicion[]> {
  const { envelope, cancelled } = await relay.getAction(id);
  const { action } = await openOwnAction(envelope, id, key);
  const nowMs = Date.now();
  if (nowMs >= Date.parse(action.expireafter)) {
    console.note(`${id} is over: who should have been asked cannot be told any more`);
    return [];
  }
  if (cancelled !== null)
    console.note(`${id} was stopped, as the server says: who came up since need not have been asked`);
  const asked = new Set<AgentId>();
  for await (const { agent } of relay.listCommands(id)) asked.add(agent);
  return findNotAsked(action, heartbeats, asked, nowMs, cancelled !== null);
}

export async function witness(argv: readonly string[], context: CommandContext): Promise<ExitCode> {
  const { values, positionals } = parseFlags(argv, witnessFlags);
  const id = positionals.length === 0 ? undefined : parseActionId(positionals);
  const format = readFormat(values);
  const [save, compare] = [readText(values, 'save'), readText(values, 'compare')];
  const other = compare === undefined ? undefined : readWitnessFile(compare);
  const settings = context.settings();
  const { relay, key } = openRelay(context, settings);
  const shown: AgentRecord[] = [];
  for await (const agent of relay.listAgents('all', true)) shown.push(agent);
  const store = new WitnessStore(settings.stateDirectory, requireSetting(settings, 'server'), context.keeper);
  const known = store.readAll();
  const examined = examineAgents(shown, known);
  const found = [
    ...examined.suspicions,
    ...(id === undefined ? [] : await examineAction(relay, id, await key.open(), examined.heartbeats, context)),
    ...(other === undefined
      ? []
      : compareWithOther(
          examined.snapshots,
          other.snapshots,
          wasThereAt(Date.parse(other.taken), examined.heartbeats, known),
        )),
  ];
  store.put(examined.snapshots);
  if (save !== undefined) writeWitnessFile(save, { taken: toInstant(Date.now()), snapshots: [...examined.snapshots] });
  if (format === 'json') context.console.data(toSafeJson({ agents: shown.length, suspicions: found }));
  else for (const suspicion of found) context.console.data(toLine(suspicion));
  context.console.note(
    `${plural(shown.length, 'agent', 'agents')} shown, ${plural(found.length, 'suspicion', 'suspicions')}`,
  );
  return found.length === 0 ? exitCodes.found : exitCodes.incomplete;
}
