/** Converts parameters to the native engine's plan, and its hits back to the matching filters. */
import type { DigestValue, ScanCheck, ScanHit, ScanSearch } from '../../native/index.ts';
import { type DigestFilter, digestAlgorithmOf } from '../kit/digest-algorithms.ts';
import { splitNegation } from '../kit/pattern.ts';
import type { FilterName, MatchedFilter, Search } from './module.ts';
import { parseAge, parseBytes, parseSize } from './values.ts';

type ListName = keyof MatchedFilter;

/** A check, with its parameter and values. */
interface SourcedCheck {
  readonly list: ListName;
  readonly values: readonly string[];
  readonly check: ScanCheck;
}

export interface SearchPlan {
  readonly scan: ScanSearch;
  /** The parts of an element that a hit reports. */
  readonly describe: (hit: ScanHit) => MatchedFilter;
}

function patternChecks(search: Search, inverted: (filter: FilterName) => boolean): SourcedCheck[] {
  const names = (search.names ?? []).map((text): SourcedCheck => {
    const { negated, pattern } = splitNegation(text);
    return { list: 'names', values: [text], check: { kind: 'name', pattern, invert: negated !== inverted('name') } };
  });
  const links = (search.links ?? []).map((text): SourcedCheck => {
    const { negated, pattern } = splitNegation(text);
    return { list: 'links', values: [text], check: { kind: 'link', pattern, invert: negated } };
  });
  const modes = (search.modes ?? []).map(
    (text): SourcedCheck => ({
      list: 'modes',
      values: [text],
      check: { kind: 'mode', pattern: text, invert: inverted('mode') },
    }),
  );
  const contents = (search.contents ?? []).map((text): SourcedCheck => {
    const { negated, pattern } = splitNegation(text);
    // "Every line does not match" is the same as "no line matches".
    const everyLine = search.options.macroal && !negated;
    const invert = negated !== inverted('content');
    return { list: 'contents', values: [text], check: { kind: 'content', pattern, everyLine, invert } };
  });
  return [...names, ...links, ...modes, ...contents];
}

function bytesChecks(search: Search, invert: boolean): SourcedCheck[] {
  return (search.bytes ?? []).map((text) => ({
    list: 'bytes',
    values: [text],
    check: { kind: 'bytes', pattern: parseBytes(text) ?? '', invert },
  }));
}

/** All bounds must hold; a file has one size, so several exact sizes are alternatives. */
function sizeChecks(search: Search, invert: boolean): SourcedCheck[] {
  const sizes = (search.sizes ?? []).flatMap((text) => {
    const size = parseSize(text);
    return size === undefined ? [] : [{ text, ...size }];
  });
  const toCheck = (some: typeof sizes): SourcedCheck => ({
    list: 'sizes',
    values: some.map(({ text }) => text),
    check: { kind: 'size', ranges: some.map(({ range }) => range), invert },
  });
  const exact = sizes.filter(({ kind }) => kind === 'exact');
  const bounds = sizes.filter(({ kind }) => kind === 'bound');
  const alternatives = search.options.matchall && exact.length > 0 ? [exact] : exact.map((size) => [size]);
  return [...bounds.map((size) => [size]), ...alternatives].map(toCheck);
}

function timeChecks(search: Search, nowSeconds: number, invert: boolean): SourcedCheck[] {
  return (search.mtimes ?? []).flatMap((text): SourcedCheck[] => {
    const age = parseAge(text);
    if (age === undefined) return [];
    const time = nowSeconds - age.seconds;
    const [after, before] = age.kind === 'newer' ? [time, Number.POSITIVE_INFINITY] : [Number.NEGATIVE_INFINITY, time];
    return [{ list: 'mtimes', values: [text], check: { kind: 'mtime', after, before, invert } }];
  });
}

/** One check for all digests of a filter: a file has one digest per algorithm, so they are alternatives. */
function digestChecks(search: Search, filter: DigestFilter, invert: boolean): SourcedCheck[] {
  const given = search[filter] ?? [];
  const values = given.flatMap((hex): DigestValue[] => {
    const algorithm = digestAlgorithmOf(filter, hex);
    return algorithm === undefined ? [] : [{ algorithm, hex }];
  });
  return values.length === 0 ? [] : [{ list: filter, values: given, check: { kind: 'digest', values, invert } }];
}

/** @param nowSeconds reference time for ages, since the epoch. */
export function toSearchPlan(search: Search, nowSeconds: number): SearchPlan {
  const { options } = search;
  const inverted = (filter: FilterName): boolean => options.mismatch.includes(filter);
  const sourced = [
    ...patternChecks(search, inverted),
    ...bytesChecks(search, inverted('bytes')),
    ...sizeChecks(search, inverted('size')),
    ...timeChecks(search, nowSeconds, inverted('mtime')),
    ...(['md5', 'sha1', 'sha2', 'sha3'] as const).flatMap((filter) => digestChecks(search, filter, inverted(filter))),
  ];
  return {
    scan: {
      checks: sourced.map(({ check }) => check),
      matchAll: options.matchall,
      decompress: options.decompress,
      encoding: options.encoding ?? 'auto',
      returnSha256: options.returnsha256,
      maxDepth: options.maxdepth,
      matchLimit: options.matchlimit,
    },
    describe: ({ check, value }) => {
      const source = sourced[check];
      if (source === undefined) return {};
      const one = source.values[value];
      return { [source.list]: one === undefined ? source.values : [one] };
    },
  };
}
