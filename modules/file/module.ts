/** The declaration of the file module: its parameters and its answer. */
import { posix } from 'node:path';
import * as z from 'zod';
import type { Column } from '../kit/column.ts';
import { defineModule, type ParametersOf } from '../kit/define-module.ts';
import { type DigestFilter, digestAlgorithmOf, digestLengths } from '../kit/digest-algorithms.ts';
import {
  allOrAny,
  byteStrings,
  choice,
  choices,
  inFilesOnly,
  matchLimit,
  number,
  onSwitch,
  regexes,
  requiredValues,
  values,
} from '../kit/fields.ts';
import { adviseOnWalk } from './advice.ts';
import { adviseOnFilters, contradictFiles } from './contradictions.ts';
import { parseAge, parseSize } from './values.ts';

/** Files of other processes exist only below /proc: the root of a container, open files. */
function isOfProcesses(path: string): boolean {
  return /^\/+proc(?:\/|$)/.test(posix.normalize(path));
}

/** The filters that `mismatch` may negate. */
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

/** POSIX or Windows: one action goes to both, and each system uses its own paths. */
function isAbsolutePath(text: string): boolean {
  return /^(?:\/|[A-Za-z]:[\\/]|\\\\)/.test(text) && !text.includes('\0');
}

function digests(filter: DigestFilter, help: string, example: string, former: readonly string[] = []) {
  return values('digest', {
    flag: filter,
    value: 'hex',
    help,
    example: `-${filter} ${example}`,
    isValid: (text) => digestAlgorithmOf(filter, text) !== undefined,
    expected: `a digest of ${digestLengths(filter).join(' or ')} hex digits`,
    former,
    discloses: 'content',
  });
}

const search = {
  paths: requiredValues('path', {
    flag: 'path',
    help: 'A file or a directory to search, or a glob for several; at least one is needed.',
    example: "-path '/home/*/.ssh'",
    isValid: isAbsolutePath,
    expected: 'an absolute path',
    mostCharacters: 4096,
    most: 1000,
    discloses: 'names',
  }),
  names: regexes({
    flag: 'name',
    help: 'Base name matches; !regex: does not.',
    example: "-name '\\.sysconfig$'",
    negates: true,
    discloses: 'names',
    advice: 'name',
  }),
  links: regexes({
    flag: 'link',
    help: 'Is a link whose text matches: where it leads, as ls -l shows it; !regex: does not.',
    example: "-link '^/tmp/'",
    negates: true,
    discloses: 'names',
    advice: 'text',
  }),
  contents: regexes({
    flag: 'content',
    engine: 'lines',
    help: 'A line matches; !regex: no line does.',
    example: "-content '^root:'",
    most: 256,
    negates: true,
    former: ['regexes'],
    discloses: 'content',
    advice: 'text',
  }),
  bytes: byteStrings({
    flag: 'bytes',
    help: 'Has these bytes anywhere, ?? for any byte.',
    example: "-bytes '4d5a??00'",
  }),
  sizes: values('size', {
    flag: 'size',
    help: 'Has at most, at least or exactly this size; k m g t for powers of 1024.',
    example: "-size '<10m'",
    isValid: (text) => parseSize(text) !== undefined,
    expected: 'a size such as <10m, >1g or 12345',
    discloses: 'metadata',
  }),
  modes: regexes({
    flag: 'mode',
    help: 'Mode in the form of ls -l matches; setuid, setgid and sticky come first as u, g, t.',
    example: "-mode '^u'",
    negates: false,
    discloses: 'metadata',
    advice: 'text',
  }),
  mtimes: values('age', {
    flag: 'mtime',
    help: 'Changed within this time span or before it; s m h d w, m for minutes.',
    example: "-mtime '<90d'",
    isValid: (text) => parseAge(text) !== undefined,
    expected: 'an age such as <90d or >5h (s m h d w)',
    discloses: 'metadata',
  }),
  md5: digests('md5', 'Has one of these MD5 digests.', 'd41d8cd98f00b204e9800998ecf8427e'),
  sha1: digests('sha1', 'Has one of these SHA-1 digests.', 'da39a3ee5e6b4b0d3255bfef95601890afd80709'),
  sha2: digests(
    'sha2',
    'Has one of these SHA-2 digests: 224, 256, 384 or 512 bits.',
    'e3b0c44298fc1c149afbf4c8996fb924…',
    ['sha256', 'sha384', 'sha512'],
  ),
  sha3: digests(
    'sha3',
    'Has one of these SHA-3 digests: 224, 256, 384 or 512 bits.',
    'a7ffc6f8bf1ed76651c14756a061d662…',
    ['sha3_224', 'sha3_256', 'sha3_384', 'sha3_512'],
  ),
};

