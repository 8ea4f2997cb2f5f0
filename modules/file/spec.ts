/** What the file module is asked and what it answers. */
import { posix } from 'node:path';
import * as z from 'zod';
import { AnswerClass, lesserAnswer } from '../../protocol/protection.ts';
import type { ModuleSpec, Need } from '../contract.ts';
import { patternSchema } from '../shared/pattern.ts';
import { strictShape } from '../shared/strict-shape.ts';
import { type DigestFilter, digestAlgorithmOf, digestLengths, parseAge, parseBytes, parseSize } from './values.ts';

const maximumValues = 10_000;
const maximumSearches = 64;

/** A list of values of one kind; its messages name the value that is wrong. */
function listOf(isValid: (text: string) => boolean, expected: string) {
  const value = z
    .string()
    .max(16_384)
    .refine(isValid, {
      error: ({ input }) => `expected ${expected}, got ${JSON.stringify(String(input).slice(0, 200))}`,
    });
  return z.array(value).max(maximumValues).optional();
}

function digestsOf(filter: DigestFilter) {
  const lengths = digestLengths(filter).join(' or ');
  return listOf((text) => digestAlgorithmOf(filter, text) !== undefined, `a digest of ${lengths} hex digits`);
}

/** The filters that `mismatch` may name. */
export const filterNames = [
  'name',
  'size',
  'mode',
  'mtime',
  'content',
  'bytes',
  'md5',
  'sha1',
  'sha2',
  'sha3',
] as const;
export type FilterName = (typeof filterNames)[number];

const count = z
  .int()
  .min(0)
  .max(2 ** 32 - 1);

export const SearchOptions = strictShape({
  /** Levels below a path, 1 for the files directly in it; 0 for no limit. */
  maxdepth: count.default(1000),
  /** A file is listed when all filters match; else once for each value that matches. */
  matchall: z.boolean().default(false),
  /** The opposite of matchall, as it is written on the command line. */
  matchany: z.boolean().optional(),
  /** Every line must match the content, not only one. */
  macroal: z.boolean().default(false),
  /** Filters whose answer is turned round. */
  mismatch: z.array(z.enum(filterNames)).max(filterNames.length).default([]),
  /** Hits of this search; 0 for no limit. */
  matchlimit: count.default(1000),
  /** Failures that are reported as text (all are counted); 0 for no limit. */
  maxerrors: count.default(30),
  /** Adds the SHA-256 of each file listed. */
  returnsha256: z.boolean().default(false),
  /** Looks into gzip, zstd, xz and bzip2 files: contents, bytes and digests are those of the unpacked data. */
  decompress: z.boolean().default(false),
  /** As in the original, where neither had an effect on the answer. */
  debug: z.string().max(64).optional(),
  remotefs: z.boolean().optional(),
}).refine((options) => !(options.matchall && options.matchany === true), {
  error: 'expected matchall or matchany, got both',
  path: ['matchany'],
});

/** POSIX or Windows: one action goes to both, and each looks at its own. */
function isAbsolutePath(text: string): boolean {
  return /^(?:\/|[A-Za-z]:[\\/]|\\\\)/.test(text) && !text.includes('\0');
}

