/** A module that misbehaves on request, for the tests of what surrounds modules; never part of an agent that is shipped. */
import * as z from 'zod';
import { defineLists, type ParametersOf } from '../kit/define-module.ts';
import { choice, inFilesOnly } from '../kit/fields.ts';

/** What a module with a defect could be made to do by whoever wrote the file that it reads. */
export const Attempt = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('read'), path: z.string() }),
  /** Opens it for reading, and reads nothing: a disk has no end that is near. */
  z.strictObject({ kind: z.literal('open'), path: z.string() }),
  /** Makes the file, or empties it. */
  z.strictObject({ kind: z.literal('write'), path: z.string() }),
  /** Opens what is there for writing. */
  z.strictObject({ kind: z.literal('change'), path: z.string() }),
  z.strictObject({ kind: z.literal('remove'), path: z.string() }),
  z.strictObject({ kind: z.literal('start'), program: z.string() }),
  z.strictObject({ kind: z.literal('connect'), port: z.int() }),
  z.strictObject({ kind: z.literal('kill'), pid: z.int() }),
  /** A system call by its number; `library` makes it: see tools/lab/system-call.c. `parent` stands for the agent's pid. */
  z.strictObject({
    kind: z.literal('call'),
    library: z.string(),
    number: z.int(),
    parameters: z.array(z.union([z.int(), z.literal('parent')])).max(6),
  }),
]);
export type Attempt = z.infer<typeof Attempt>;

const faults = [
  /** Answers at once that nothing was found. */
  'none',
  /** Dies by a segmentation fault. */
  'crash',
  /** Never gives the processor back. */
  'hang',
  /** Works until it is told to end, then says why it ended. */
  'wait',
  /** Takes memory until there is none, in large pieces; the failure can be caught. */
  'allocate',
  /** The same on the heap of JavaScript, which ends the process. */
  'grow',
  'throw',
  /** Answers more than any limit allows. */
  'flood',
  /** Answers a third of what the limit allows, of letters that do not compress. */
  'fill',
  /** Ends the process that checks its parameters: the agent itself. */
  'end-agent',
  /** Does what it has no right to, and answers with what became of it. */
  'attempt',
] as const;

function endProcess(): never {
  process.exit(70);
}

const fault = choice({ flag: 'fault', of: faults, help: 'What to do.', discloses: 'nothing' });

/** What became of an attempt: `done`, or the code of the error that refused it. */
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
    /** As a module that needs to look into other processes. */
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
