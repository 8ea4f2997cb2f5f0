/** What the memory module is asked and what it answers. */
import * as z from 'zod';
import type { ModuleSpec } from '../contract.ts';
import { parseBytes } from '../shared/byte-string.ts';
import { patternSchema } from '../shared/pattern.ts';
import { strictShape } from '../shared/strict-shape.ts';
import { signNames } from './signs.ts';

const maximumSearches = 64;
const maximumPatterns = 256;

const bytePattern = z
  .string()
  .max(16_384)
  .refine((text) => parseBytes(text) !== undefined, {
    error: ({ input }) => `expected bytes such as 4d5a??00, got ${JSON.stringify(String(input).slice(0, 200))}`,
  });

const count = z
  .int()
  .min(0)
  .max(2 ** 32 - 1);

export const SearchOptions = strictShape({
  /** A process is listed when all filters match; else when any does. Signs are alternatives of each other either way. */
  matchall: z.boolean().default(false),
  /** Processes listed; 0 for no limit. */
  matchlimit: count.default(1000),
  /** Address in each process at which to begin. */
  offset: z.int().min(0).default(0),
  /** Bytes of each process's resident memory to look at; 0 for no limit. */
  maxlength: z.int().min(0).default(0),
  /** Says for each process that could not be looked at why; all are counted. */
  logfailures: z.boolean().default(false),
});

const patterns = z.array(patternSchema({ mayNegate: false })).max(maximumPatterns);

/** The lists that a process may match. */
export const filterNames = ['names', 'libraries', 'bytes', 'contents', 'signs'] as const;
export type FilterName = (typeof filterNames)[number];

export const Search = strictShape({
  description: z.string().max(2048).optional(),
  /** RE2 on the name, or on the path of the executable. */
  names: patterns.optional(),
  /** RE2 on the path of a file that is mapped. */
  libraries: patterns.optional(),
  /** Hex of bytes in memory, `??` for any byte. */
  bytes: z.array(bytePattern).max(maximumPatterns).optional(),
  /** RE2 on memory, of which matches up to 32 KiB are found. */
  contents: patterns.optional(),
  signs: z.array(z.enum(signNames)).max(signNames.length).optional(),
  options: SearchOptions.prefault({}),
}).refine((search) => filterNames.some((name) => (search[name]?.length ?? 0) > 0), {
  error: `expected at least one of ${filterNames.join(', ')}`,
});
export type Search = z.infer<typeof Search>;

export const MemoryParameters = strictShape({
  searches: z
    .record(z.string().min(1).max(64), Search)
    .refine((searches) => Object.keys(searches).length >= 1 && Object.keys(searches).length <= maximumSearches, {
      error: `expected 1 to ${maximumSearches} searches`,
    })
    .refine(
      (searches) =>
        Object.values(searches).reduce(
          (sum, { bytes = [], contents = [] }) => sum + bytes.length + contents.length,
          0,
        ) <= maximumPatterns,
      { error: `expected at most ${maximumPatterns} bytes and contents in all searches together` },
    ),
});
export type MemoryParameters = z.infer<typeof MemoryParameters>;

/** One value of a filter that matched. */
export const Match = z.strictObject({
  value: z.string(),
  /** Kind of the mapping that holds the lowest place that was seen: `heap`, `anonymous executable`, … */
  mapping: z.string().optional(),
  /** The mapped file; what was seen of a sign. */
  detail: z.string().optional(),
});
export type Match = z.infer<typeof Match>;

/** Never an address, never what is in memory. Text has `\\` for a backslash and `\xHH` for bytes that are not UTF-8. */
export const MemoryElement = z.strictObject({
  process: z.strictObject({
    pid: z.int(),
    name: z.string(),
    /** Of the executable; null when there is none or it may not be seen. */
    path: z.string().nullable(),
  }),
  /** All that matched, by filter. */
  search: z.partialRecord(z.enum(filterNames), z.array(Match)),
});
export type MemoryElement = z.infer<typeof MemoryElement>;

/** Hits by the search's label; a search without hits has an empty list. */
export const MemoryElements = z.record(z.string(), z.array(MemoryElement));
export type MemoryElements = z.infer<typeof MemoryElements>;

export const MemoryStatistics = z.strictObject({
  processcount: z.number(),
  /** Bytes. */
  memoryread: z.number(),
  /** Bytes that were swapped out and so were not looked at. */
  memoryswapped: z.number(),
  totalhits: z.number(),
  /** Go's text of a duration: `1.5s`. */
  exectime: z.string(),
});
export type MemoryStatistics = z.infer<typeof MemoryStatistics>;

export const spec: ModuleSpec<MemoryParameters, MemoryElements> = {
  name: 'memory',
  summary: 'Which processes hold these bytes, map this library or show a sign of an implant?',
  platforms: ['linux', 'darwin', 'win32'],
  parameters: MemoryParameters,
  elements: MemoryElements,
  needs: () => ['files', 'processes', 'mapped-files'],
};
