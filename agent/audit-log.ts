/** The owner's log: every action that this agent ran or refused, each entry bound to the one before by its hash. */
import { join } from 'node:path';
import * as z from 'zod';
import { ActionId, Fingerprint, Sha256, sha256Hex } from '../protocol/identifiers.ts';
import { RefusalCode } from '../protocol/refusal.ts';
import { toCanonicalJson } from '../protocol/strict-json.ts';
import { AppendLog, readLines } from './append-log.ts';

const AskedOperation = z.strictObject({ module: z.string(), parameters: z.unknown() });

export const AuditEvent = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('started'), version: z.string(), agent: z.string() }),
  z.strictObject({
    kind: z.literal('accepted'),
    action: ActionId,
    name: z.string(),
    target: z.string(),
    /** The people, by their names in the environment, and the keys with which they signed. */
    signers: z.array(z.string()),
    keys: z.array(Fingerprint),
    operations: z.array(AskedOperation),
  }),
  z.strictObject({
    kind: z.literal('answered'),
    action: ActionId,
    state: z.enum(['succeeded', 'failed', 'cancelled']),
    foundanything: z.boolean(),
    /** Questions about protected things that were answered, and how many are left of this hour's. */
    protectedquestions: z.int().optional(),
    protectedleft: z.int().optional(),
    /** Things that were left out because they are protected. */
    protectedskipped: z.int().optional(),
    sealedbytes: z.int(),
    cpums: z.number(),
    wallms: z.number(),
  }),
  z.strictObject({
    kind: z.literal('refused'),
    /** Null when the message could not be read so far. */
    action: ActionId.nullable(),
    actiondigest: Sha256.nullable(),
    code: RefusalCode,
    detail: z.string(),
  }),
]);
export type AuditEvent = z.infer<typeof AuditEvent>;

export const AuditEntry = z.strictObject({
  sequence: z.int(),
  time: z.string(),
  event: AuditEvent,
  previous: Sha256,
  /** SHA-256 of the canonical JSON of all other fields. */
  hash: Sha256,
});
export type AuditEntry = z.infer<typeof AuditEntry>;

const beginning = '0'.repeat(64);

function hashOf(entry: Omit<AuditEntry, 'hash'>): string {
  return sha256Hex(toCanonicalJson(entry));
}

export function auditLogPath(directory: string): string {
  return join(directory, 'audit.jsonl');
}

/** The entries in order; a line that is not an entry is a broken log. */
export function readAuditLog(directory: string): AuditEntry[] {
  return readLines(auditLogPath(directory)).map((line) => AuditEntry.parse(JSON.parse(line)));
}

/** The sequence number of the first entry that does not follow from the one before, null when all do. */
export function findBrokenLink(entries: readonly AuditEntry[]): number | null {
  let previous = beginning;
  for (const [index, { hash, ...rest }] of entries.entries()) {
    if (rest.sequence !== index + 1 || rest.previous !== previous || hashOf(rest) !== hash) return index + 1;
    previous = hash;
  }
  return null;
}

export class AuditLog {
  readonly #log: AppendLog;
  #sequence: number;
  #head: string;

  constructor(directory: string) {
    const last = readLines(auditLogPath(directory)).at(-1);
    const entry = last === undefined ? null : AuditEntry.parse(JSON.parse(last));
    this.#sequence = entry?.sequence ?? 0;
    this.#head = entry?.hash ?? beginning;
    this.#log = AppendLog.open(auditLogPath(directory));
  }

  /** On the disk when this returns. */
  record(event: AuditEvent): void {
    const entry = { sequence: this.#sequence + 1, time: new Date().toISOString(), event, previous: this.#head };
    const hash = hashOf(entry);
    this.#log.append({ ...entry, hash });
    this.#sequence = entry.sequence;
    this.#head = hash;
  }

  close(): void {
    this.#log.close();
  }
}
