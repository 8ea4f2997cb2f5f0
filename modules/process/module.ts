/** The declaration of the process module: its parameters and its answer. */
import * as z from 'zod';
import { parseSeconds } from '../kit/amount.ts';
import type { Column } from '../kit/column.ts';
import { defineModule, type ParametersOf } from '../kit/define-module.ts';
import { digestAlgorithmOf } from '../kit/digest-algorithms.ts';
import { matchLimit, numbers, onSwitch, regexes, triState, value, values } from '../kit/fields.ts';
import { describeCapabilities } from './capabilities.ts';
import { contradictProcesses } from './contradictions.ts';

const mostPatterns = 256;

function patterns(flag: string, help: string, example: string, discloses: 'names' | 'metadata' | 'content') {
  return regexes({ flag, help, example, most: mostPatterns, negates: true, discloses, advice: 'text' });
}

function age(flag: string, help: string, example?: string) {
  return value('age', {
    flag,
    help,
    ...(example === undefined ? {} : { example }),
    isValid: (text) => parseSeconds(text) !== undefined,
    expected: 'an age such as 90d or 5h (s m h d w)',
    discloses: 'metadata',
  });
}

/** In texts of the system a backslash is `\\`, and bytes that are not UTF-8 are `\xHH`. */
export const ProcessElement = z.strictObject({
  pid: z.int(),
  ppid: z.int(),
  name: z.string(),
  /** Arguments separated by a space; likely secrets are `<redacted>`. */
  cmd: z.string(),
  /** Path of the executable; null when there is none (a kernel thread) or it is not visible. */
  exe: z.string().nullable(),
  /** Where the executable is when its file has no name. */
  deleted: z.enum(['deleted', 'memory']).optional(),
  sha256: z.string().optional(),
  /** Null if the system does not say. */
  user: z.string().nullable(),
  /** Go's format in UTC: `2016-07-05 15:32:42 +0000 UTC`; null if the system does not say. */
  started: z.string().nullable(),
  /** `docker/<id>`. */
  container: z.string().optional(),
  /** Effective ones by name, or `all`. */
  capabilities: z.array(z.string()).optional(),
  listening: z
    .array(z.strictObject({ protocol: z.enum(['tcp', 'udp']), address: z.string(), port: z.int() }))
    .optional(),
});
export type ProcessElement = z.infer<typeof ProcessElement>;

function toPorts({ listening = [] }: ProcessElement): string[] {
  return listening.map(
    ({ protocol, address, port }) => `${protocol}/${address.includes(':') ? `[${address}]` : address}:${port}`,
  );
}

const columns: readonly Column<ProcessElement>[] = [
  { name: 'pid', kind: 'number', line: 'head', help: 'Number.', discloses: 'metadata', value: ({ pid }) => pid },
  { name: 'name', kind: 'text', line: 'head', help: 'Name.', discloses: 'names', value: ({ name }) => name },
  { name: 'ppid', kind: 'number', line: 'detail', help: 'Parent.', discloses: 'metadata', value: ({ ppid }) => ppid },
  {
    name: 'user',
    kind: 'text',
    line: 'detail',
    help: 'Effective user.',
    discloses: 'metadata',
    value: ({ user }) => user,
  },
  {
    name: 'started',
    kind: 'time',
    line: 'detail',
    help: 'When.',
    discloses: 'metadata',
    value: ({ started }) => started,
  },
  {
    name: 'exe',
    kind: 'path',
    line: 'detail',
    help: 'Path of the executable.',
    discloses: 'names',
    value: ({ exe }) => exe,
  },
  {
    name: 'executable',
    kind: 'choice',
    line: 'detail',
    help: 'State of an executable without a file name: deleted or never on disk.',
    discloses: 'metadata',
    value: ({ deleted }) => (deleted === 'memory' ? 'never on disk' : deleted),
  },
  {
    name: 'sha256',
    kind: 'digest',
    line: 'detail',
    help: 'Digest of the executable.',
    discloses: 'metadata',
    value: ({ sha256 }) => sha256,
  },
  {
    name: 'container',
    kind: 'text',
    line: 'detail',
    help: 'Container that it runs in.',
    discloses: 'metadata',
    value: ({ container }) => container,
  },
  {
    name: 'capabilities',
    kind: 'list',
    line: 'detail',
    help: 'Effective capabilities.',
    discloses: 'metadata',
    value: ({ capabilities }) => capabilities,
    toText: ({ capabilities = [] }) => describeCapabilities(capabilities),
  },
  {
    name: 'listening',
    kind: 'list',
    line: 'detail',
    help: 'Ports that it listens on.',
    discloses: 'metadata',
    value: toPorts,
  },
  {
    name: 'cmd',
    kind: 'text',
    line: 'detail',
    help: 'Arguments, without secrets.',
    discloses: 'metadata',
    value: ({ cmd }) => cmd,
  },
];