const mismatch = choices({
  flag: 'mismatch',
  of: filterNames,
  value: 'filter',
  help: `Negates a filter: ${filterNames.join(', ')}.`,
  example: '-mismatch sha2',
  discloses: 'nothing',
});

const options = {
  maxdepth: number({
    flag: 'maxdepth',
    value: 'levels',
    unit: 'levels',
    fallback: 1000,
    help: 'Levels below a path, 1 for the files directly in it, 0 for all; 1000 without this flag.',
  }),
  matchall: allOrAny({
    all: 'A file must match all filters, which is the default.',
    any: 'Each filter counts on its own, and the line says which one matched.',
  }),
  /** The opposite of matchall. */
  matchany: inFilesOnly(z.boolean().optional()),
  macroal: onSwitch({
    flag: 'macroal',
    help: 'Every line must match every -content; without this flag one line is enough.',
  }),
  mismatch: { ...mismatch, schema: mismatch.schema.default([]) },
  matchlimit: matchLimit('hits'),
  maxerrors: number({
    flag: 'maxerrors',
    value: 'errors',
    unit: 'errors',
    fallback: 30,
    help: 'Failures shown as text, 0 for no limit; 30 without this flag. All are counted.',
  }),
  returnsha256: onSwitch({ flag: 'returnsha256', help: 'Adds the SHA-256 of each file found.' }),
  decompress: onSwitch({
    flag: 'decompress',
    help: 'Unpacks gzip, zstd, xz and bzip2 files: content, bytes and digests apply to the unpacked data.',
  }),
  encoding: choice({
    flag: 'encoding',
    of: ['auto', 'utf-8', 'latin1', 'windows-1252', 'utf-16le', 'utf-16be'],
    help: 'Of text that -content searches; without this flag what the first bytes say: UTF-16, UTF-32 or UTF-8.',
    example: '-encoding latin1',
    discloses: 'nothing',
  }),
  /** From the original, where neither changed the answer. */
  debug: inFilesOnly(z.string().max(64).optional()),
  remotefs: inFilesOnly(z.boolean().optional()),
};

/**
 * The filter of a search that hit, when each filter counts on its own: `{"names": ["^foo$"]}`. Empty when all hit
 * together.
 */
export const MatchedFilter = z.partialRecord(
  z.enum(['names', 'links', 'contents', 'bytes', 'sizes', 'modes', 'mtimes', 'md5', 'sha1', 'sha2', 'sha3']),
  z.array(z.string()),
);
export type MatchedFilter = z.infer<typeof MatchedFilter>;

export const FileElement = z.strictObject({
  /** Absolute; bytes that are not UTF-8 are `\xHH`, a backslash is `\\`. */
  file: z.string(),
  search: MatchedFilter,
  fileinfo: z
    .strictObject({
      /** Go's format in UTC: `2016-07-05 15:32:42 +0000 UTC`. */
      lastmodified: z.string(),
      /** All of these are of the file behind a link, or of the link itself when it leads to none. */
      mode: z.string(),
      /** Where a link leads, as it is written. */
      link: z.string().optional(),
      /** Bytes. */
      size: z.number(),
      sha256: z.string().optional(),
    })
    /** Absent in an answer with names only. */
    .optional(),
});
export type FileElement = z.infer<typeof FileElement>;

