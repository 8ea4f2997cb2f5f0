/** The declaration of the file module: its parameters and its answer. */
import { posix } from 'node:path';
import * as z from 'zod';
import { defineModule, type ParametersOf } from '../kit/define-module.ts';
import { allOrAny, choice, choices, inFilesOnly, matchLimit, number, onSwitch } from '../kit/fields.ts';
import { adviseOnWalk } from './advice.ts';
import { adviseOnFilters, contradictFiles } from './contradictions.ts';
import { columns, FileElement, toReason } from './element.ts';
import { filterNames, search } from './filters.ts';

/** Files of other processes exist only below /proc: the root of a container, open files. */
function isOfProcesses(path: string): boolean {
  return /^\/+proc(?:\/|$)/.test(posix.normalize(path));
}

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
  placesOf: ({ paths }) => paths,
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
    {
      command: 'mig file -t all -path /usr -path /home -capability any',
      says: 'finds programs that have rights of root without being setuid.',
    },
  ],
});

export type FileParameters = ParametersOf<typeof module>;
export type Search = FileParameters['searches'][string];
