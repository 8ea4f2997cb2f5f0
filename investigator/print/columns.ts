/** The columns of an action's findings: those of every finding, and those of the asked modules. */
import type { Cell, ColumnKind } from '../../modules/kit/column.ts';
import type { Module } from '../../modules/kit/module.ts';
import type { Operation } from '../../protocol/action/action.ts';
import { suggest } from '../../protocol/base/suggest.ts';
import type { ResultAnswer } from '../answers/answer.ts';
import { foundStateOf, gradeOf } from '../answers/outcome.ts';
import { usageError } from '../cli/flags.ts';
import type { View } from '../cli/view-flags.ts';
import type { Finding } from './finding.ts';

/** A finding and whose it is. */
export interface ListedRow {
  readonly result: ResultAnswer;
  /** How the agent is called. */
  readonly agentname: string;
  /** Absent for an agent of which nothing else is told. */
  readonly finding?: Omit<Finding, 'line'> & Partial<Pick<Finding, 'line'>>;
  /** An error, or what was found without being listed. */
  readonly note?: string;
}

export interface ListedColumn {
  readonly name: string;
  readonly kind: ColumnKind;
  readonly help: string;
  readonly unit?: string;
  readonly value: (row: ListedRow) => Cell;
}

const agentColumns: readonly ListedColumn[] = [
  { name: 'agentid', kind: 'digest', help: 'Id of the agent.', value: ({ result }) => result.agent },
  { name: 'agentname', kind: 'text', help: 'Name of the host.', value: ({ agentname }) => agentname },
  { name: 'answered', kind: 'choice', help: 'How completely it answered.', value: ({ result }) => gradeOf(result) },
  { name: 'found', kind: 'choice', help: 'Whether it found something.', value: ({ result }) => foundStateOf(result) },
];

const questionColumns: readonly ListedColumn[] = [
  {
    name: 'operation',
    kind: 'number',
    help: 'Number of the operation in the action.',
    value: ({ finding }) => (finding === undefined ? null : finding.index + 1),
  },
  { name: 'module', kind: 'text', help: 'Module that was asked.', value: ({ finding }) => finding?.module },
  {
    name: 'search',
    kind: 'text',
    help: 'Search, or parameter and value, that found it.',
    value: ({ finding }) => finding?.place?.join(' '),
  },
];

const noteColumns: readonly ListedColumn[] = [
  { name: 'note', kind: 'text', help: 'An error, or what was found without being listed.', value: ({ note }) => note },
];

/** A column of a module must not have such a name. */
export const commonColumns = [...agentColumns, ...questionColumns, ...noteColumns];

type Modules = ReadonlyMap<string, Module>;

/** Those of the modules that were asked, in their order; a name that two of them have is one column. */
function toModuleColumns(operations: readonly Operation[], modules: Modules): ListedColumn[] {
  const columns = new Map<string, ListedColumn>();
  for (const { module } of operations)
    for (const { name, kind, help, unit } of modules.get(module)?.columns ?? [])
      if (!columns.has(name)) {
        const value = ({ finding }: ListedRow): Cell => finding?.cells?.[name];
        columns.set(name, { name, kind, help, ...(unit === undefined ? {} : { unit }), value });
      }
  return [...columns.values()];
}

/** All columns of a table, in their order. */
function toColumns(operations: readonly Operation[], modules: Modules): ListedColumn[] {
  return [...agentColumns, ...questionColumns, ...toModuleColumns(operations, modules), ...noteColumns];
}

/** Those of one module first, then those that every finding has. */
export function toColumnsOf(module: Module): ListedColumn[] {
  return [
    ...toModuleColumns([{ module: module.name, parameters: {} }], new Map([[module.name, module]])),
    ...commonColumns,
  ];
}

export interface Order {
  readonly column: ListedColumn;
  readonly descending: boolean;
}

/** The columns that were chosen. */
export interface Layout {
  /** All columns that there are. */
  readonly all: readonly ListedColumn[];
  /** Undefined when none were named. */
  readonly columns: readonly ListedColumn[] | undefined;
  readonly sort: readonly Order[];
  /** Undefined when nothing is grouped. */
  readonly stack: readonly ListedColumn[] | undefined;
}

/** @throws CodedError usage: there is no such column. */
export function toLayout({ columns, sort, stack }: View, operations: readonly Operation[], modules: Modules): Layout {
  const all = toColumns(operations, modules);
  const find = (flag: string, name: string): ListedColumn => {
    const column = all.find((known) => known.name === name);
    if (column !== undefined) return column;
    const names = all.map((known) => known.name);
    const near = suggest(name, names);
    throw usageError(
      `expected a column after -${flag}, got ${JSON.stringify(name)}`,
      `${near === undefined ? '' : `did you mean ${near}? `}there are ${names.join(', ')}`,
    );
  };
  const named = columns.map((name) => find('columns', name));
  const stacked = stack.map((name) => find('stack', name));
  return {
    all,
    columns: named.length === 0 ? undefined : named,
    sort: sort.map(({ column, descending }) => ({ column: find('sort', column), descending })),
    stack: stacked.length === 0 ? undefined : stacked,
  };
}
