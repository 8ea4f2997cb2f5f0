/** `-columns`, `-sort` and `-stack`: how what was found is laid out; which columns there are depends on the question. */
import type { Flag, FlagValues } from '../../modules/kit/flag.ts';
import { usageError } from './flags.ts';

interface SortKey {
  readonly column: string;
  readonly descending: boolean;
}

/** By names of columns; empty where nothing was chosen. */
export interface View {
  readonly columns: readonly string[];
  readonly sort: readonly SortKey[];
  /** Findings that are equal in these columns are one group over all hosts. */
  readonly stack: readonly string[];
}

export const plainView: View = { columns: [], sort: [], stack: [] };

export const viewFlags: readonly Flag[] = [
  {
    name: 'columns',
    kind: 'string',
    value: 'column,column',
    help: 'Prints a table with these columns, in this order; with text, csv and html. agentname is the host.',
    example: '-columns agentname,file,size',
  },
  {
    name: 'sort',
    kind: 'string',
    value: 'column,-column',
    help: 'Sorts what was found by these columns, with - in front from high to low; with text, csv and html.',
    example: '-sort -size,file',
  },
  {
    name: 'stack',
    kind: 'string',
    value: 'column,column',
    help: 'Groups findings that are equal in these columns over all hosts, the rarest first, with the number of hosts and one of them as an example.',
    example: '-stack name,exe',
  },
];

/** @throws CodedError usage */
function readNames(values: FlagValues, flag: string): string[] {
  const given = values[flag];
  if (typeof given !== 'string') return [];
  const names = given.split(',').map((name) => name.trim());
  if (names.includes('') || names.includes('-'))
    throw usageError(`expected columns with a comma between them after -${flag}, got ${JSON.stringify(given)}`);
  const bare = names.map((name) => name.replace(/^-/, ''));
  const twice = bare.find((name, index) => bare.indexOf(name) !== index);
  if (twice !== undefined) throw usageError(`expected each column once after -${flag}, got ${twice} twice`);
  return names;
}

/** @throws CodedError usage */
export function readView(values: FlagValues, format: string): View {
  const [columns, sort, stack] = [readNames(values, 'columns'), readNames(values, 'sort'), readNames(values, 'stack')];
  const isList = columns.length + sort.length > 0;
  if (isList && stack.length > 0)
    throw usageError(
      'expected -stack alone, got it with -columns or -sort',
      'groups have the columns that -stack names, the rarest first',
    );
  if ((isList || stack.length > 0) && (format === 'sarif' || format === 'junit'))
    throw usageError(`expected no -columns, -sort or -stack with -f ${format}`, 'that format has a form of its own');
  if (isList && (format === 'json' || format === 'ndjson'))
    throw usageError(
      `expected -columns and -sort with -f text, csv or html, got -f ${format}`,
      `${format} has every field of every finding`,
    );
  return {
    columns,
    sort: sort.map((name) => ({ column: name.replace(/^-/, ''), descending: name.startsWith('-') })),
    stack,
  };
}
