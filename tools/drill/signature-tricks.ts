/** Signatures by a known and fit key that must nevertheless count for nothing, each for one reason. */
import { armor, createCleartextMessage, createMessage, enums, type PrivateKey, sign } from 'openpgp';
import {
  signatureTypes,
  signRaw,
  signVersion3,
  subpackets,
  toPacket,
  toSignaturePacket,
  toSubpacket,
  uint32,
} from './raw-signature.ts';

export interface SignatureTrick {
  readonly says: string;
  /** @param key RSA, with a subkey for encryption only. @returns what takes the place of an armored detached signature. */
  readonly forge: (bytes: Uint8Array, key: PrivateKey) => string | Promise<string>;
  /** The refusal code, when it is not that of a bad signature. */
  readonly outcome?: 'signed-later';
}

const year = 366 * 86_400;
const tags = { marker: 10, literal: 11, trust: 12, userId: 13, padding: 21, unassigned: 45 } as const;

const base64Digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

export function toArmor(packets: Uint8Array): string {
  return armor(enums.armor.signature, packets);
}

/** The signature of an honest tool: the only good one here. */
export function signPlainly(bytes: Uint8Array, key: PrivateKey): string {
  return toArmor(toSignaturePacket(signRaw(bytes, key)));
}

function seconds(): number {
  return Math.floor(Date.now() / 1000);
}

function withPacket(says: string, tag: number, body: Uint8Array): SignatureTrick[] {
  const other = toPacket(tag, body);
  const packet = (bytes: Uint8Array, key: PrivateKey): Buffer => toSignaturePacket(signRaw(bytes, key));
  return [
    { says: `with ${says} behind it`, forge: (bytes, key) => toArmor(Buffer.concat([packet(bytes, key), other])) },
    { says: `with ${says} before it`, forge: (bytes, key) => toArmor(Buffer.concat([other, packet(bytes, key)])) },
  ];
}

function raw(says: string, forge: (bytes: Uint8Array, key: PrivateKey) => Buffer): SignatureTrick {
  return { says, forge: (bytes, key) => toArmor(toSignaturePacket(forge(bytes, key))) };
}

function later(says: string, forge: (bytes: Uint8Array, key: PrivateKey) => Buffer): SignatureTrick {
  return { ...raw(says, forge), outcome: 'signed-later' };
}

const notation = (name: string): Buffer =>
  Buffer.concat([Buffer.from([0x80, 0, 0, 0, 0, name.length, 0, 1]), Buffer.from(`${name}x`)]);

/** The signature packet's body in two pieces of partial length (RFC 9580, 4.2.1.4), which is for data packets only. */
function inPartialLengths(body: Buffer): Buffer {
  const firstBytes = 256;
  const rest = body.subarray(firstBytes);
  return Buffer.concat([Buffer.from([0xc2, 0xe8]), body.subarray(0, firstBytes), Buffer.from([rest.length]), rest]);
}

