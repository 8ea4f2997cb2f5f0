/** OpenPGP packets (RFC 9580) written byte by byte, for signatures that no honest tool would make. RSA keys only. */
import { createHash, createPrivateKey, createSign, type KeyObject } from 'node:crypto';
import type { PrivateKey, SecretKeyPacket, SecretSubkeyPacket } from 'openpgp';
import * as z from 'zod';

/** RFC 9580, 9.5: the hashes that are used here. */
const hashIds = { md5: 1, sha1: 2, sha256: 8 } as const;
type HashName = keyof typeof hashIds;

/** RFC 9580, 5.2.1: the signature types that are used here. */
export const signatureTypes = { binary: 0x00, text: 0x01, standalone: 0x02, certification: 0x10, subkeyBinding: 0x18 };

/** RFC 9580, 5.2.3.7: the subpackets that are used here. */
export const subpackets = { created: 2, expires: 3, issuer: 16, notation: 20, keyFlags: 27, unassigned: 99 } as const;

const signatureTag = 2;
const rsaAlgorithm = 1;

/** A packet in the current format with a five-octet length. */
export function toPacket(tag: number, body: Uint8Array): Buffer {
  const header = Buffer.alloc(6);
  header[0] = 0xc0 | tag;
  header[1] = 0xff;
  header.writeUInt32BE(body.length, 2);
  return Buffer.concat([header, body]);
}

export function toSubpacket(type: number, body: Uint8Array, critical = false): Buffer {
  return Buffer.concat([Buffer.from([body.length + 1, type | (critical ? 0x80 : 0)]), body]);
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

const RsaParameters = z.object({
  n: z.instanceof(Uint8Array),
  e: z.instanceof(Uint8Array),
  d: z.instanceof(Uint8Array),
  p: z.instanceof(Uint8Array),
  q: z.instanceof(Uint8Array),
});

function toBigInt(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
}

function toBase64url(value: bigint): string {
  const hex = value.toString(16);
  return Buffer.from(hex.padStart(hex.length + (hex.length & 1), '0'), 'hex').toString('base64url');
}

function modularPower(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  for (let power = base % modulus, left = exponent; left > 0n; left >>= 1n, power = (power * power) % modulus)
    if ((left & 1n) === 1n) result = (result * power) % modulus;
  return result;
}

/** The key in Node's own form. */
function toKeyObject(packet: SecretKeyPacket | SecretSubkeyPacket): KeyObject {
  const parameters = RsaParameters.parse({ ...packet.publicParams, ...packet.privateParams });
  const [n, e, d, p, q] = [parameters.n, parameters.e, parameters.d, parameters.p, parameters.q].map(toBigInt) as [
    bigint,
    bigint,
    bigint,
    bigint,
    bigint,
  ];
  const key = {
    kty: 'RSA',
    n: toBase64url(n),
    e: toBase64url(e),
    d: toBase64url(d),
    p: toBase64url(p),
    q: toBase64url(q),
    dp: toBase64url(d % (p - 1n)),
    dq: toBase64url(d % (q - 1n)),
    qi: toBase64url(modularPower(q, p - 2n, p)),
  };
  return createPrivateKey({ key, format: 'jwk' });
}

export interface RawSignature {
  readonly type?: number;
  readonly hash?: HashName;
  /** Seconds since the epoch; null leaves the subpacket out of the hashed area. */
  readonly createdSeconds?: number | null;
  /** Further subpackets, encoded. */
  readonly hashed?: readonly Buffer[];
  /** Besides the issuer. */
  readonly unhashed?: readonly Buffer[];
}

/** The body of a version 4 signature packet (RFC 9580, 5.2.3) over exactly `data`, whatever its type says. */
export function signRaw(
  data: Uint8Array,
  key: PrivateKey | PrivateKey['subkeys'][number],
  raw: RawSignature = {},
): Buffer {
  const packet = key.keyPacket as SecretKeyPacket | SecretSubkeyPacket;
  const { type = signatureTypes.binary, hash = 'sha256', createdSeconds = nowSeconds() } = raw;
  const time = createdSeconds === null ? [] : [toSubpacket(subpackets.created, uint32(createdSeconds))];
  const hashed = Buffer.concat([...time, ...(raw.hashed ?? [])]);
  const issuer = toSubpacket(subpackets.issuer, Buffer.from(packet.getKeyID().toHex(), 'hex'));
  const unhashed = Buffer.concat([issuer, ...(raw.unhashed ?? [])]);
  const head = Buffer.concat([Buffer.from([4, type, rsaAlgorithm, hashIds[hash]]), uint16(hashed.length), hashed]);
  const trailer = Buffer.concat([head, Buffer.from([4, 0xff]), uint32(head.length)]);
  return Buffer.concat([head, uint16(unhashed.length), unhashed, ...rsaSign([data, trailer], packet, hash)]);
}

/** The body of a version 3 signature packet (RFC 4880, 5.2.2). */
export function signVersion3(data: Uint8Array, key: PrivateKey): Buffer {
  const packet = key.keyPacket as SecretKeyPacket;
  const hashed = Buffer.concat([Buffer.from([signatureTypes.binary]), uint32(nowSeconds())]);
  const head = Buffer.concat([Buffer.from([3, hashed.length]), hashed, Buffer.from(packet.getKeyID().toHex(), 'hex')]);
  const algorithms = Buffer.from([rsaAlgorithm, hashIds.sha256]);
  return Buffer.concat([head, algorithms, ...rsaSign([data, hashed], packet, 'sha256')]);
}

/** The left 16 bits of the hash, and the signature as a multiprecision integer. */
function rsaSign(parts: readonly Uint8Array[], packet: SecretKeyPacket | SecretSubkeyPacket, hash: HashName): Buffer[] {
  const digest = createHash(hash);
  const signer = createSign(hash);
  for (const part of parts) {
    digest.update(part);
    signer.update(part);
  }
  const value = signer.sign(toKeyObject(packet));
  const first = value.findIndex((byte) => byte !== 0);
  const integer = value.subarray(first);
  const bits = integer.length * 8 - Math.clz32(integer[0] ?? 0) + 24;
  return [digest.digest().subarray(0, 2), uint16(bits), integer];
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

export function toSignaturePacket(body: Uint8Array): Buffer {
  return toPacket(signatureTag, body);
}
