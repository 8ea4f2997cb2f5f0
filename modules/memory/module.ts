/** The declaration of the memory module: its parameters and its answer. */
import * as z from 'zod';
import type { Column } from '../kit/column.ts';
import { contradictPatterns, severalTexts, toWritten } from '../kit/contradictions.ts';
import { defineModule, type ParametersOf } from '../kit/define-module.ts';
import { allOrAny, byteStrings, choices, matchLimit, number, onSwitch, regexes } from '../kit/fields.ts';
import type { FlagValues } from '../kit/flag.ts';
import { rareSigns, signNames } from './signs.ts';

const mostPatterns = 256;

/** The lists that a process may match. */
export const filterNames = ['names', 'libraries', 'bytes', 'contents', 'signs'] as const;
export type FilterName = (typeof filterNames)[number];

const listedSigns = choices({
  flag: 'sign',
  of: signNames,
  value: 'sign',
  help: `Shows a sign of an implant: ${signNames.join(', ')}; or all, but jit-code and replaced-code.`,
  example: '-sign all',
  discloses: 'metadata',
});

/** `all` stands for the signs that ordinary hosts do not show. */
const signs = {
  ...listedSigns,
  read: ({ sign }: FlagValues): unknown =>
    Array.isArray(sign) && sign.includes('all')
      ? [...new Set([...sign, ...rareSigns])].filter((name) => name !== 'all')
      : sign,
};

const search = {
  names: regexes({
    flag: 'name',
    help: 'Name of the process, or path of its executable, matches.',
    example: "-name '/sshd$'",
    most: mostPatterns,
    negates: false,
    discloses: 'names',
    advice: 'name',
  }),
  libraries: regexes({
    flag: 'lib',
    help: 'Path of a mapped file matches.',
    example: "-lib 'libcrypto\\.so\\.1\\.0'",
    most: mostPatterns,
    negates: false,
    discloses: 'names',
    advice: 'text',
  }),
  bytes: byteStrings({
    flag: 'bytes',
    help: 'Has these bytes in memory, ?? for any byte.',
    example: "-bytes '4d5a??00'",
    most: mostPatterns,
  }),
  contents: regexes({
    flag: 'content',
    engine: 'memory',
    help: 'Has a match in memory.',
    example: "-content 'AKIA[0-9A-Z]{16}'",
    most: mostPatterns,
    negates: false,
    former: ['regexes'],
    discloses: 'content',
    advice: 'text',
  }),
  signs,
};

const options = {
  matchall: allOrAny({
    all: 'A process must match all filters, which is the default.',
    any: 'Each filter counts on its own; then all memory of all processes is read.',
  }),
  matchlimit: matchLimit('processes'),
  offset: number({
    flag: 'offset',
    value: 'address',
    unit: 'bytes',
    fallback: 0,
    most: Number.MAX_SAFE_INTEGER,
    help: 'Address in each process at which to begin; 0 without this flag.',
  }),
  maxlength: number({
    flag: 'maxlength',
    value: 'bytes',
    unit: 'bytes',
    fallback: 0,
    most: Number.MAX_SAFE_INTEGER,
    help: 'Reads this many bytes of each process, 0 for all; 0 without this flag.',
  }),
  logfailures: onSwitch({
    flag: 'logfailures',
    help: 'Gives the reason for each process that could not be examined. All are counted.',
  }),
};

/** One matching value of a filter. */
export const Match = z.strictObject({
  value: z.string(),
  /** Kind of the mapping with the lowest match: `heap`, `anonymous executable`, … */
  mapping: z.string().optional(),
  /** The mapped file, or the details of a sign. */
  detail: z.string().optional(),
});
export type Match = z.infer<typeof Match>;

/**
 * Never contains addresses or memory content. In texts a backslash is `\\`, and bytes that are not UTF-8 are `\xHH`.
 */