export const signatureTricks: readonly SignatureTrick[] = [
  raw('with MD5', (bytes, key) => signRaw(bytes, key, { hash: 'md5' })),
  raw('with SHA-1', (bytes, key) => signRaw(bytes, key, { hash: 'sha1' })),
  raw('over text', (bytes, key) => signRaw(bytes, key, { type: signatureTypes.text })),
  raw('of a certification', (bytes, key) => signRaw(bytes, key, { type: signatureTypes.certification })),
  raw('standing alone', (bytes, key) => signRaw(bytes, key, { type: signatureTypes.standalone })),
  raw('without a signed time', (bytes, key) =>
    signRaw(bytes, key, {
      createdSeconds: null,
      unhashed: [toSubpacket(subpackets.created, uint32(seconds()))],
    }),
  ),
  later('with a time of its own in the unhashed part only', (bytes, key) =>
    signRaw(bytes, key, {
      createdSeconds: seconds() + year,
      unhashed: [toSubpacket(subpackets.created, uint32(seconds()))],
    }),
  ),
  later('from next year', (bytes, key) => signRaw(bytes, key, { createdSeconds: seconds() + year })),
  raw('from before its key', (bytes, key) =>
    signRaw(bytes, key, { createdSeconds: key.getCreationTime().getTime() / 1000 - 3600 }),
  ),
  raw('that has expired', (bytes, key) =>
    signRaw(bytes, key, {
      createdSeconds: Math.ceil(key.getCreationTime().getTime() / 1000),
      hashed: [toSubpacket(subpackets.expires, uint32(1))],
    }),
  ),
  raw('with a critical subpacket that nobody knows', (bytes, key) =>
    signRaw(bytes, key, { hashed: [toSubpacket(subpackets.unassigned, Buffer.from([1]), true)] }),
  ),
  raw('with a critical notation that nobody knows', (bytes, key) =>
    signRaw(bytes, key, { hashed: [toSubpacket(subpackets.notation, notation('a@example.org'), true)] }),
  ),
  raw('of version 3', signVersion3),
  raw('by the subkey for encryption only', (bytes, key) => {
    const [subkey] = key.subkeys;
    if (subkey === undefined) throw new TypeError('expected a key with a subkey');
    return signRaw(bytes, subkey);
  }),
  {
    says: 'with a subpacket that reaches out of its area',
    forge: (bytes, key) => {
      const body = signRaw(bytes, key);
      const unhashedLength = body.readUInt16BE(4) + 6;
      body.writeUInt16BE(body.readUInt16BE(unhashedLength) - 2, unhashedLength);
      return toArmor(toSignaturePacket(body));
    },
  },
  raw('over other bytes', (bytes, key) => signRaw(Buffer.concat([bytes, Buffer.from(' ')]), key)),
  ...withPacket('a marker packet', tags.marker, Buffer.from('PGP')),
  ...withPacket('a padding packet', tags.padding, Buffer.alloc(8)),
  ...withPacket('a trust packet', tags.trust, Buffer.from([3, 120])),
  ...withPacket('a user id', tags.userId, Buffer.from('mallory')),
  ...withPacket('a literal data packet', tags.literal, Buffer.from('b\0\0\0\0\0x')),
  ...withPacket('a packet that nobody knows', tags.unassigned, Buffer.from('x')),
  {
    says: 'in partial lengths',
    forge: (bytes, key) => toArmor(inPartialLengths(signRaw(bytes, key))),
  },
  {
    says: 'without a length',
    forge: (bytes, key) => toArmor(Buffer.concat([Buffer.from([0x8b]), signRaw(bytes, key)])),
  },
  {
    says: 'twice in one armor',
    forge: (bytes, key) => {
      const packet = toSignaturePacket(signRaw(bytes, key));
      return toArmor(Buffer.concat([packet, packet]));
    },
  },
  { says: 'in two armors', forge: (bytes, key) => signPlainly(bytes, key).repeat(2) },
  { says: 'with text before the armor', forge: (bytes, key) => `see below:\n${signPlainly(bytes, key)}` },
  { says: 'with text behind the armor', forge: (bytes, key) => `${signPlainly(bytes, key)}see above\n` },
  {
    says: 'under an armor header that is for cleartext',
    forge: (bytes, key) => signPlainly(bytes, key).replace('\n\n', '\nHash: SHA256\n\n'),
  },
  {
    says: 'with bits left over at the end of its base64',
    forge: (bytes, key) =>
      signPlainly(bytes, key).replace(/.(?==)/, (last) => base64Digits[base64Digits.indexOf(last) + 1] ?? ''),
  },
  {
    says: 'in the armor of a message',
    forge: (bytes, key) => signPlainly(bytes, key).replaceAll('PGP SIGNATURE', 'PGP MESSAGE'),
  },
  {
    says: 'as a cleartext message',
    forge: async (bytes, key) =>
      sign({
        message: await createCleartextMessage({ text: Buffer.from(bytes).toString() }),
        signingKeys: key,
      }) as Promise<string>,
  },
  {
    says: 'as an inline-signed message',
    forge: async (bytes, key) =>
      sign({ message: await createMessage({ binary: bytes }), signingKeys: key }) as Promise<string>,
  },
];