export const Search = strictShape({
  description: z.string().max(2048).optional(),
  /** Files and directories; `*`, `?`, `[…]`, `{a,b}` and `**` as in a shell. */
  paths: z
    .array(
      z
        .string()
        .max(4096)
        .refine(isAbsolutePath, {
          error: ({ input }) => `expected an absolute path, got ${JSON.stringify(String(input))}`,
        }),
    )
    .min(1)
    .max(1000),
  /** RE2 on the base name; a leading `!` negates. */
  names: z
    .array(patternSchema({ mayNegate: true }))
    .max(maximumValues)
    .optional(),
  /** RE2 on a line; a leading `!`: no line matches. */
  contents: z
    .array(patternSchema({ mayNegate: true }))
    .max(256)
    .optional(),
  /** Hex of bytes anywhere in the file, `??` for any byte. */
  bytes: listOf((text) => parseBytes(text) !== undefined, 'bytes such as 4d5a??00'),
  /** Bytes, with k m g t: `<10m`, `>1g`, `12345`. */
  sizes: listOf((text) => parseSize(text) !== undefined, 'a size such as <10m, >1g or 12345'),
  /** RE2 on Go's mode text: `-rwxr-xr-x`. */
  modes: z
    .array(patternSchema({ mayNegate: false }))
    .max(maximumValues)
    .optional(),
  /** Time since the last change, with s m h d w: `<90d`, `>5h`. */
  mtimes: listOf((text) => parseAge(text) !== undefined, 'an age such as <90d or >5h (s m h d w)'),
  md5: digestsOf('md5'),
  sha1: digestsOf('sha1'),
  sha2: digestsOf('sha2'),
  sha3: digestsOf('sha3'),
  options: SearchOptions.prefault({}),
});
export type Search = z.infer<typeof Search>;

export const FileParameters = strictShape({
  searches: z
    .record(z.string().min(1).max(64), Search)
    .refine((searches) => Object.keys(searches).length >= 1 && Object.keys(searches).length <= maximumSearches, {
      error: `expected 1 to ${maximumSearches} searches`,
    }),
  /** How much is told of what is found: whether there is any, how many, which, or size, time and mode too. */
  answer: AnswerClass.optional(),
});
export type FileParameters = z.infer<typeof FileParameters>;

export function answerClassOf({ answer }: FileParameters): AnswerClass {
  return answer ?? 'metadata';
}

/** Which filter of a search hit, when each counts on its own: `{"names": ["^foo$"]}`; empty when all hit together. */
export const MatchedFilter = z.partialRecord(
  z.enum(['names', 'contents', 'bytes', 'sizes', 'modes', 'mtimes', 'md5', 'sha1', 'sha2', 'sha3']),
  z.array(z.string()),
);
export type MatchedFilter = z.infer<typeof MatchedFilter>;

export const FileElement = z.strictObject({
  /** Absolute; bytes that are not UTF-8 are `\xHH`, a backslash is `\\`. */
  file: z.string(),
  search: MatchedFilter,
  fileinfo: z
    .strictObject({
      /** Go's text in UTC: `2016-07-05 15:32:42 +0000 UTC`. */
      lastmodified: z.string(),
      mode: z.string(),
      /** Bytes. */
      size: z.number(),
      sha256: z.string().optional(),
    })
    /** Absent when only names were asked for. */
    .optional(),
});
export type FileElement = z.infer<typeof FileElement>;

/** Hits by the search's label; a search without hits, or whose hits were only counted, has an empty list. */
export const FileElements = z.record(z.string(), z.array(FileElement));
export type FileElements = z.infer<typeof FileElements>;

export const FileStatistics = z.strictObject({
  /** Files and links to files that a search considered. */
  filescount: z.number(),
  directoriescount: z.number(),
  /** Read from files, before unpacking. */
  bytesread: z.number(),
  openfailed: z.number(),
  totalhits: z.number(),
  /** Go's text of a duration: `1.5s`. */
  exectime: z.string(),
});
export type FileStatistics = z.infer<typeof FileStatistics>;

/** Only below /proc are there files of other processes: the root of a container, what is open. */
function needsOf({ searches }: FileParameters): Need[] {
  const isOfProcesses = (path: string): boolean => /^\/+proc(?:\/|$)/.test(posix.normalize(path));
  const paths = Object.values(searches).flatMap((search) => search.paths);
  return paths.some(isOfProcesses) ? ['files', 'processes'] : ['files'];
}

export const spec: ModuleSpec<FileParameters, FileElements> = {
  name: 'file',
  summary: 'Which files have this name, size, age, mode, digest or content?',
  platforms: ['linux', 'darwin', 'win32'],
  parameters: FileParameters,
  elements: FileElements,
  needs: needsOf,
  answerClass: answerClassOf,
  limitAnswer: (parameters, most) => ({ ...parameters, answer: lesserAnswer(answerClassOf(parameters), most) }),
};
