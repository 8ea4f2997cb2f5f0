/** A tree as text again: one spelling for one condition, which parses to an equal tree. */
import type { TargetInstant, TargetNode, TextColumn, TimeColumn } from './tree.ts';

/** The canonical text of a target; it may be longer than what was parsed, and so than the limit on a target. */
export function toText(tree: TargetNode): string {
  switch (tree.kind) {
    case 'constant':
      return tree.value ? 'all' : 'FALSE';
    case 'and':
      return tree.terms.map((term) => toGrouped(term, ['and', 'or'])).join(' AND ');
    case 'or':
      return tree.terms.map((term) => toGrouped(term, ['or'])).join(' OR ');
    case 'not':
      return `NOT ${toGrouped(tree.term, ['and', 'or'])}`;
    case 'compare':
      return `${toColumn(tree.column)} ${tree.comparison} ${quote(tree.value)}`;
    case 'compare-time':
      return `${tree.column.name} ${tree.comparison} ${toInstantText(tree.instant)}`;
    case 'like':
      return `${toColumn(tree.column)} ${tree.caseInsensitive ? 'ILIKE' : 'LIKE'} ${quote(tree.pattern)}`;
    case 'regex':
      return `${toColumn(tree.column)} ${tree.caseInsensitive ? '~*' : '~'} ${quote(tree.pattern)}`;
    case 'in':
      return `${toColumn(tree.column)} IN (${tree.values.map(quote).join(', ')})`;
    case 'is-null':
      return `${toColumn(tree.column)} IS NULL`;
  }
}

/** Parentheses only where the tree would read differently without them. */
function toGrouped(term: TargetNode, kinds: readonly TargetNode['kind'][]): string {
  return kinds.includes(term.kind) ? `(${toText(term)})` : toText(term);
}

function toColumn(column: TextColumn | TimeColumn): string {
  return column.kind === 'json' ? `${column.name}->>${quote(column.key)}` : column.name;
}

function toInstantText(instant: TargetInstant): string {
  if (instant.kind === 'fixed') return quote(new Date(instant.timeMs).toISOString());
  if (instant.offsetSeconds === 0) return 'NOW()';
  const sign = instant.offsetSeconds < 0 ? '-' : '+';
  return `NOW() ${sign} INTERVAL ${quote(`${Math.abs(instant.offsetSeconds)} seconds`)}`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
