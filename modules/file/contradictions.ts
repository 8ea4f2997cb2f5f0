/** File questions that no file can fit. */
import {
  type Compared,
  contradictPatterns,
  findEmptyRange,
  findUnreachable,
  toWritten,
  type WrittenPattern,
} from '../kit/contradictions.ts';
import { listFilters } from './element.ts';
import { parseAge, parseCount, parseSize } from './values.ts';

/** The part of a search that decides whether anything can fit. */
type Search = Readonly<Partial<Record<(typeof listFilters)[number], readonly string[] | undefined>>> & {
  readonly immutable?: boolean | undefined;
  readonly appendonly?: boolean | undefined;
  readonly options: { readonly matchall: boolean; readonly macroal: boolean; readonly mismatch: readonly string[] };
};

/** Not of a file's name. */
const slash = 0x2f;
const nul = 0;
const lineFeed = 0x0a;

/** The texts that a field compares. */
const texts = {
  names: {
    texts: 'one',
    allows: (point) => point !== slash && point !== nul,
    why: 'a base name has neither a slash nor a NUL character',
  },
  // Most files are no link, and have no such text.
  links: { texts: 'one', mayLack: true, allows: (point) => point !== nul, why: "a link's text has no NUL character" },
  contents: {
    texts: 'several',
    mayLack: true,
    allows: (point) => point !== lineFeed,
    why: 'a pattern is compared with one line at a time',
  },
  xattrs: {
    texts: 'several',
    mayLack: true,
    allows: (point) => point !== nul,
    why: "an attribute's name has no NUL character",
  },
  modes: {
    texts: 'one',
    allows: (point) => point < 128,
    form: '^(-|L|ug?t?|gt?|t)([r-][w-][x-]){3}$',
    why: 'a mode reads -rw-r--r--, or urwxr-xr-x with setuid',
  },
} as const satisfies Record<string, Compared>;
type PatternField = keyof typeof texts;
const patternFields: readonly PatternField[] = ['names', 'links', 'contents', 'xattrs', 'modes'];

function isInverted(search: Search, filter: string): boolean {
  return search.options.mismatch.includes(filter);
}

/** What `-mismatch` makes of the patterns. */
function patternsOf(search: Search, field: PatternField): WrittenPattern[] {
  const inverted = isInverted(search, field.slice(0, -1));
  const written =
    field === 'modes'
      ? (search.modes ?? []).map((text) => ({ text, pattern: text, isWanted: true }))
      : toWritten(search[field]);
  return written.map((one) => ({ ...one, isWanted: one.isWanted !== inverted }));
}

/** With `-macroal` all lines match, so that each pattern looks at the same ones. */
function comparedOf({ options }: Search, field: PatternField): Compared {
  const isEveryLine = field === 'contents' && options.macroal && !options.mismatch.includes('content');
  return isEveryLine ? { ...texts.contents, texts: 'one' } : texts[field];
}

function findUnreachablePatterns(search: Search): string[] {
  return patternFields.flatMap((field) => findUnreachable(field, patternsOf(search, field), comparedOf(search, field)));
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

const counted = { inodes: 'inode', linkcounts: 'links' } as const;

function findEmptyCounts(search: Search, field: keyof typeof counted): string[] {
  if (isInverted(search, counted[field])) return [];
  const counts = (search[field] ?? []).flatMap((text) => {
    const count = parseCount(text);
    if (count === undefined) return [];
    const { minimum, maximum } = count.range;
    return [{ text, from: Number(minimum), to: Number(maximum), isExact: count.kind === 'exact' }];
  });
  return findEmptyRange(field, counts);
}

const timed = { mtimes: 'mtime', ctimes: 'ctime', btimes: 'btime', atimes: 'atime' } as const;

/** Ages in seconds; the two ends do not belong to them. */
function findEmptyAges(search: Search, field: keyof typeof timed): string[] {
  const inverted = isInverted(search, timed[field]);
  const ages = (search[field] ?? []).flatMap((text) => {
    const age = parseAge(text);
    if (age === undefined) return [];
    const isNewer = (age.kind === 'newer') !== inverted;
    return isNewer
      ? [{ text, from: Number.NEGATIVE_INFINITY, to: age.seconds - 0.5, isExact: false }]
      : [{ text, from: age.seconds + 0.5, to: Number.POSITIVE_INFINITY, isExact: false }];
  });
  return findEmptyRange(field, ages);
}

function marksOf({ immutable, appendonly }: Search): readonly boolean[] {
  return [immutable, appendonly].filter((mark) => mark !== undefined);
}

/** Reasons why no file can fit. */
export function contradictFiles(search: Search): string[] {
  if (search.options.matchall)
    return [
      ...findEmptySizes(search),
      ...(['mtimes', 'ctimes', 'btimes', 'atimes'] as const).flatMap((field) => findEmptyAges(search, field)),
      ...(['inodes', 'linkcounts'] as const).flatMap((field) => findEmptyCounts(search, field)),
      ...patternFields.flatMap((field) =>
        contradictPatterns(field, patternsOf(search, field), comparedOf(search, field)),
      ),
    ];
  const unreachable = findUnreachablePatterns(search);
  // Each filter counts on its own: the others can still hit.
  const values = listFilters.reduce((sum, field) => sum + (search[field]?.length ?? 0), marksOf(search).length);
  return values > 0 && unreachable.length === values ? unreachable : [];
}

/** Of filters whose parameter has another name. */
const fieldsOf: Readonly<Record<string, string>> = { links: 'linkcounts', capability: 'capabilities' };

/** Filters and options that do not do what they seem to say. */
export function adviseOnFilters(search: Search): string[] {
  const { options } = search;
  const isAsked = (filter: string): boolean => {
    const named = fieldsOf[filter];
    const fields = named === undefined ? [filter, `${filter}s`] : [named];
    return Object.entries(search).some(
      ([field, values]) => fields.includes(field) && Array.isArray(values) && values.length > 0,
    );
  };
  return [
    ...(search.contents ?? [])
      .filter((pattern) => /\(\?[a-zA-Z]*s/.test(pattern))
      .map((pattern) => `${pattern}: (?s) changes nothing, since a match never goes beyond its line`),
    ...options.mismatch
      .filter((filter) => !isAsked(filter))
      .map((filter) => `-mismatch ${filter} negates no filter: there is none`),
    ...(options.macroal && !isAsked('content') ? ['-macroal changes nothing without -content'] : []),
    ...(options.matchall ? [] : findUnreachablePatterns(search)),
  ];
}