export const MemoryElement = z.strictObject({
  process: z.strictObject({
    pid: z.int(),
    name: z.string(),
    /** Path of the executable; null when there is none or it is not visible. */
    path: z.string().nullable(),
  }),
  /** All matches, by filter. */
  search: z.partialRecord(z.enum(filterNames), z.array(Match)),
});
export type MemoryElement = z.infer<typeof MemoryElement>;

function toMatches({ search: matched }: MemoryElement): string[] {
  return Object.entries(matched).flatMap(([filter, matches]) =>
    matches.map(({ value, mapping, detail }) => {
      const where = mapping === undefined ? '' : ` in ${mapping} memory`;
      return `${filter} '${value}'${where}${detail === undefined ? '' : ` (${detail})`}`;
    }),
  );
}

const columns: readonly Column<MemoryElement>[] = [
  {
    name: 'pid',
    kind: 'number',
    line: 'head',
    help: 'Number of the process.',
    discloses: 'metadata',
    value: ({ process }) => process.pid,
  },
  {
    name: 'name',
    kind: 'text',
    line: 'head',
    help: 'Name of the process.',
    discloses: 'names',
    value: ({ process }) => process.name,
  },
  {
    name: 'path',
    kind: 'path',
    line: 'detail',
    help: 'Path of the executable.',
    discloses: 'names',
    value: ({ process }) => process.path,
  },
  {
    name: 'matched',
    kind: 'list',
    line: 'none',
    help: 'What matched, and where.',
    discloses: 'names',
    value: toMatches,
  },
];

type Counted = Readonly<Partial<Record<FilterName, readonly string[] | undefined>>>;

export const module = defineModule({
  name: 'memory',
  summary: 'Which processes hold these bytes, map this library or show a sign of an implant?',
  platforms: ['linux', 'darwin', 'win32'],
  needs: ['files', 'processes', 'mapped-files'],
  search,
  options,
  needsOne: filterNames,
  check: ({ searches }) => {
    const counts = Object.values(searches).map(
      ({ bytes = [], contents = [] }: Counted) => bytes.length + contents.length,
    );
    return counts.reduce((sum, count) => sum + count, 0) > mostPatterns
      ? `expected at most ${mostPatterns} bytes and contents in all searches together`
      : undefined;
  },
  advise: ({ names = [], libraries = [], contents = [], bytes = [] }) =>
    contents.length + bytes.length > 0 && names.length + libraries.length === 0
      ? ['this reads the memory of every process on every machine; a name first (-name, -lib) makes it cheap']
      : [],
  // A process has a name and a path, and maps several files.
  contradict: ({ names, libraries, options: { matchall } }) =>
    matchall
      ? [
          ...contradictPatterns('names', toWritten(names), severalTexts),
          ...contradictPatterns('libraries', toWritten(libraries), severalTexts),
        ]
      : [],
  element: MemoryElement,
  columns,
  toReason: (element) => ` on ${toMatches(element).join(', ')}`,
  key: ['name', 'path', 'matched'],
  counts: {
    processcount: { help: 'Processes examined.' },
    memoryread: { help: 'Memory read.', unit: 'bytes' },
    memoryswapped: { help: 'Swapped-out memory, which was not read.', unit: 'bytes' },
  },
  examples: [
    { command: 'mig memory -t all -sign all', says: 'finds processes that show a sign of an implant.' },
    { command: "mig memory -t all -bytes '4d5a9000??000000'", says: 'finds processes that hold these bytes.' },
    {
      command: "mig memory -t all -name '/java$' -content 'jndi:(ldap|rmi)://'",
      says: 'finds Java processes with such a text in memory.',
    },
    { command: "mig memory -t all -lib 'liblzma\\.so\\.5\\.6\\.[01]$'", says: 'finds processes that use a library.' },
  ],
});

export type MemoryParameters = ParametersOf<typeof module>;
export type Search = MemoryParameters['searches'][string];
