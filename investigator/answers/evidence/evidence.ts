/** An investigation as one file that needs nobody to be checked: docs/evidence.md is its format. */
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import * as z from 'zod';
import { Envelope } from '../../../protocol/action/envelope.ts';
import { Counts, Report } from '../../../protocol/api/api.ts';
import { CodedError, toMessage } from '../../../protocol/base/coded-error.ts';
import { PlainFingerprint } from '../../../protocol/base/identifiers.ts';
import { Instant } from '../../../protocol/base/instant.ts';
import { parseCanonicalJson, toCanonicalJson } from '../../../protocol/base/strict-json.ts';
import { writeNamedFile } from '../../cli/named-file.ts';

type EvidenceCode = 'evidence-unreadable';

/** Keeps the exporter's signature from being one for anything else. */
const evidenceContext = 'mig evidence v1\n';
const maximumEvidenceBytes = 400 * 1024 * 1024;
/** A hundred thousand reports. */
const maximumValues = 1024 * 1024;
/** `Report` and the objects around it. */
const maximumDepth = 16;

export const Evidence = z.strictObject({
  exported: Instant,
  /** The relay, as the exporter says. */
  server: z.string().max(2048),
  envelope: Envelope,
  /** Armored public keys of the signers and of the exporter, as they were at that time. */
  keys: z
    .array(z.string().max(256 * 1024))
    .min(1)
    .max(64),
  /** Private half of the action's reply key, which opens the answers of this action and nothing else; base64. */
  replykey: z.base64().length(44),
  /** How many agents were in which state, as the relay told: it can leave agents out. */
  counts: Counts,
  /** Every report, signed by its agent. */
  reports: z.array(Report),
});
export type Evidence = z.infer<typeof Evidence>;

export const EvidenceFile = z.strictObject({
  format: z.literal('mig evidence v1'),
  evidence: Evidence,
  exporter: PlainFingerprint,
  /** Armored detached OpenPGP signature of the exporter over `evidenceContext || canonical JSON of evidence`. */
  signature: z.string().max(8192),
});
export type EvidenceFile = z.infer<typeof EvidenceFile>;

export function toEvidenceBytes(evidence: Evidence): Buffer {
  return Buffer.concat([Buffer.from(evidenceContext, 'utf8'), toCanonicalJson(evidence)]);
}

export function writeEvidenceFile(path: string, file: EvidenceFile): void {
  writeNamedFile(path, toCanonicalJson(file));
}

const beginning = '{"evidence":{';

/** Whether the file is there and begins as evidence does, whose keys are in order. */
export function isEvidenceFile(path: string): boolean {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'r');
    const bytes = Buffer.alloc(beginning.length);
    return readSync(descriptor, bytes) === bytes.length && bytes.toString('utf8') === beginning;
  } catch {
    return false;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** @throws CodedError<EvidenceCode> */
export function readEvidenceFile(path: string): EvidenceFile {
  try {
    const bounds = { maxBytes: maximumEvidenceBytes, maxValues: maximumValues, maxDepth: maximumDepth };
    return EvidenceFile.parse(parseCanonicalJson(readFileSync(path), bounds));
  } catch (cause) {
    throw new CodedError<EvidenceCode>('evidence-unreadable', `expected evidence in ${path}: ${toMessage(cause)}`, {
      hint: 'mig export writes it; any change to the file makes it unreadable or its signature bad',
      cause,
    });
  }
}
