/** The private half of an action's reply key, as it waits on the relay: encrypted to those who may open the answers. */
import { createPrivateKey, createPublicKey } from 'node:crypto';
import * as z from 'zod';
import type { Action } from '../../protocol/action/action.ts';
import { assertWrappedReplyKey } from '../../protocol/action/wrapped-reply-key.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import { ActionId } from '../../protocol/base/identifiers.ts';
import { parseJson } from '../../protocol/base/strict-json.ts';
import type { ReplyKey } from '../../protocol/result/sealed.ts';
import type { InvestigatorKey } from '../keys/investigator-key.ts';
import type { PublicKeyFile } from '../keys/public-key-file.ts';

type ReplyKeyCode = 'reply-key-mismatch';

const WrappedReplyKey = z.strictObject({
  action: ActionId,
  /** Base64 of the raw 32 bytes (RFC 7748). */
  replykey: z.base64().length(44),
});

const maximumBytes = 4096;

/** DER prefix of a PKCS #8 PrivateKeyInfo for X25519 (RFC 8410, 7); the raw key follows. */
const privatePrefix = Buffer.from('302e020100300506032b656e04220420', 'hex');
const publicKeyBytes = 32;

/** Computes the public half of a reply key; both in base64 of the raw bytes. */
export function toPublicHalf(privateHalf: string): string {
  const der = Buffer.concat([privatePrefix, Buffer.from(privateHalf, 'base64')]);
  const key = createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }));
  return key.export({ format: 'der', type: 'spki' }).subarray(-publicKeyBytes).toString('base64');
}

/** @param readers who may open the answers beside the owner of `key`. */
export async function wrapReplyKey(
  action: ActionId,
  replyKey: ReplyKey,
  key: InvestigatorKey,
  readers: readonly PublicKeyFile[],
): Promise<string> {
  const bytes = Buffer.from(JSON.stringify({ action, replykey: replyKey.privateKey }), 'utf8');
  if (readers.length === 0) return key.encrypt(bytes);
  const { encryptTo } = await import('../keys/public-key-file.ts');
  return encryptTo([await key.exportPublic(), ...readers.map(({ armored }) => armored)], bytes);
}

/**
 * The private half that opens the answers of this action, base64.
 * @throws CodedError reply-key-mismatch when it is another action's key, wrapped-key-mismatch when it is not what was signed.
 */
export async function unwrapReplyKey(wrapped: string, action: Action, key: InvestigatorKey): Promise<string> {
  const mismatch = (cause?: unknown): CodedError<ReplyKeyCode> =>
    new CodedError('reply-key-mismatch', `expected the reply key of action ${action.id}, got something else`, {
      hint: 'the relay altered what was sent to it; do not trust its answers',
      cause,
    });
  assertWrappedReplyKey(action, { wrappedreplykey: wrapped });
  const plain = await key.decrypt(wrapped);
  let content: z.infer<typeof WrappedReplyKey>;
  try {
    content = WrappedReplyKey.parse(parseJson(plain, { maxBytes: maximumBytes, maxValues: 8, maxDepth: 1 }));
  } catch (cause) {
    throw mismatch(cause);
  }
  if (content.action !== action.id || toPublicHalf(content.replykey) !== action.replykey) throw mismatch();
  return content.replykey;
}
