/** File questions that no file can fit. */
import { findEmptyRange, findOpposed } from '../kit/contradictions.ts';
import { splitNegation } from '../kit/pattern.ts';
import { canMatch } from '../kit/pattern-reach.ts';
import { parseAge, parseSize } from './values.ts';

const filters = [
  'names',
  'links',
  'contents',
  'bytes',
  'sizes',
  'modes',
  'mtimes',
  'md5',
  'sha1',
  'sha2',
  'sha3',
] as const;

/** The part of a search that decides whether anything can fit. */
type Search = Readonly<Partial<Record<(typeof filters)[number], readonly string[] | undefined>>> & {
  readonly options: { readonly matchall: boolean; readonly macroal: boolean; readonly mismatch: readonly string[] };
};

/** The characters of a mode, whose first may be the letters of setuid, setgid, sticky and of a link. */
const modeSigns: ReadonlySet<number> = new Set([...'-rwxugtL'].map((sign) => sign.codePointAt(0) ?? 0));

/** The texts that a field compares cannot have every character. */
const limits = {
  names: { filter: 'name', allows: (point: number) => point !== 0x2f && point !== 0, why: 'a base name has no slash' },
  contents: {
    filter: 'content',
    allows: (point: number) => point !== 0x0a,
    why: 'a pattern is compared with one line at a time',
  },
  modes: {
    filter: 'mode',
    allows: (point: number) => modeSigns.has(point),
    why: 'a mode reads -rw-r--r--, or urwxr-xr-x with setuid',
  },
} as const;

function isInverted(search: Search, filter: string): boolean {
  return search.options.mismatch.includes(filter);
}

/** Patterns that can never match, where they must. */
function findUnreachable(search: Search): string[] {
  return Object.entries(limits).flatMap(([field, { filter, allows, why }]) =>
    (search[field as keyof typeof limits] ?? []).flatMap((text) => {
      const { negated, pattern } = field === 'modes' ? { negated: false, pattern: text } : splitNegation(text);
      if (negated !== isInverted(search, filter) || canMatch(pattern, allows)) return [];
      return [`${field}: ${JSON.stringify(text)} can never match: ${why}`];
    }),
  );
}

function findEmptySizes(search: Search): string[] {
  if (isInverted(search, 'size')) return [];
  const sizes = (search.sizes ?? []).flatMap((text) => {
    const size = parseSize(text);
    if (size === undefined) return [];
    return [{ text, from: size.range.minimum, to: size.range.maximum, isExact: size.kind === 'exact' }];
  });
  return findEmptyRange('sizes', sizes);
}

/** Ages in seconds; the two ends do not belong to them. */
function findEmptyAges(search: Search): string[] {
  const inverted = isInverted(search, 'mtime');
  const ages = (search.mtimes ?? []).flatMap((text) => {
    const age = parseAge(text);
    if (age === undefined) return [];
    const isNewer = (age.kind === 'newer') !== inverted;
    return isNewer
      ? [{ text, from: Number.NEGATIVE_INFINITY, to: age.seconds - 0.5, isExact: false }]
      : [{ text, from: age.seconds + 0.5, to: Number.POSITIVE_INFINITY, isExact: false }];
  });
  return findEmptyRange('mtimes', ages);
}

/** Reasons why no file can fit. */
export function contradictFiles(search: Search): string[] {
  const unreachable = findUnreachable(search);
  if (search.options.matchall)
    return [
      ...unreachable,
      ...findEmptySizes(search),
      ...findEmptyAges(search),
      ...(['names', 'links', 'contents'] as const).flatMap((field) => findOpposed(field, search[field])),
    ];
  // Each filter counts on its own: the others can still hit.
  const values = filters.reduce((sum, field) => sum + (search[field]?.length ?? 0), 0);
  return values > 0 && unreachable.length === values ? unreachable : [];
}

/** Filters and options that do not do what they seem to say. */
export function adviseOnFilters(search: Search): string[] {
  const { options } = search;
  const isAsked = (filter: string): boolean =>
    Object.entries(search).some(
      ([field, values]) => (field === filter || field === `${filter}s`) && Array.isArray(values) && values.length > 0,
    );
  return [
    ...(search.contents ?? [])
      .filter((pattern) => /\(\?[a-zA-Z]*s/.test(pattern))
      .map((pattern) => `${pattern}: (?s) changes nothing, since a match never goes beyond its line`),
    ...options.mismatch
      .filter((filter) => !isAsked(filter))
      .map((filter) => `-mismatch ${filter} negates no filter: there is none`),
    ...(options.macroal && !isAsked('content') ? ['-macroal changes nothing without -content'] : []),
    ...(options.matchall ? [] : findUnreachable(search)),
  ];
}
