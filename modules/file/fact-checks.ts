/** Checks of what the system tells of a file without its content: size, times, owner, names, marks, capabilities. */
import type { NumberRange, SizeRange } from '../../native/index.ts';
import type { FilterName } from './filters.ts';
import type { Search } from './module.ts';
import type { SourcedCheck } from './sourced-check.ts';
import { type Count, parseAge, parseCapability, parseCount, parseSize, type Size } from './values.ts';

/** Undefined for an account that this host does not have. */
export interface AccountNumbers {
  readonly userOf: (account: string) => number | undefined;
  readonly groupOf: (account: string) => number | undefined;
}

/** All bounds must hold. A file has one value, so several exact ones are alternatives if all filters must match. */
function groupValues<Value extends Size | Count>(
  texts: readonly string[],
  parse: (text: string) => Value | undefined,
  matchall: boolean,
): readonly (readonly (Value & { readonly text: string })[])[] {
  const values = texts.flatMap((text) => {
    const value = parse(text);
    return value === undefined ? [] : [{ text, ...value }];
  });
  const exact = values.filter(({ kind }) => kind === 'exact');
  const alternatives = matchall && exact.length > 0 ? [exact] : exact.map((value) => [value]);
  return [...values.filter(({ kind }) => kind === 'bound').map((value) => [value]), ...alternatives];
}

function sizeChecks({ sizes = [], options }: Search, invert: boolean): SourcedCheck[] {
  return groupValues(sizes, parseSize, options.matchall).map((group) => ({
    list: 'sizes',
    values: group.map(({ text }) => text),
    check: { kind: 'size', ranges: group.map(({ range }): SizeRange => range), invert },
  }));
}

const counted = { inodes: 'inode', linkcounts: 'links' } as const;

function countChecks(search: Search, list: keyof typeof counted, invert: boolean): SourcedCheck[] {
  return groupValues(search[list] ?? [], parseCount, search.options.matchall).map((group) => ({
    list,
    values: group.map(({ text }) => text),
    check: { kind: 'number', of: counted[list], ranges: group.map(({ range }): NumberRange => range), invert },
  }));
}

const timed = { mtimes: 'mtime', ctimes: 'ctime', btimes: 'btime', atimes: 'atime' } as const;

function timeChecks(search: Search, list: keyof typeof timed, nowSeconds: number, invert: boolean): SourcedCheck[] {
  return (search[list] ?? []).flatMap((text): SourcedCheck[] => {
    const age = parseAge(text);
    if (age === undefined) return [];
    const time = nowSeconds - age.seconds;
    const [after, before] = age.kind === 'newer' ? [time, Number.POSITIVE_INFINITY] : [Number.NEGATIVE_INFINITY, time];
    return [{ list, values: [text], check: { kind: 'time', of: timed[list], after, before, invert } }];
  });
}

const owned = { users: 'owner', groups: 'group' } as const;

/** A file has one owner and one group. An account that is not there has no range: nothing is its own. */
function accountChecks(
  search: Search,
  list: keyof typeof owned,
  toNumber: (account: string) => number | undefined,
  invert: boolean,
): SourcedCheck[] {
  const { [list]: accounts = [], options } = search;
  const toRanges = (account: string): NumberRange[] => {
    const number = toNumber(account);
    return number === undefined ? [] : [{ minimum: BigInt(number), maximum: BigInt(number) }];
  };
  const groups = options.matchall && accounts.length > 0 ? [accounts] : accounts.map((account) => [account]);
  return groups.map((values) => ({
    list,
    values,
    check: { kind: 'number', of: owned[list], ranges: values.flatMap(toRanges), invert },
  }));
}

function markChecks({ immutable, appendonly }: Search): SourcedCheck[] {
  const toChecks = (
    list: 'immutable' | 'appendonly',
    of: 'immutable' | 'append-only',
    value: boolean | undefined,
  ): SourcedCheck[] =>
    value === undefined ? [] : [{ list, values: [String(value)], check: { kind: 'mark', of, invert: !value } }];
  return [...toChecks('immutable', 'immutable', immutable), ...toChecks('appendonly', 'append-only', appendonly)];
}

function capabilityChecks({ capabilities = [] }: Search, invert: boolean): SourcedCheck[] {
  return capabilities.map((text) => ({
    list: 'capabilities',
    values: [text],
    check: { kind: 'capability', set: parseCapability(text) ?? 0n, invert },
  }));
}

/** @param nowSeconds reference time for ages, since the epoch. */
export function factChecks(
  search: Search,
  nowSeconds: number,
  { userOf, groupOf }: AccountNumbers,
  inverted: (filter: FilterName) => boolean,
): SourcedCheck[] {
  return [
    ...sizeChecks(search, inverted('size')),
    ...(['mtimes', 'ctimes', 'btimes', 'atimes'] as const).flatMap((list) =>
      timeChecks(search, list, nowSeconds, inverted(timed[list])),
    ),
    ...accountChecks(search, 'users', userOf, inverted('user')),
    ...accountChecks(search, 'groups', groupOf, inverted('group')),
    ...(['inodes', 'linkcounts'] as const).flatMap((list) => countChecks(search, list, inverted(counted[list]))),
    ...markChecks(search),
    ...capabilityChecks(search, inverted('capability')),
  ];
}
