/** An action on its way from signer to signer: the submission that the server will be given, as a file. */
import * as z from 'zod';
import type { Action } from '../../protocol/action/action.ts';
import { parseSignedBytes } from '../../protocol/action/envelope.ts';
import { ActionSubmission } from '../../protocol/api/api.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import { maximumSignatures } from '../../protocol/base/limits.ts';
import { parseJson } from '../../protocol/base/strict-json.ts';
import { writeNamedFile } from '../cli/named-file.ts';

type SignedFileCode = 'signed-file-malformed' | 'too-many-signatures';

/** An action in base64, its signatures and the wrapped key. */
const maximumFileBytes = 768 * 1024;

const maximumFileValues = 64;

export interface SignedAction {
  readonly submission: ActionSubmission;
  readonly signedBytes: Buffer;
  /** Read before any signature is checked: shown to people, believed by nobody. */
  readonly action: Action;
}

/** @throws CodedError malformed when the bytes are no action. */
export function toSignedAction(submission: ActionSubmission): SignedAction {
  const signedBytes = Buffer.from(submission.envelope.payload, 'base64');
  return { submission, signedBytes, action: parseSignedBytes(signedBytes) };
}

function parseObject(bytes: Uint8Array): unknown {
  try {
    return parseJson(bytes, { maxBytes: maximumFileBytes, maxValues: maximumFileValues });
  } catch {
    return undefined;
  }
}

/** Whether these bytes have been signed before, or are a question that somebody wrote. */
export function isSignedFile(bytes: Uint8Array): boolean {
  return z.looseObject({ envelope: z.unknown() }).safeParse(parseObject(bytes)).data?.envelope !== undefined;
}

function describeOther(bytes: Uint8Array, content: unknown): string {
  if (bytes.length > maximumFileBytes)
    return `it has ${bytes.length} bytes, and a signed action has at most ${maximumFileBytes}`;
  return content === undefined ? 'it is no JSON' : 'it is another file, or damaged';
}

/** @throws CodedError<SignedFileCode | 'malformed'> */
export function parseSignedFile(bytes: Uint8Array, path: string): SignedAction {
  const content = parseObject(bytes);
  const parsed = ActionSubmission.safeParse(content);
  if (!parsed.success)
    throw new CodedError<SignedFileCode>('signed-file-malformed', `expected a file that mig sign wrote in ${path}`, {
      hint: `${describeOther(bytes, content)}; mig sign QUESTION -o SIGNED writes one`,
      cause: parsed.error,
    });
  return toSignedAction(parsed.data);
}

/** @throws CodedError<SignedFileCode> */
export function addSignature({ submission }: SignedAction, signature: string): ActionSubmission {
  const { envelope, wrappedreplykey } = submission;
  if (envelope.signatures.length >= maximumSignatures)
    throw new CodedError<SignedFileCode>('too-many-signatures', `expected at most ${maximumSignatures} signatures`);
  return { envelope: { ...envelope, signatures: [...envelope.signatures, signature] }, wrappedreplykey };
}

export function writeSignedFile(path: string, submission: ActionSubmission): void {
  writeNamedFile(path, `${JSON.stringify(submission)}\n`);
}
