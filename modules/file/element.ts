/** A file of the answer, and its columns. */
import * as z from 'zod';
import type { Column, ColumnKind } from '../kit/column.ts';

/** The filters with a list of values. */
export const listFilters = [
  'names',
  'links',
  'contents',
  'bytes',
  'sizes',
  'modes',
  'mtimes',
  'ctimes',
  'btimes',
  'atimes',
  'users',
  'groups',
  'inodes',
  'linkcounts',
  'capabilities',
  'xattrs',
  'md5',
  'sha1',
  'sha2',
  'sha3',
] as const;

/**
 * The filter of a search that hit, when each filter counts on its own: `{"names": ["^foo$"]}`. Empty when all hit
 * together.
 */
export const MatchedFilter = z.partialRecord(z.enum([...listFilters, 'immutable', 'appendonly']), z.array(z.string()));
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
      /** Names of the host's own files, or numbers. Absent on Windows. */
      owner: z.string().optional(),
      group: z.string().optional(),
      /** Times as above; absent where the file system does not keep them. */
      ctime: z.string().optional(),
      btime: z.string().optional(),
      atime: z.string().optional(),
      /** Digits, as it may have 64 bits. */
      inode: z.string().optional(),
      /** Names of the file. */
      links: z.number().optional(),
    })
    /** Absent in an answer with names only. */
    .optional(),
});
export type FileElement = z.infer<typeof FileElement>;

/** Columns that are not in the printed line, which is the original's. */
function infoColumns(
  declared: readonly (readonly [
    'owner' | 'group' | 'ctime' | 'btime' | 'atime' | 'inode' | 'links',
    ColumnKind,
    string,
  ])[],
): readonly Column<FileElement>[] {
  return declared.map(([name, kind, help]) => ({
    name,
    kind,
    line: 'none',
    help,
    discloses: 'metadata',
    value: ({ fileinfo }) => fileinfo?.[name],
  }));
}

export const columns: readonly Column<FileElement>[] = [
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
  ...infoColumns([
    ['owner', 'text', 'Owner, by name or number.'],
    ['group', 'text', 'Group, by name or number.'],
    ['ctime', 'time', 'Time of the last change of content, owner, mode or attributes.'],
    ['btime', 'time', 'Time when it was made.'],
    ['atime', 'time', 'Time when it was last read, as far as the file system writes that down.'],
    ['inode', 'text', 'Number of the inode.'],
    ['links', 'number', 'Number of names.'],
  ]),
];

/** ` on names '^foo$'`; empty when all filters matched together. */
export function toReason({ search: matched }: FileElement): string {
  return Object.entries(matched)
    .map(([filter, matches]) => ` on ${filter} ${matches.map((match) => `'${match}'`).join(', ')}`)
    .join('');
}