export const module = defineModule({
  name: 'process',
  summary: 'Which processes have this name, command line, executable, user, parent or age?',
  platforms: ['linux', 'darwin', 'win32'],
  // The kernel's socket tables have the ports on which a process listens.
  needs: ['files', 'processes', 'kernel-tables'],
  search: {
    names: patterns(
      'name',
      'Name matches; !regex: does not. All filters must hold; without any, all are listed.',
      "-name '^sshd$'",
      'names',
    ),
    cmds: patterns(
      'cmd',
      'Arguments, with a blank between them, match; !regex: do not.',
      "-cmd 'base64 -d'",
      'content',
    ),
    exes: patterns('exe', 'Path of the executable matches; !regex: does not.', "-exe '^/(tmp|dev/shm)/'", 'names'),
    users: patterns('user', 'Name or number of the user matches; !regex: does not.', "-user '!^root$'", 'metadata'),
    ppids: numbers({
      flag: 'ppid',
      help: 'Parent is one of these processes.',
      example: '-ppid 1',
      mostValue: 2 ** 31 - 1,
      discloses: 'metadata',
    }),
    sha2: values('digest', {
      flag: 'sha2',
      value: 'hex',
      help: 'Executable has one of these SHA-2 digests, also when it was deleted.',
      example: '-sha2 e3b0c44298fc1c14…',
      isValid: (text) => digestAlgorithmOf('sha2', text) !== undefined,
      expected: 'a digest of 56, 64, 96 or 128 hex digits',
      mostCharacters: 256,
      discloses: 'content',
    }),
    deleted: triState({
      flag: 'deleted',
      help: 'Executable was deleted or replaced, or never was on disk (memfd).',
      discloses: 'metadata',
    }),
    olderthan: age('olderthan', 'Started before this time span; s m h d w.'),
    newerthan: age('newerthan', 'Started within this time span; s m h d w.', '-newerthan 10m'),
  },
  options: {
    returnsha256: onSwitch({ flag: 'returnsha256', help: 'Adds the SHA-256 of each executable.' }),
    matchlimit: matchLimit('hits'),
  },
  contradict: contradictProcesses,
  element: ProcessElement,
  columns,
  key: ['name', 'exe', 'cmd'],
  counts: { processcount: { help: 'Processes examined.' } },
  examples: [
    { command: 'mig process -t all -deleted', says: 'finds running programs that are no longer on disk.' },
    {
      command: "mig process -t all -exe '^/(tmp|var/tmp|dev/shm)/' -returnsha256",
      says: 'finds programs that run from places where anybody may write.',
    },
    { command: 'mig process -t all -sha2 <hex>', says: 'finds an executable by its digest while it runs.' },
    {
      command: "mig process -t all -cmd 'curl.*\\| *(ba)?sh' -newerthan 1d",
      says: 'finds downloads that were piped into a shell today.',
    },
  ],
});

export type ProcessParameters = ParametersOf<typeof module>;
export type Search = ProcessParameters['searches'][string];
