/** `-print` and `-dry-run`: what would be asked, and whom it would reach; no agent is asked. */
import type { AgentRecord } from '../../protocol/api/api.ts';
import { escapeText, toSafeJson } from '../../protocol/base/escape.ts';
import { plural } from '../../protocol/base/plural.ts';
import { toActionFile } from '../ask/new-action.ts';
import { type ExitCode, exitCodes } from '../cli/exit-codes.ts';
import type { CommandContext } from './context.ts';
import type { QuestionCommand } from './question-command.ts';
import { findUnmatched } from './unmatched-target.ts';
import { withRelay } from './with-relay.ts';

interface Reach {
  readonly total: number;
  readonly os: Readonly<Record<string, number>>;
  readonly tags: Readonly<Record<string, number>>;
}

function toCounts(words: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([, left], [, right]) => right - left));
}

function toReach(agents: readonly Pick<AgentRecord, 'environment' | 'tags'>[]): Reach {
  return {
    total: agents.length,
    os: toCounts(agents.map(({ environment }) => (typeof environment.os === 'string' ? environment.os : 'unknown'))),
    tags: toCounts(agents.flatMap(({ tags }) => Object.entries(tags).map(([name, value]) => `${name}=${value}`))),
  };
}

async function measureReach(target: string, context: CommandContext): Promise<Reach> {
  if (target === 'local') return { total: 1, os: { [process.platform]: 1 }, tags: {} };
  const agents: Pick<AgentRecord, 'environment' | 'tags'>[] = [];
  const { fleet } = context.settings();
  await withRelay(context, async (relay) => {
    for await (const { environment, tags } of relay.listAgents(target, false, fleet))
      agents.push({ environment, tags });
    for (const line of await findUnmatched(relay, target, fleet)) context.console.note(`note: ${escapeText(line)}`);
  });
  return toReach(agents);
}

function toLine(what: string, counts: Readonly<Record<string, number>>): string {
  const parts = Object.entries(counts).map(([word, count]) => `${escapeText(word)} ${count}`);
  return `by ${what}: ${parts.length === 0 ? 'none' : parts.join(', ')}`;
}

export async function rehearse(
  { template, target, options }: QuestionCommand,
  context: CommandContext,
): Promise<ExitCode> {
  const { console } = context;
  const file = toActionFile(template, target);
  if (options.rehearsal === 'print') {
    console.data(toSafeJson(file));
    return exitCodes.found;
  }
  const reach = await measureReach(target, context);
  if (options.format === 'text') {
    console.data(toSafeJson(file));
    console.note(`${plural(reach.total, 'agent', 'agents')} would be targeted; nothing was sent`);
    console.note(toLine('system', reach.os));
    console.note(toLine('tag', reach.tags));
  } else console.data(toSafeJson({ action: file, agents: reach }));
  return reach.total === 0 ? exitCodes.nothingFound : exitCodes.found;
}
