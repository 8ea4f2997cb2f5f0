/** The conditions of a target that no agent fits, by their own words: a misspelt key or value reaches nobody in silence. */
import type { AgentRecord } from '../../protocol/api/api.ts';
import { suggest } from '../../protocol/base/suggest.ts';
import { parseTarget } from '../../protocol/target/parser.ts';
import { toText } from '../../protocol/target/to-text.ts';
import type { TargetNode, TextColumn } from '../../protocol/target/tree.ts';
import type { Relay } from '../relay/relay.ts';

type Counter = Pick<Relay, 'countAgents' | 'listAgents'>;
type Condition = Extract<TargetNode, { kind: 'compare' | 'like' | 'regex' | 'in' }>;

/** More of them are not asked for one by one. */
const mostConditions = 16;
/** Agents that are looked at for what was meant. */
const sampleAgents = 200;

function toConditions(node: TargetNode): Condition[] {
  switch (node.kind) {
    case 'and':
    case 'or':
      return node.terms.flatMap(toConditions);
    case 'not':
      return toConditions(node.term);
    case 'compare':
    case 'like':
    case 'regex':
      return [node];
    case 'in':
      return toValues(node);
    default:
      return [];
  }
}

/** Each value of a short list for itself; the names of one processor belong together. */
function toValues(node: Extract<TargetNode, { kind: 'in' }>): Condition[] {
  const { column, values } = node;
  const isOne = values.length > mostConditions || (column.kind === 'json' && column.key === 'arch');
  return isOne ? [node] : values.map((value): Condition => ({ kind: 'compare', column, comparison: '=', value }));
}

function isMetBySome(node: TargetNode): boolean {
  if (node.kind === 'and') return node.terms.every(isMetBySome);
  return node.kind !== 'or' && node.kind !== 'not' && node.kind !== 'in';
}

/** Whether an agent that fits the target fits each of its conditions, so that none is left to be named. */
export function isConjunction(target: string): boolean {
  return isMetBySome(parseTarget(target));
}

/** Status changes by the minute, and an id names one agent of which the count tells. */
function isLasting({ column }: Condition): boolean {
  return column.kind === 'json' || (column.name !== 'status' && column.name !== 'id');
}

async function readSample(relay: Counter, fleet: string | undefined): Promise<AgentRecord[]> {
  const sample: AgentRecord[] = [];
  for await (const agent of relay.listAgents('all', false, fleet)) {
    sample.push(agent);
    if (sample.length >= sampleAgents) break;
  }
  return sample;
}

function valuesOf(column: TextColumn, agents: readonly AgentRecord[]): string[] {
  const values = agents.map((agent) =>
    column.kind === 'json' ? agent[column.name][column.key] : column.name === 'id' ? agent.id : agent[column.name],
  );
  return [...new Set(values.filter((value) => typeof value === 'string'))];
}

function toMeant(word: string, known: readonly string[]): string {
  const near = suggest(word, known);
  if (near !== undefined) return `; did you mean ${near}?`;
  return known.length > 0 && known.length <= mostConditions ? `; there are ${known.toSorted().join(', ')}` : '';
}

/** One line for each key and value that no agent of the environment has. */
export async function findUnmatched(relay: Counter, target: string, fleet: string | undefined): Promise<string[]> {
  const conditions = toConditions(parseTarget(target)).filter(isLasting).slice(0, mostConditions);
  let sample: Promise<AgentRecord[]> | undefined;
  const describe = async (condition: Condition): Promise<string[]> => {
    if ((await relay.countAgents(toText(condition), fleet)) > 0) return [];
    const { column } = condition;
    sample ??= readSample(relay, fleet);
    const agents = await sample;
    if (agents.length === 0) return [];
    const isKeyKnown =
      column.kind === 'text' ||
      (await relay.countAgents(toText({ kind: 'not', term: { kind: 'is-null', column } }), fleet)) > 0;
    if (column.kind === 'json' && !isKeyKnown) {
      const keys = [...new Set(agents.flatMap((agent) => Object.keys(agent[column.name])))];
      return [`no agent has ${column.name}->>'${column.key}'${toMeant(column.key, keys)}`];
    }
    const meant = condition.kind === 'compare' ? toMeant(condition.value, valuesOf(column, agents)) : '';
    return [`no agent has ${toText(condition)}${meant}`];
  };
  return [...new Set((await Promise.all(conditions.map(describe))).flat())];
}
