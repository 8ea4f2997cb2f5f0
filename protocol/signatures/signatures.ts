/** Detached OpenPGP signatures (RFC 9580) over exact bytes, against known keys only. */
import {
  createMessage,
  enums,
  type PublicKey,
  readSignature,
  type Signature,
  type SignaturePacket,
  verify,
} from 'openpgp';
import { toMessage } from '../base/coded-error.ts';
import type { Fingerprint } from '../base/identifiers.ts';
import { type ArmoredSignature, readArmoredSignature } from './armored-signature.ts';
import { findKeyProblems, fingerprintOf, openpgpConfig } from './openpgp-keys.ts';

export type SignatureOutcome =
  /** `signer` is the fingerprint of the primary key, whichever subkey signed. */
  | { readonly kind: 'valid'; readonly signer: Fingerprint }
  | { readonly kind: 'unknown-signer' }
  | { readonly kind: 'key-expired'; readonly signer: Fingerprint }
  | { readonly kind: 'key-revoked'; readonly signer: Fingerprint }
  /** By its own unverified time. Most likely a clock is wrong. */
  | { readonly kind: 'signed-later'; readonly signer: Fingerprint }
  | { readonly kind: 'bad-signature'; readonly why: string };

const modernHashes: ReadonlySet<number | null> = new Set([
  enums.hash.sha256,
  enums.hash.sha384,
  enums.hash.sha512,
  enums.hash.sha3_256,
  enums.hash.sha3_512,
]);

function bad(why: string): SignatureOutcome {
  return { kind: 'bad-signature', why };
}

interface OnePacket {
  readonly signature: Signature;
  readonly packet: SignaturePacket;
}

/** One signature packet over binary data with a modern hash, or the reason why it is not that. */
async function readOnePacket(armored: string): Promise<OnePacket | string> {
  let read: ArmoredSignature;
  let signature: Signature;
  try {
    read = readArmoredSignature(armored);
    signature = await readSignature({ binarySignature: read.packet, config: openpgpConfig });
  } catch (error) {
    return toMessage(error);
  }
  const [packet] = signature.packets;
  if (packet === undefined) return 'expected a signature packet';
  // The library reads subpackets past the end of their area, and numbers with zeros in front.
  if (!read.body.equals(packet.write())) return 'expected a signature packet without anything left over in it';
  if (packet.signatureType !== enums.signature.binary) return 'expected a signature over binary data';
  if (!modernHashes.has(packet.hashAlgorithm)) return 'expected SHA-256 or a later hash';
  return { signature, packet };
}

async function verifyBy(
  key: PublicKey,
  bytes: Uint8Array,
  { signature, packet }: OnePacket,
  now: Date,
  keysAsOf: 'now' | 'signing',
): Promise<SignatureOutcome> {
  const signer = fingerprintOf(key);
  const { created } = packet;
  if (created !== null && created > now) return { kind: 'signed-later', signer };
  const date = keysAsOf === 'signing' && created !== null ? created : now;
  const [unfit] = await findKeyProblems(key, date);
  if (unfit === 'key-expired' || unfit === 'key-revoked') return { kind: unfit, signer };
  try {
    const message = await createMessage({ binary: bytes, format: 'binary' });
    const { signatures } = await verify({
      message,
      signature,
      verificationKeys: key,
      date,
      config: openpgpConfig,
      format: 'binary',
    });
    const [only] = signatures;
    if (only === undefined) return bad('expected one signature over these bytes');
    await only.verified;
    await key.getSigningKey(packet.issuerKeyID, date, undefined, openpgpConfig);
  } catch (error) {
    return bad(toMessage(error));
  }
  return { kind: 'valid', signer };
}

/**
 * Verifies one armored detached signature.
 * @param keys the public keys that are known; no other key is ever looked at.
 * @param now the latest time at which the signature may say it was made; pass the allowed clock skew in it.
 * @param keysAsOf when the key must be good: now, to obey; when the signature says it was made, to look back.
 */
export async function verifyDetached(
  bytes: Uint8Array,
  armored: string,
  keys: readonly PublicKey[],
  now: Date,
  keysAsOf: 'now' | 'signing' = 'now',
): Promise<SignatureOutcome> {
  const read = await readOnePacket(armored);
  if (typeof read === 'string') return bad(read);
  const issuer = read.packet.issuerKeyID;
  // A key may hold what looks like another's: its owner must not make that other's signatures bad.
  const candidates = keys.filter((candidate) => candidate.getKeys(issuer).length > 0);
  const outcomes: SignatureOutcome[] = [];
  for (const key of candidates) outcomes.push(await verifyBy(key, bytes, read, now, keysAsOf));
  const telling =
    outcomes.find(({ kind }) => kind === 'valid') ?? outcomes.find(({ kind }) => kind !== 'bad-signature');
  return telling ?? outcomes[0] ?? { kind: 'unknown-signer' };
}
