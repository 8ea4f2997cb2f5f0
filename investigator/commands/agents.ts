/** `mig agents`: who there is to ask. */

import type { Flag } from '../../modules/kit/flag.ts';
import type { AgentRecord } from '../../protocol/api/api.ts';
import { escapeText, toSafeJson } from '../../protocol/base/escape.ts';
import { plural } from '../../protocol/base/plural.ts';
import { formatFlag, readFormat, readText, targetFlag } from '../cli/common-flags.ts';
import { type ExitCode, exitCodes } from '../cli/exit-codes.ts';
import { assertOnlyFlags, parseFlags, usageError } from '../cli/flags.ts';
import type { Console } from '../terminal/console.ts';
import { type Column, printTable } from '../terminal/table.ts';
import { type AgentColumn, columnWords, findEmptyColumns, listKeys, parseAgentColumns } from './agent-columns.ts';
import type { CommandContext } from './context.ts';
import { resolveTarget } from './resolve-target.ts';
import { withRelay } from './with-relay.ts';

export const agentsFlags: readonly Flag[] = [
  {
    ...targetFlag,
    help: 'Which agents to list: online, all, found:ID, a macro of the config file, or a condition; all unless given.',
  },
  {
    name: 'columns',
    kind: 'string',
    value: 'column,column',
    help: `Which columns to print, in this order, by the names that targets have: ${columnWords}.`,
    example: '-columns name,environment.os,tags.team,heartbeattime',
  },
  formatFlag,
];

const shownIdCharacters = 12;

const columns: readonly Column[] = [
  { title: 'id', isWhole: true },
  { title: 'name' },
  { title: 'status' },
  { title: 'version' },
  { title: 'system' },
  { title: 'heartbeat', isWhole: true },
  { title: 'tags' },
];

function toRow(agent: AgentRecord): string[] {
  const tags = Object.entries(agent.tags).map(([name, value]) => `${name}=${value}`);
  const ident = agent.environment.ident;
  return [
    agent.id.slice(0, shownIdCharacters),
    agent.name,
    agent.status,
    agent.version,
    typeof ident === 'string' ? ident : agent.queueloc.split('.', 1).join(''),
    agent.heartbeattime,
    tags.join(' '),
  ];
}

/** Only one of them gets each question: what is said of one machine may be about the other. */
function toCloneWarning({ id, clones }: AgentRecord): string {
  const machines = clones.map(({ name, environment, starttime }) => {
    const addresses = [environment.addresses ?? 'no address'].flat().join(', ');
    return `${name} (${addresses}; started ${starttime})`;
  });
  return `warning: ${clones.length} agents share the key of ${id.slice(0, shownIdCharacters)}: ${machines.join(' and ')}`;
}

/** @param shown undefined prints the usual columns. */
function printAgents(found: readonly AgentRecord[], shown: readonly AgentColumn[] | undefined, console: Console): void {
  if (shown === undefined) {
    printTable(columns, found.map(toRow), console);
    return;
  }
  printTable(
    shown,
    found.map((agent) => shown.map(({ value }) => value(agent))),
    console,
  );
  for (const name of findEmptyColumns(shown, found))
    console.note(escapeText(`no agent here has ${name}; there are ${listKeys(found).join(', ')}`));
}

export async function agents(argv: readonly string[], context: CommandContext): Promise<ExitCode> {
  const { values, positionals } = parseFlags(argv, agentsFlags);
  assertOnlyFlags(positionals, 'agents');
  const format = readFormat(values);
  const chosen = readText(values, 'columns');
  const shown = chosen === undefined ? undefined : parseAgentColumns(chosen);
  if (shown !== undefined && format === 'json')
    throw usageError('expected -columns with -f text, got -f json', 'json has every field of every agent');
  const target = await resolveTarget(readText(values, 't') ?? 'all', context);
  const found: AgentRecord[] = [];
  await withRelay(context, async (relay) => {
    for await (const agent of relay.listAgents(target)) found.push(agent);
  });
  if (format === 'json') context.console.data(toSafeJson({ agents: found }));
  else {
    if (found.length > 0) printAgents(found, shown, context.console);
    for (const agent of found) if (agent.clones.length > 1) context.console.note(escapeText(toCloneWarning(agent)));
    context.console.note(plural(found.length, 'agent', 'agents'));
  }
  return found.length === 0 ? exitCodes.nothingFound : exitCodes.found;
}
