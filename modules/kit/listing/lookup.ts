/** Compiles the values of a filter to a function that returns the matching ones. */
import type { CompiledPattern } from '../../../native/index.ts';
import { splitNegation } from '../pattern.ts';
import { parseAddress, parseRange, RangeTable } from './address.ts';
import { isPublic } from './public-address.ts';

/** The filter word for every address that is not private. */
const publicWord = 'public';

/** The matching values, as written. */
export type Lookup<Subject> = (subject: Subject) => readonly string[];

/**
 * Values with a leading `!` exclude from the matches of the others. Without other values they exclude from everything,
 * and are reported together.
 */
export function withExclusions<Subject>(
  values: readonly string[],
  compile: (values: readonly string[]) => Lookup<Subject>,
): Lookup<Subject> {
  const split = values.map((value) => ({ value, ...splitNegation(value) }));
  const wanted = split.filter(({ negated }) => !negated).map(({ pattern }) => pattern);
  const unwanted = split.filter(({ negated }) => negated);
  if (unwanted.length === 0) return compile(wanted);
  const findWanted = wanted.length === 0 ? () => [unwanted.map(({ value }) => value).join(' ')] : compile(wanted);
  const findUnwanted = compile(unwanted.map(({ pattern }) => pattern));
  return (subject) => (findUnwanted(subject).length > 0 ? [] : findWanted(subject));
}

/** Many sockets share an address; beyond this number of addresses a cache is not worth its memory. */
const maximumRemembered = 10_000;

function remember(lookup: Lookup<string>): Lookup<string> {
  const known = new Map<string, readonly string[]>();
  return (text) => {
    const found = known.get(text) ?? lookup(text);
    if (known.size < maximumRemembered) known.set(text, found);
    return found;
  };
}

/** The values of `compileAddresses`. */
export const addressForm = {
  value: 'ip',
  isValid: (text: string): boolean => text === publicWord || parseRange(text) !== undefined,
  expected: `an address, a range such as 10.0.0.0/8, or ${publicWord}`,
};

/** Addresses, ranges and `public`. */
export function compileAddresses(values: readonly string[]): Lookup<string> {
  const table = new RangeTable<string>();
  for (const value of values) {
    const range = parseRange(value);
    if (range !== undefined) table.add(range, value);
  }
  const wantsPublic = values.includes(publicWord);
  return remember((text) => {
    const address = parseAddress(text);
    if (address === undefined) return [];
    return [...table.find(address), ...(wantsPublic && isPublic(address) ? [publicWord] : [])];
  });
}

export function compilePorts(values: readonly string[]): Lookup<number> {
  const byPort = new Map<number, string[]>();
  for (const value of values) byPort.set(Number(value), [...(byPort.get(Number(value)) ?? []), value]);
  return (port) => byPort.get(port) ?? [];
}

/** RE2. @param toPattern the pattern compiler. @throws CodedError `bad-pattern` */
export function compilePatterns(
  values: readonly string[],
  toPattern: (pattern: string) => CompiledPattern,
): Lookup<string> {
  const patterns = values.map((value) => ({ value, matches: toPattern(value) }));
  return (text) => patterns.filter(({ matches }) => matches(Buffer.from(text))).map(({ value }) => value);
}
