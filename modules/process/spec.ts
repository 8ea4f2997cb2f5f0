/** What the process module is asked and what it answers. */
import * as z from 'zod';
import type { ModuleSpec } from '../contract.ts';
import { patternSchema } from '../shared/pattern.ts';
import { strictShape } from '../shared/strict-shape.ts';
import { parseDuration, sha2Of } from './values.ts';

const maximumSearches = 64;
const maximumPatterns = 256;
const maximumValues = 10_000;

const patterns = z
  .array(patternSchema({ mayNegate: true }))
  .max(maximumPatterns)
  .optional();

function textOf(isValid: (text: string) => boolean, expected: string) {
  return z
    .string()
    .max(256)
    .refine(isValid, { error: ({ input }) => `expected ${expected}, got ${JSON.stringify(String(input))}` });
}

const age = textOf((text) => parseDuration(text) !== undefined, 'an age such as 90d or 5h (s m h d w)').optional();

export const SearchOptions = strictShape({
  /** Hits of this search; 0 for no limit. */
  matchlimit: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(1000),
  /** Adds the SHA-256 of what each process runs. */
  returnsha256: z.boolean().default(false),
});

/** A process is listed when all of it holds; without any filter every process is. */
export const Search = strictShape({
  description: z.string().max(2048).optional(),
  /** RE2 on the name; a leading `!` negates, here and below. */
  names: patterns,
  /** RE2 on the arguments with a space between them. */
  cmds: patterns,
  /** RE2 on the path of the executable. */
  exes: patterns,
  /** RE2 on the name of the user as whom it acts, or on the number. */
  users: patterns,
  /** Numbers of parents, any of them. */
  ppids: z
    .array(
      z
        .int()
        .min(0)
        .max(2 ** 31 - 1),
    )
    .max(maximumValues)
    .optional(),
  /** Digests of the executable, any of them. */
  sha2: z
    .array(textOf((text) => sha2Of(text) !== undefined, 'a digest of 56, 64, 96 or 128 hex digits'))
    .max(maximumValues)
    .optional(),
  /** Whether no file has the executable's name any more: it was deleted, replaced or never was on disk. */
  deleted: z.boolean().optional(),
  /** Started earlier than so long ago: `5h`. */
  olderthan: age,
  /** Started within the last: `10m`. */
  newerthan: age,
  options: SearchOptions.prefault({}),
});
export type Search = z.infer<typeof Search>;

export const ProcessParameters = strictShape({
  searches: z
    .record(z.string().min(1).max(64), Search)
    .refine((searches) => Object.keys(searches).length >= 1 && Object.keys(searches).length <= maximumSearches, {
      error: `expected 1 to ${maximumSearches} searches`,
    }),
});
export type ProcessParameters = z.infer<typeof ProcessParameters>;

/** Text from the system has `\\` for a backslash and `\xHH` for bytes that are not UTF-8. */
export const ProcessElement = z.strictObject({
  pid: z.int(),
  ppid: z.int(),
  name: z.string(),
  /** Arguments with a space between them; what looks like a secret is `<redacted>`. */
  cmd: z.string(),
  /** Path of the executable; null when there is none (a kernel thread) or it may not be seen. */
  exe: z.string().nullable(),
  /** Where the executable is when no file has its name any more. */
  deleted: z.enum(['deleted', 'memory']).optional(),
  sha256: z.string().optional(),
  /** Null when the system does not say. */
  user: z.string().nullable(),
  /** Go's text in UTC: `2016-07-05 15:32:42 +0000 UTC`; null when the system does not say. */
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

/** Hits by the search's label; a search without hits has an empty list. */
export const ProcessElements = z.record(z.string(), z.array(ProcessElement));
export type ProcessElements = z.infer<typeof ProcessElements>;

export const ProcessStatistics = z.strictObject({
  processcount: z.number(),
  totalhits: z.number(),
  /** Go's text of a duration: `1.5s`. */
  exectime: z.string(),
});
export type ProcessStatistics = z.infer<typeof ProcessStatistics>;

export const spec: ModuleSpec<ProcessParameters, ProcessElements> = {
  name: 'process',
  summary: 'Which processes have this name, command line, executable, user, parent or age?',
  platforms: ['linux', 'darwin', 'win32'],
  parameters: ProcessParameters,
  elements: ProcessElements,
  needs: () => ['files', 'processes'],
};
