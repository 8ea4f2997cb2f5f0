/** The columns of `mig agents`: those that a target asks for, by the same names. */
import type { AgentRecord } from '../../protocol/api/api.ts';
import { suggest } from '../../protocol/base/suggest.ts';
import { jsonColumns, textColumns, timeColumns } from '../../protocol/target/tree.ts';
import { usageError } from '../cli/flags.ts';
import type { Column } from '../terminal/table.ts';

/** Half an id or a time is worth nothing. */
const wholeColumns: ReadonlySet<string> = new Set(['id', ...timeColumns]);
const plainColumns = [...textColumns, ...timeColumns] as const;

export interface AgentColumn extends Column {
  readonly value: (agent: AgentRecord) => string;
}

/** For help and errors. */
export const columnWords = `${plainColumns.join(', ')}, ${jsonColumns.map((name) => `${name}.KEY`).join(', ')}`;

function findJsonColumn(name: string): AgentColumn | undefined {
  for (const column of jsonColumns)
    if (name.startsWith(`${column}.`) && name.length > column.length + 1) {
      const key = name.slice(column.length + 1);
      return {
        title: name,
        value: (agent) => {
          const values: Readonly<Record<string, string | readonly string[]>> = agent[column];
          return Object.hasOwn(values, key) ? [values[key] ?? []].flat().join(' ') : '';
        },
      };
    }
  return undefined;
}

/** @param text `name,environment.os,tags.team` @throws CodedError usage */
export function parseAgentColumns(text: string): AgentColumn[] {
  return text.split(',').map((part) => {
    const name = part.trim();
    const plain = plainColumns.find((column) => column === name);
    if (plain !== undefined)
      return { title: name, ...(wholeColumns.has(name) ? { isWhole: true } : {}), value: (agent) => agent[plain] };
    const found = findJsonColumn(name);
    if (found !== undefined) return found;
    const near = suggest(name, [...plainColumns]);
    throw usageError(
      `expected a column after -columns, got ${JSON.stringify(name)}`,
      `${near === undefined ? '' : `did you mean ${near}? `}there are ${columnWords}; mig agents -f json shows every KEY`,
    );
  });
}

/** Columns in which no agent of the list has a value: most likely a misspelt key. */
export function findEmptyColumns(columns: readonly AgentColumn[], agents: readonly AgentRecord[]): string[] {
  return columns.filter(({ value }) => agents.every((agent) => value(agent) === '')).map(({ title }) => title);
}

/** The keys that agents have: `environment.arch, environment.os, tags.team`. */
export function listKeys(agents: readonly AgentRecord[]): string[] {
  const keys = new Set(
    agents.flatMap((agent) => jsonColumns.flatMap((name) => Object.keys(agent[name]).map((key) => `${name}.${key}`))),
  );
  return [...keys].sort();
}
