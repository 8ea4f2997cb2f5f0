/** A module that misbehaves on request, for tests of the module host; never part of a shipped agent. */
import * as z from 'zod';
import { defineLists, type ParametersOf } from '../kit/define-module.ts';
import { choice, inFilesOnly } from '../kit/fields.ts';

/** What a malicious file could make a vulnerable module do. */
export const Attempt = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('read'), path: z.string() }),
  /** Opens the file for reading but reads nothing: the end of a disk is far away. */
  z.strictObject({ kind: z.literal('open'), path: z.string() }),
  /** Creates or truncates the file. */
  z.strictObject({ kind: z.literal('write'), path: z.string() }),
  /** Opens an existing file for writing. */
  z.strictObject({ kind: z.literal('change'), path: z.string() }),
  z.strictObject({ kind: z.literal('remove'), path: z.string() }),
  z.strictObject({ kind: z.literal('start'), program: z.string() }),
  z.strictObject({ kind: z.literal('connect'), port: z.int() }),
  z.strictObject({ kind: z.literal('kill'), pid: z.int() }),
  /** A system call by number; `library` makes it, see tools/lab/system-call.c. `parent` stands for the agent's pid. */
  z.strictObject({
    kind: z.literal('call'),
    library: z.string(),
    number: z.int(),
    parameters: z.array(z.union([z.int(), z.literal('parent')])).max(6),
  }),
]);
export type Attempt = z.infer<typeof Attempt>;

const faults = [
  /** Answers at once with nothing found. */
  'none',
  /** Crashes with a segmentation fault. */
  'crash',
  /** Blocks the event loop for ever. */
  'hang',
  /** Works until asked to end, then reports the reason. */
  'wait',
  /** Allocates large pieces of memory until it fails; the failure can be caught. */
  'allocate',
  /** The same on JavaScript's heap, which ends the process. */
  'grow',
  'throw',
  /** Returns a result over any limit. */
  'flood',
  /** Returns a result of a third of the limit, in letters that do not compress. */
  'fill',
  /** Kills the process that validates its parameters: the agent itself. */
  'end-agent',
  /** Attempts forbidden actions and returns their outcome. */
  'attempt',
] as const;

function endProcess(): never {
  process.exit(70);
}

const fault = choice({ flag: 'fault', of: faults, help: 'What to do.', discloses: 'nothing' });

/** The outcome of an attempt: `done`, or the code of the error. */
const FaultElement = z.strictObject({ outcome: z.string() });
export type FaultElement = z.infer<typeof FaultElement>;

export const module = defineLists({
  name: 'fault',
  isForTests: true,
  summary: 'misbehaves on request, in test builds only',
  platforms: ['linux', 'darwin', 'win32'],
  needs: ['files', 'processes', 'mapped-files'],
  needsOf: ({ readsProcesses }) => (readsProcesses ? ['files', 'processes', 'mapped-files'] : ['files']),
  lists: {
    fault: { ...fault, schema: fault.schema.refine((chosen) => chosen !== 'end-agent' || endProcess()) },
    attempts: inFilesOnly(z.array(Attempt).optional()),
    /** With the needs of a module that reads other processes. */
    readsProcesses: inFilesOnly(z.boolean().default(false)),
  },
  needsOne: ['fault'],
  element: FaultElement,
  columns: [],
  key: [],
  counts: {},
  examples: [],
});

export type FaultParameters = ParametersOf<typeof module>;
