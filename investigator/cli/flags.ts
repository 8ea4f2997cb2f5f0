/**
 * Arguments read in the manner of Go's flag package, which the original's users know and `parseArgs` does not speak: one
 * dash or two, and a value flag takes the next argument as it is, even when that begins with a dash (`-mode '-rwx.*'`).
 */
import type { Flag, FlagValues } from '../../modules/kit/flag.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import { suggest } from '../../protocol/base/suggest.ts';
import { describeFormerFlag } from './former-words.ts';

export interface ParsedArguments {
  readonly values: FlagValues;
  /** Arguments that are no flags, and all that follows `--`. */
  readonly positionals: readonly string[];
}

/** @param hint what to do about it. */
export function usageError(message: string, hint?: string): CodedError<'usage'> {
  return new CodedError('usage', message, hint === undefined ? {} : { hint });
}

/** Takes the one positional argument. @param what `one action file`. @throws CodedError usage */
export function takeOne(positionals: readonly string[], what: string, hint?: string): string {
  const [given, ...more] = positionals;
  if (given === undefined) throw usageError(`expected ${what}, got none`, hint);
  if (more.length > 0) throw usageError(`expected ${what}, got ${positionals.length}: ${positionals.join(' ')}`, hint);
  return given;
}

/** Refuses positional arguments. @param command for the hint: `file`. @throws CodedError usage */
export function assertOnlyFlags([extra]: readonly string[], command: string): void {
  if (extra !== undefined)
    throw usageError(
      `expected a flag, got ${JSON.stringify(extra)}`,
      `each flag takes one value: give it again for the next, and put quotes around spaces and *; mig ${command} -h shows the flags`,
    );
}

const flagPattern = /^--?([A-Za-z][A-Za-z0-9-]*)(?:=(.*))?$/s;

function unknownFlag(name: string, table: ReadonlyMap<string, Flag>): CodedError<'usage'> {
  const near = suggest(name, table.keys());
  const meant = near === undefined ? 'add -h to see the flags' : `did you mean -${near}?`;
  return usageError(`expected a known flag, got -${name}`, describeFormerFlag(name) ?? meant);
}

function toBoolean(name: string, text: string | undefined): boolean {
  if (text === undefined || text === 'true') return true;
  if (text === 'false') return false;
  throw usageError(`expected -${name}=true or -${name}=false, got ${JSON.stringify(text)}`);
}

function toNumber(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value))
    throw usageError(`expected a number after -${name}, got ${JSON.stringify(text)}`);
  return value;
}

/** @throws CodedError usage: an unknown flag, a flag without its value, or given twice where one value counts. */
export function parseFlags(argv: readonly string[], flags: readonly Flag[]): ParsedArguments {
  const table = new Map(flags.map((flag) => [flag.name, flag]));
  const single = new Map<string, boolean | string | number>();
  const lists = new Map<string, string[]>();
  const positionals: string[] = [];
  const rest = argv[Symbol.iterator]();
  for (const argument of rest) {
    if (argument === '--') {
      positionals.push(...rest);
      break;
    }
    const match = flagPattern.exec(argument);
    if (match?.[1] === undefined) {
      positionals.push(argument);
      continue;
    }
    const [, name, inline] = match;
    const flag = table.get(name);
    if (flag === undefined) throw unknownFlag(name, table);
    if (flag.kind === 'boolean') {
      single.set(name, toBoolean(name, inline));
      continue;
    }
    const value = inline ?? rest.next().value;
    if (value === undefined)
      throw usageError(`expected a value after -${name}`, flag.example && `for example ${flag.example}`);
    if (flag.repeatable === true) lists.set(name, [...(lists.get(name) ?? []), value]);
    else if (single.has(name)) throw usageError(`expected -${name} once, got it twice`);
    else single.set(name, flag.kind === 'number' ? toNumber(name, value) : value);
  }
  return { values: Object.freeze(Object.fromEntries<FlagValues[string]>([...single, ...lists])), positionals };
}
