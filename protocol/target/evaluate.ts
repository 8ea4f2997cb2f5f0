/**
 * Whether a target fits an agent, judged by the agent itself with the same outcome as the server's SQL.
 *
 * A condition in SQL is true, false or null, and only true selects a row. An agent that knows every value gets exactly one
 * of the three. What only the server knows (`status`, `heartbeattime`, the moment of NOW()) leaves several open, so each
 * condition here yields the *set* of outcomes that it can have:
 *
 * - NOT exchanges true and false and keeps null;
 * - AND can be true if both sides can; false if either side can; null if one side can be null while the other is not false;
 * - OR is AND with true and false exchanged (De Morgan).
 *
 * This is SQL's three-valued logic lifted to sets. A single "unknown" beside null would not do: null AND unknown can be null or
 * false, never true, but its NOT can be true. Two conditions on the same server-only value are taken as independent,
 * which can leave an outcome open that is none, and never the other way round.
 */
import type { AgentFacts } from '../agent-message/agent-message.ts';
import { matchesLike, toLowerAscii } from './like.ts';
import type { Comparison, TargetInstant, TargetNode, TextColumn, TimeColumn } from './tree.ts';

export interface TargetFacts extends AgentFacts {
  readonly id: string;
  /** RFC 3339, as the agent reports it in its heartbeats. */
  readonly starttime: string;
  /** As the server must have it, for who can tell; left out by an agent, which cannot. */
  readonly status?: string;
  /** Between which moments the server can have evaluated NOW(), both clocks' skew included. */
  readonly relayTime: { readonly earliestMs: number; readonly latestMs: number };
}

/**
 * Searches `text` with RE2 in UTF-8 mode; `.` matches a line feed, and `^` and `$` only the ends of the text.
 * The patterns are those that `parseTarget` lets through.
 */
export type MatchRegex = (pattern: string, caseInsensitive: boolean, text: string) => boolean;

/** A set of `canBeTrue`, `canBeFalse` and `canBeNull`, never empty. */
type Outcomes = number;
const canBeTrue = 1;
const canBeFalse = 2;
const canBeNull = 4;
const isNull: Outcomes = canBeNull;
const isOpen: Outcomes = canBeTrue | canBeFalse | canBeNull;

/** The value of a text column: a text, SQL's NULL, or one that only the server knows. */
type TextValue = { readonly kind: 'known'; readonly text: string | null } | { readonly kind: 'server-only' };

/**
 * `true`: the server selects this agent. `false`: it cannot. `'unknown'`: that depends on what only the server knows.
 * Throws only what `matchRegex` throws.
 */
export function evaluateTarget(tree: TargetNode, facts: TargetFacts, matchRegex: MatchRegex): boolean | 'unknown' {
  const outcomes = evaluate(tree, facts, matchRegex);
  if (outcomes === canBeTrue) return true;
  return (outcomes & canBeTrue) === 0 ? false : 'unknown';
}

function evaluate(node: TargetNode, facts: TargetFacts, matchRegex: MatchRegex): Outcomes {
  switch (node.kind) {
    case 'constant':
      return toOutcomes(node.value);
    case 'not':
      return not(evaluate(node.term, facts, matchRegex));
    case 'and':
      return node.terms.map((term) => evaluate(term, facts, matchRegex)).reduce(and);
    case 'or':
      return not(node.terms.map((term) => not(evaluate(term, facts, matchRegex))).reduce(and));
    case 'compare':
      return testText(node.column, facts, (text) => compares(compareBytes(text, node.value), node.comparison));
    case 'compare-time':
      return compareTime(node.column, node.comparison, node.instant, facts);
    case 'like': {
      const fold = node.caseInsensitive ? toLowerAscii : (text: string) => text;
      return testText(node.column, facts, (text) => matchesLike(fold(node.pattern), fold(text)));
    }
    case 'regex':
      return testText(node.column, facts, (text) => matchRegex(node.pattern, node.caseInsensitive, text));
    case 'in':
      return testText(node.column, facts, (text) => node.values.includes(text));
    case 'is-null':
      return testNull(node.column, facts);
  }
}

function toOutcomes(value: boolean): Outcomes {
  return value ? canBeTrue : canBeFalse;
}

function not(outcomes: Outcomes): Outcomes {
  const exchanged = ((outcomes & canBeTrue) === 0 ? 0 : canBeFalse) | ((outcomes & canBeFalse) === 0 ? 0 : canBeTrue);
  return exchanged | (outcomes & canBeNull);
}

function and(left: Outcomes, right: Outcomes): Outcomes {
  const bothTrue = left & right & canBeTrue;
  const eitherFalse = (left | right) & canBeFalse;
  const neitherFalse = (left & ~canBeFalse) !== 0 && (right & ~canBeFalse) !== 0;
  return bothTrue | eitherFalse | (neitherFalse ? (left | right) & canBeNull : 0);
}

/** Every test of a text is null on null. */
function testText(column: TextColumn, facts: TargetFacts, test: (text: string) => boolean): Outcomes {
  const value = toTextValue(column, facts);
  if (value.kind === 'server-only') return isOpen;
  return value.text === null ? isNull : toOutcomes(test(value.text));
}

function testNull(column: TextColumn | TimeColumn, facts: TargetFacts): Outcomes {
  if (column.kind === 'time') return column.name === 'heartbeattime' ? isOpen : canBeFalse;
  const value = toTextValue(column, facts);
  return value.kind === 'server-only' ? isOpen : toOutcomes(value.text === null);
}

function toTextValue(column: TextColumn, facts: TargetFacts): TextValue {
  if (column.kind === 'json') {
    const values: Readonly<Record<string, string | readonly string[]>> = facts[column.name];
    const value = Object.hasOwn(values, column.key) ? values[column.key] : undefined;
    return { kind: 'known', text: value === undefined ? null : toJsonText(value) };
  }
  const text = facts[column.name];
  return text === undefined ? { kind: 'server-only' } : { kind: 'known', text };
}

/** As PostgreSQL's ->> gives it: a string as itself, a list as jsonb prints it, `["10.0.0.1", "fe80::1"]`. */
function toJsonText(value: string | readonly string[]): string {
  return typeof value === 'string' ? value : `[${value.map((item) => JSON.stringify(item)).join(', ')}]`;
}

/** The order of UTF-8 bytes, which is PostgreSQL's under the collation "C"; JavaScript's own < orders UTF-16 units. */
function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8'));
}

function compares(order: number, comparison: Comparison): boolean {
  switch (comparison) {
    case '=':
      return order === 0;
    case '<>':
      return order !== 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}

/** NOW() is a range of moments here; the comparison can have the outcomes that it has at its two ends and in between. */
function compareTime(column: TimeColumn, comparison: Comparison, instant: TargetInstant, facts: TargetFacts): Outcomes {
  if (column.name === 'heartbeattime') return isOpen;
  const timeMs = Date.parse(facts.starttime);
  const [earliestMs, latestMs] = toRange(instant, facts);
  const inside = Math.min(Math.max(timeMs, earliestMs), latestMs);
  return [earliestMs, inside, latestMs]
    .map((momentMs) => toOutcomes(compares(timeMs - momentMs, comparison)))
    .reduce((all, outcomes) => all | outcomes);
}

function toRange(instant: TargetInstant, facts: TargetFacts): readonly [number, number] {
  if (instant.kind === 'fixed') return [instant.timeMs, instant.timeMs];
  const offsetMs = instant.offsetSeconds * 1000;
  return [facts.relayTime.earliestMs + offsetMs, facts.relayTime.latestMs + offsetMs];
}
