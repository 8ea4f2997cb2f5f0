/** The result of an action, plain: one entry per operation, each with the receipt of what was examined. */

import * as z from 'zod';
import { ActionId, AgentId, Sha256 } from '../base/identifiers.ts';
import { Instant } from '../base/instant.ts';
import { maximumTags } from '../base/limits.ts';
import { TrustStatus } from '../trust/trust-status.ts';

/** Reasons why something was not looked at; `nothing found` is only worth what was examined. */
export const SkipReason = z.enum([
  'no-permission',
  'vanished',
  'changed-while-read',
  'other-file-system',
  'special-file',
  /** To a folder, or into a network or pseudo file system. */
  'link-outside',
  'link-loop',
  'too-deep',
  'match-limit',
  'size-limit',
  'protected',
  /** The hour's questions about protected things are used up. */
  'question-limit',
  /** Memory that was swapped out: reading would bring it back. */
  'not-resident',
  /** A file that a program (FUSE) or another machine holds: reading it could wait for ever. */
  'remote-file',
  'read-error',
  'unsupported',
  /** The system does not tell what a filter asks for. */
  'undecided',
]);
export type SkipReason = z.infer<typeof SkipReason>;

/** Skips that follow from the question, not from a failure; and what is not there, which is an answer. */
export const outOfScopeReasons: ReadonlySet<SkipReason> = new Set([
  'vanished',
  'special-file',
  'link-outside',
  'link-loop',
  'too-deep',
  'other-file-system',
]);

/** More sources than any module reads; those beyond are not named. */
export const maximumSources = 1000;

/** A database, table or folder whose entries a module lists. */
export const Source = z.strictObject({
  /** `dpkg`, `rpm`, `pip`. */
  kind: z.string().max(64),
  /** Absent in an answer without names. */
  path: z.string().max(4096).optional(),
  /** Absent in a yes-or-no answer. */
  entries: z.int().nonnegative().optional(),
  /** False when a part of it could not be read: what it does not list is unknown, not absent. */
  complete: z.boolean(),
  /** Of a log: when its first and its last entry were written. Absent in a yes-or-no answer. */
  from: Instant.optional(),
  to: Instant.optional(),
});
export type Source = z.infer<typeof Source>;

export const Receipt = z.strictObject({
  /** Counts of what was examined, by kind: `{"files": 1200, "directories": 90, "bytes": 1048576}`. */
  examined: z.record(z.string().max(64), z.number().nonnegative()),
  skipped: z.array(z.strictObject({ reason: SkipReason, count: z.int().nonnegative() })),
  /** Sources that were there, by modules that list what others wrote down. */
  sources: z.array(Source).max(maximumSources).optional(),
  /** Questions about protected content that were answered. */
  protectedquestions: z.int().nonnegative(),
  /** Null when the work was finished; else what ended it early. */
  cutshort: z.enum(['time', 'match-limit', 'memory', 'cancelled', 'result-size']).nullable(),
  cost: z.strictObject({
    wallms: z.number().nonnegative(),
    cpums: z.number().nonnegative(),
    /** Peak resident memory of the module process. */
    peakbytes: z.number().nonnegative(),
  }),
});
export type Receipt = z.infer<typeof Receipt>;

/** `elements` have the module's own shape, as its declaration says. */
export const OperationResult = z.strictObject({
  success: z.boolean(),
  foundanything: z.boolean(),
  elements: z.unknown(),
  /** Numbers alone: they are told also where names are kept back. */
  statistics: z.record(z.string().max(64), z.number()),
  errors: z.array(z.string()),
  receipt: Receipt,
});
export type OperationResult = z.infer<typeof OperationResult>;

export const Result = z.strictObject({
  agent: z.strictObject({
    id: AgentId,
    name: z.string().max(255),
    /** Absent in answers of earlier agents, as the time is. */
    tags: z
      .record(z.string().max(64), z.string().max(256))
      .refine((tags) => Object.keys(tags).length <= maximumTags, `expected at most ${maximumTags} tags`)
      .optional(),
  }),
  /** When it was written, by the agent's clock. */
  time: Instant.optional(),
  action: ActionId,
  /** SHA-256 of the signed bytes that were run: an altered action cannot borrow this answer. */
  actiondigest: Sha256,
  operations: z.array(OperationResult),
  /** The list that the agent goes by; absent when it knows only whom it was built with. */
  trust: TrustStatus.optional(),
});
export type Result = z.infer<typeof Result>;

/** The receipt of an operation that examined nothing. */
export function emptyReceipt(cutshort: Receipt['cutshort'] = null): Receipt {
  return { examined: {}, skipped: [], protectedquestions: 0, cutshort, cost: { wallms: 0, cpums: 0, peakbytes: 0 } };
}
