/** Converts parameters to the native engine's plan, and its hits back to the matching filters. */
import type { DigestValue, ScanHit, ScanSearch } from '../../native/index.ts';
import { type DigestFilter, digestAlgorithmOf } from '../kit/digest-algorithms.ts';
import { splitNegation } from '../kit/pattern.ts';
import type { MatchedFilter } from './element.ts';
import { type AccountNumbers, factChecks } from './fact-checks.ts';
import type { FilterName } from './filters.ts';
import type { Search } from './module.ts';
import type { SourcedCheck } from './sourced-check.ts';
import { parseBytes } from './values.ts';

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
  const attributes = (search.xattrs ?? []).map((text): SourcedCheck => {
    const { negated, pattern } = splitNegation(text);
    return { list: 'xattrs', values: [text], check: { kind: 'attribute', pattern, invert: negated } };
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
  return [...names, ...links, ...attributes, ...modes, ...contents];
}

function bytesChecks(search: Search, invert: boolean): SourcedCheck[] {
  return (search.bytes ?? []).map((text) => ({
    list: 'bytes',
    values: [text],
    check: { kind: 'bytes', pattern: parseBytes(text) ?? '', invert },
  }));
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

/**
 * @param nowSeconds reference time for ages, since the epoch.
 * @param accounts the numbers of the accounts that the search names.
 */
export function toSearchPlan(search: Search, nowSeconds: number, accounts: AccountNumbers): SearchPlan {
  const { options } = search;
  const inverted = (filter: FilterName): boolean => options.mismatch.includes(filter);
  const sourced = [
    ...patternChecks(search, inverted),
    ...bytesChecks(search, inverted('bytes')),
    ...factChecks(search, nowSeconds, accounts, inverted),
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
