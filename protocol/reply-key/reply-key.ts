/** The public half of a reply key. The schema checks that a secret can be derived with it, not only its length. */
import { diffieHellman, generateKeyPairSync, type KeyObject } from 'node:crypto';
import * as z from 'zod';
import { publicKeyBytes, toPublicKey } from './hpke.ts';

let ownKey: KeyObject | undefined;

/** A point of small order derives zero with every key (RFC 7748, 6.1), which is refused when it is derived. */
function derives(raw: Uint8Array): boolean {
  ownKey ??= generateKeyPairSync('x25519').privateKey;
  try {
    diffieHellman({ privateKey: ownKey, publicKey: toPublicKey(raw) });
    return true;
  } catch {
    return false;
  }
}

function isReplyKey(text: string): boolean {
  const raw = Buffer.from(text, 'base64');
  return raw.length === publicKeyBytes && raw.toString('base64') === text && derives(raw);
}

/** X25519 public key, base64 of 32 bytes (RFC 7748). */
export const PublicReplyKey = z
  .base64()
  .length(44)
  .refine(isReplyKey, 'expected an X25519 public key that a secret can be derived with');