const columns: readonly Column<FileElement>[] = [
  { name: 'file', kind: 'path', line: 'head', help: 'Path.', discloses: 'names', value: ({ file }) => file },
  {
    name: 'lastmodified',
    kind: 'time',
    line: 'detail',
    help: 'Time of the last change.',
    discloses: 'metadata',
    value: ({ fileinfo }) => fileinfo?.lastmodified,
  },
  {
    name: 'mode',
    kind: 'text',
    line: 'detail',
    help: 'Mode in the form of ls -l.',
    discloses: 'metadata',
    value: ({ fileinfo }) => fileinfo?.mode,
  },
  {
    name: 'size',
    kind: 'number',
    unit: 'bytes',
    line: 'detail',
    help: 'Size.',
    discloses: 'metadata',
    value: ({ fileinfo }) => fileinfo?.size,
  },
  {
    name: 'link',
    kind: 'path',
    line: 'detail',
    help: 'Where a link leads, as it is written.',
    discloses: 'metadata',
    value: ({ fileinfo }) => fileinfo?.link,
  },
  {
    name: 'sha256',
    kind: 'digest',
    line: 'detail',
    help: 'SHA-256, if requested.',
    discloses: 'metadata',
    value: ({ fileinfo }) => fileinfo?.sha256,
  },
  {
    name: 'matched',
    kind: 'list',
    line: 'none',
    help: 'The matching filter, if each counts on its own.',
    discloses: 'names',
    value: ({ search: matched }) =>
      Object.entries(matched).flatMap(([filter, matches]) => matches.map((match) => `${filter}:${match}`)),
  },
];

/** ` on names '^foo$'`; empty when all filters matched together. */
function toReason({ search: matched }: FileElement): string {
  return Object.entries(matched)
    .map(([filter, matches]) => ` on ${filter} ${matches.map((match) => `'${match}'`).join(', ')}`)
    .join('');
}

export const module = defineModule({
  name: 'file',
  summary: 'Which files have this name, size, age, mode, digest or content?',
  platforms: ['linux', 'darwin', 'win32'],
  needs: ['files', 'processes', 'unpackers'],
  needsOf: ({ paths, options: { decompress } }) => [
    'files',
    ...(paths.some(isOfProcesses) ? (['processes'] as const) : []),
    ...(decompress ? (['unpackers'] as const) : []),
  ],
  search,
  options,
  checkSearch: ({ options: chosen }) =>
    chosen.matchall && chosen.matchany === true ? 'expected matchall or matchany, got both' : undefined,
  choosesAnswer: { toNamesOnly: ({ fileinfo: _, ...rest }) => rest },
  advise: (asked) => [...adviseOnWalk(asked), ...adviseOnFilters(asked)],
  contradict: contradictFiles,
  element: FileElement,
  columns,
  toReason,
  key: ['file', 'sha256'],
  counts: {
    filescount: { help: 'Files and links to files covered by a search.' },
    directoriescount: { help: 'Directories walked.' },
    bytesread: { help: 'Bytes read from files, before unpacking.', unit: 'bytes' },
    openfailed: { help: 'Files that could not be opened.' },
  },
  trial: {
    linux: { given: { path: ['/etc'], name: ['^passwd$'], maxdepth: 1 }, finds: '/etc/passwd' },
    darwin: { given: { path: ['/etc'], name: ['^passwd$'], maxdepth: 1 }, finds: '/etc/passwd' },
    win32: { given: { path: ['C:\\Windows'], name: ['^explorer\\.exe$'], maxdepth: 1 }, finds: 'explorer.exe' },
  },
  // Nothing can be below a device, so no disk is asked.
  rehearsal: { path: ['/dev/null/nothing'], name: ['^nothing$'] },
  former: { searchesAtTop: true, droppedOptions: ['debug', 'remotefs'] },
  examples: [
    {
      command: "mig file -t all -path /usr/bin -path /usr/sbin -name '^wget$'",
      says: 'finds every wget and when it was last changed.',
    },
    {
      command: 'mig file -t all -path / -sha2 <hex> -size 419080',
      says: 'finds a file by its digest; the size, which is cheap, rules out the others first.',
    },
    {
      command: "mig file -t all -path /var/www -name '\\.php$' -content 'eval\\(base64_decode' -mtime '<30d'",
      says: 'finds web shells that came within the last 30 days.',
    },
    {
      command: "mig file -t all -path '/home/*/.ssh' -name '^authorized_keys$' -content '!from='",
      says: 'finds authorized keys that may be used from anywhere.',
    },
  ],
});

export type FileParameters = ParametersOf<typeof module>;
export type Search = FileParameters['searches'][string];
