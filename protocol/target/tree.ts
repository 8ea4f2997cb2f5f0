/**
 * A parsed target: a condition on one agent's row. What SQL writes in several ways is one shape here (NOT LIKE is `not`
 * of `like`, BETWEEN is two comparisons), so that every reader of the tree has few cases to get right.
 */

/** Limits on a target, checked while it is parsed. */
export const targetLimits = {
  /** Length of the text in UTF-16 code units; an action holds it beside its operations, and each agent is sent it. */
  characters: 72 * 1024,
  /** Length of one value or pattern, after its quotes are gone. */
  valueCharacters: 4096,
  /** Parentheses and NOTs inside each other. */
  depth: 32,
  /** Conditions and the AND, OR and NOT that join them. */
  nodes: 200,
  /** Values of one IN: the agents that an earlier action found, by their ids, fit into `characters`. */
  values: 1000,
  /** Characters of a regular expression. */
  regexCharacters: 256,
  /** Elements of all regular expressions together, with counted repeats written out. */
  regexElements: 3000,
} as const;

/** Text columns of an agent's row; `status` is known to the server alone. */
export const textColumns = ['id', 'name', 'queueloc', 'mode', 'version', 'status'] as const;
/** Columns that hold an instant; `heartbeattime` is known to the server alone. */
export const timeColumns = ['starttime', 'heartbeattime'] as const;
/** Columns that hold a JSON object, asked by key: `environment->>'os'`. */
export const jsonColumns = ['environment', 'tags'] as const;

export type TextColumnName = (typeof textColumns)[number];
export type TimeColumnName = (typeof timeColumns)[number];
export type JsonColumnName = (typeof jsonColumns)[number];

/** A source of a text, or of null where the JSON object lacks the key. */
export type TextColumn =
  | { readonly kind: 'text'; readonly name: TextColumnName }
  | { readonly kind: 'json'; readonly name: JsonColumnName; readonly key: string };

export type TimeColumn = { readonly kind: 'time'; readonly name: TimeColumnName };

export const comparisons = ['=', '<>', '<', '<=', '>', '>='] as const;
export type Comparison = (typeof comparisons)[number];

export type TargetInstant =
  | { readonly kind: 'fixed'; readonly timeMs: number }
  /** NOW() of the server plus this much, which is negative for `NOW() - INTERVAL '…'`. */
  | { readonly kind: 'now'; readonly offsetSeconds: number };

export type TargetNode =
  | { readonly kind: 'constant'; readonly value: boolean }
  | { readonly kind: 'and'; readonly terms: readonly TargetNode[] }
  | { readonly kind: 'or'; readonly terms: readonly TargetNode[] }
  | { readonly kind: 'not'; readonly term: TargetNode }
  | {
      readonly kind: 'compare';
      readonly column: TextColumn;
      readonly comparison: Comparison;
      readonly value: string;
    }
  | {
      readonly kind: 'compare-time';
      readonly column: TimeColumn;
      readonly comparison: Comparison;
      readonly instant: TargetInstant;
    }
  | {
      readonly kind: 'like';
      readonly column: TextColumn;
      readonly pattern: string;
      readonly caseInsensitive: boolean;
    }
  | {
      readonly kind: 'regex';
      readonly column: TextColumn;
      readonly pattern: string;
      readonly caseInsensitive: boolean;
    }
  | { readonly kind: 'in'; readonly column: TextColumn; readonly values: readonly string[] }
  | { readonly kind: 'is-null'; readonly column: TextColumn | TimeColumn };
