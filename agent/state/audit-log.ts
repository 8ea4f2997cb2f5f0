/** The audit log: every action that this agent ran or refused. Each entry holds the hash of the one before. */
import { readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { RefusalCode } from '../../protocol/agent-message/refusal.ts';
import {
  ActionId,
  AgentId,
  Fingerprint,
  PlainFingerprint,
  Sha256,
  sha256Hex,
} from '../../protocol/base/identifiers.ts';
import { toCanonicalJson } from '../../protocol/base/strict-json.ts';
import { AppendLog, readLines } from './append-log.ts';

const AskedOperation = z.strictObject({ module: z.string(), parameters: z.unknown() });

export const AuditEvent = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('started'),
    version: z.string(),
    agent: AgentId,
    /** The agent that this machine's state was copied from, with an image for example; told once. */
    copiedfrom: AgentId.optional(),
  }),
  z.strictObject({
    kind: z.literal('accepted'),
    action: ActionId,
    name: z.string(),
    target: z.string(),
    /** The people, by their names in the environment, and the keys with which they signed. */
    signers: z.array(z.string()),
    keys: z.array(Fingerprint),
    operations: z.array(AskedOperation),
    /** The key that the result is sealed to, and whose keys can open it. */
    replykey: z.string(),
    readers: z.array(PlainFingerprint),
  }),
  z.strictObject({
    kind: z.literal('reported'),
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
  /** A report that never reached the relay, or only as one that says so. */
  z.strictObject({ kind: z.literal('undelivered'), action: ActionId, why: z.string() }),
  z.strictObject({
    kind: z.literal('trusted'),
    /** Version of the trust list that is in force from now on. */
    version: z.int(),
    /** The people with root keys who signed it. */
    signers: z.array(z.string()),
    expires: z.string(),
  }),
  z.strictObject({ kind: z.literal('distrusted'), code: z.string(), detail: z.string(), counted: z.int().optional() }),
  z.strictObject({
    kind: z.literal('refused'),
    /** Null when the message could not be read so far. */
    action: ActionId.nullable(),
    actiondigest: Sha256.nullable(),
    code: RefusalCode,
    detail: z.string(),
    /** How many more of this code there were before, which were only counted. */
    counted: z.int().optional(),
  }),
  /** Refusals that were only counted, when the agent ended. */
  z.strictObject({ kind: z.literal('counted'), what: z.string(), counted: z.int() }),
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
/** Room for some ten thousand actions. */
const rotateAtBytes = 8 * 1024 * 1024;
/** Rotated files beside the current one. */
const keptFiles = 12;

function hashOf(entry: Omit<AuditEntry, 'hash'>): string {
  return sha256Hex(toCanonicalJson(entry));
}

export function auditLogPath(directory: string): string {
  return join(directory, 'audit.jsonl');
}

/** Files of earlier entries, the oldest first: `audit-000000000123.jsonl` begins with entry 123. */
function rotatedPaths(directory: string): string[] {
  return readdirSync(directory)
    .filter((name) => /^audit-\d{12}\.jsonl$/.test(name))
    .sort()
    .map((name) => join(directory, name));
}

/** The entries in order, those of rotated files first; a line that is not an entry is a broken log. */
export function readAuditLog(directory: string): AuditEntry[] {
  return [...rotatedPaths(directory), auditLogPath(directory)].flatMap((path) =>
    readLines(path).map((line) => AuditEntry.parse(JSON.parse(line))),
  );
}

/**
 * The sequence number of the first entry that does not follow from the one before, null when all do. A log may begin
 * later than with entry 1 only when as many rotated files are there as are kept.
 */
export function findBrokenLink(entries: readonly AuditEntry[], rotatedFiles = 0): number | null {
  const [first] = entries;
  const mayBeginLater = rotatedFiles >= keptFiles;
  let previous = mayBeginLater ? first?.previous : beginning;
  let sequence = mayBeginLater ? (first?.sequence ?? 1) : 1;
  for (const { hash, ...rest } of entries) {
    if (rest.sequence !== sequence || rest.previous !== previous || hashOf(rest) !== hash) return sequence;
    previous = hash;
    sequence += 1;
  }
  return null;
}

/** As `findBrokenLink`, of the log in a folder. */
export function verifyAuditLog(directory: string): { readonly entries: AuditEntry[]; readonly broken: number | null } {
  const entries = readAuditLog(directory);
  return { entries, broken: findBrokenLink(entries, rotatedPaths(directory).length) };
}

export interface AuditHead {
  readonly sequence: number;
  readonly hash: string;
}

export class AuditLog {
  readonly #directory: string;
  readonly #fileBytes: number;
  /** Null until something is recorded in the current file. */
  #log: AppendLog | null = null;
  #head: AuditHead;

  /** @param fileBytes a file that is larger is rotated; the oldest one goes when there are too many. */
  constructor(directory: string, fileBytes = rotateAtBytes) {
    this.#directory = directory;
    this.#fileBytes = fileBytes;
    const newest = [...rotatedPaths(directory), auditLogPath(directory)].reverse();
    const last = newest.map((path) => readLines(path).at(-1)).find((line) => line !== undefined);
    const entry = last === undefined ? null : AuditEntry.parse(JSON.parse(last));
    this.#head = { sequence: entry?.sequence ?? 0, hash: entry?.hash ?? beginning };
  }

  /** The latest entry; sequence 0 before the first one. */
  get head(): AuditHead {
    return this.#head;
  }

  /** On the disk when this returns; when it throws, the log is as it was. */
  record(event: AuditEvent): void {
    const log = this.#writable();
    const previous = this.#head;
    const entry = {
      sequence: previous.sequence + 1,
      time: new Date().toISOString(),
      event,
      previous: previous.hash,
    };
    const hash = hashOf(entry);
    log.append({ ...entry, hash });
    this.#head = { sequence: entry.sequence, hash };
  }

  #writable(): AppendLog {
    if (this.#log !== null && this.#log.sizeBytes >= this.#fileBytes) this.#rotate(this.#log);
    this.#log ??= AppendLog.open(auditLogPath(this.#directory));
    return this.#log;
  }

  /** The chain goes on in a new file; a crash or a full disk in between leaves a log without a current file, which is begun anew. */
  #rotate(full: AppendLog): void {
    full.close();
    this.#log = null;
    const path = auditLogPath(this.#directory);
    const [first] = readLines(path);
    const { sequence } = AuditEntry.parse(JSON.parse(first ?? ''));
    renameSync(path, join(this.#directory, `audit-${String(sequence).padStart(12, '0')}.jsonl`));
    for (const old of rotatedPaths(this.#directory).slice(0, -keptFiles)) rmSync(old);
  }

  close(): void {
    this.#log?.close();
  }
}
