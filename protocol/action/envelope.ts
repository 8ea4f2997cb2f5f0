/** An action as it travels: the exact bytes that were signed, and the detached OpenPGP signatures over them. */

import * as z from 'zod';
import { CodedError } from '../base/coded-error.ts';
import { maximumSignatures } from '../base/limits.ts';
import { parseCanonicalJson, toCanonicalJson } from '../base/strict-json.ts';
import { Action, maximumActionBytes, maximumActionValues } from './action.ts';

/** The context of an action's signature: one that was made for anything else does not fit. */
export const actionContext = 'mig action v3\n';
const contextBytes = Buffer.from(actionContext, 'utf8');

/** One armored detached signature (RFC 9580, 10.4), holding one OpenPGP signature packet. */
export const ArmoredSignature = z.string().max(8192);

export const Envelope = z.strictObject({
  /** Base64 of `actionContext` followed by the action in canonical JSON (RFC 8785). */
  payload: z.base64().max(4 * Math.ceil((maximumActionBytes + contextBytes.length) / 3)),
  signatures: z.array(ArmoredSignature).min(1).max(maximumSignatures),
});
export type Envelope = z.infer<typeof Envelope>;

export type EnvelopeCode = 'malformed';

/** The bytes to sign for an action. */
export function toSignedBytes(action: Action): Buffer {
  return Buffer.concat([contextBytes, toCanonicalJson(action)]);
}

/**
 * Reads the action out of signed bytes. Verify the signatures over the same bytes first.
 * @throws CodedError malformed
 */
export function parseSignedBytes(bytes: Uint8Array): Action {
  const head = bytes.subarray(0, contextBytes.length);
  if (!contextBytes.equals(head))
    throw new CodedError<EnvelopeCode>(
      'malformed',
      `expected signed bytes that begin with ${JSON.stringify(actionContext)}`,
    );
  let value: unknown;
  try {
    value = parseCanonicalJson(bytes.subarray(contextBytes.length), {
      maxBytes: maximumActionBytes,
      maxValues: maximumActionValues,
    });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'expected canonical JSON';
    throw new CodedError<EnvelopeCode>('malformed', why, { cause });
  }
  const parsed = Action.safeParse(value);
  if (!parsed.success)
    throw new CodedError<EnvelopeCode>('malformed', z.prettifyError(parsed.error), { cause: parsed.error });
  return parsed.data;
}
