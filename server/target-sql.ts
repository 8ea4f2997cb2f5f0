/**
 * A parsed target as SQL on the columns of the view `agents_view`. Identifiers come from the table below and every value
 * of the target is a parameter, so nothing that an investigator writes is ever read as SQL.
 *
 * Order, LIKE and regular expressions use the collation "C", for the same outcome on every server and on the agents.
 * How long a regular expression may take is bounded by the connection's statement_timeout.
 */
import { type RawBuilder, sql } from 'kysely';
import type {
  Comparison,
  JsonColumnName,
  TargetInstant,
  TargetNode,
  TextColumn,
  TextColumnName,
  TimeColumnName,
} from '../protocol/target/tree.ts';

const columns: Readonly<Record<TextColumnName | TimeColumnName | JsonColumnName, RawBuilder<unknown>>> = {
  id: sql`"id"`,
  name: sql`"name"`,
  queueloc: sql`"queueloc"`,
  mode: sql`"mode"`,
  version: sql`"version"`,
  status: sql`"status"`,
  starttime: sql`"starttime"`,
  heartbeattime: sql`"heartbeattime"`,
  environment: sql`"environment"`,
  tags: sql`"tags"`,
};

const comparisons: Readonly<Record<Comparison, RawBuilder<unknown>>> = {
  '=': sql`=`,
  '<>': sql`<>`,
  '<': sql`<`,
  '<=': sql`<=`,
  '>': sql`>`,
  '>=': sql`>=`,
};

/** An expression for WHERE: true, false or null for each row. */
export function compileTarget(tree: TargetNode): RawBuilder<boolean> {
  switch (tree.kind) {
    case 'constant':
      return tree.value ? sql`true` : sql`false`;
    case 'and':
      return sql`(${sql.join(tree.terms.map(compileTarget), sql` and `)})`;
    case 'or':
      return sql`(${sql.join(tree.terms.map(compileTarget), sql` or `)})`;
    case 'not':
      return sql`(not ${compileTarget(tree.term)})`;
    case 'compare':
      return compileComparison(tree.column, tree.comparison, tree.value);
    case 'compare-time':
      return sql`(${columns[tree.column.name]} ${comparisons[tree.comparison]} ${compileInstant(tree.instant)})`;
    case 'like':
      return tree.caseInsensitive
        ? sql`(${toColumn(tree.column)} collate "C" ilike ${toParameter(tree.pattern)})`
        : sql`(${toColumn(tree.column)} collate "C" like ${toParameter(tree.pattern)})`;
    case 'regex':
      return tree.caseInsensitive
        ? sql`(${toColumn(tree.column)} collate "C" ~* ${toParameter(tree.pattern)})`
        : sql`(${toColumn(tree.column)} collate "C" ~ ${toParameter(tree.pattern)})`;
    case 'in':
      return sql`(${toColumn(tree.column)} in (${sql.join(tree.values.map(toParameter))}))`;
    case 'is-null':
      return tree.column.kind === 'time'
        ? sql`(${columns[tree.column.name]} is null)`
        : sql`(${toColumn(tree.column)} is null)`;
  }
}

function compileComparison(column: TextColumn, comparison: Comparison, value: string): RawBuilder<boolean> {
  // Equality is by bytes under every collation of a database; without a collation of its own it can use an index.
  if (comparison === '=' || comparison === '<>')
    return sql`(${toColumn(column)} ${comparisons[comparison]} ${toParameter(value)})`;
  return sql`(${toColumn(column)} collate "C" ${comparisons[comparison]} ${toParameter(value)})`;
}

/** The moment of the server's transaction for NOW(); seconds, for which no time zone has a say, for the interval. */
function compileInstant(instant: TargetInstant): RawBuilder<unknown> {
  if (instant.kind === 'fixed') return sql`${new Date(instant.timeMs).toISOString()}::timestamptz`;
  return sql`(now() + make_interval(secs => ${instant.offsetSeconds}::double precision))`;
}

function toColumn(column: TextColumn): RawBuilder<unknown> {
  if (column.kind === 'text') return columns[column.name];
  return sql`(${columns[column.name]} ->> ${toParameter(column.key)})`;
}

function toParameter(text: string): RawBuilder<unknown> {
  return sql`${text}::text`;
}
