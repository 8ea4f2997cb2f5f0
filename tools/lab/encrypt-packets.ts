/** Encrypts any OpenPGP packets to a key. No honest tool would make such messages. */
import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import { armor, encryptSessionKey, enums, readKey } from 'openpgp';

/** A packet in the current format with a five-octet length (RFC 9580, 4.2.1.3). */
function toPacket(tag: number, body: Uint8Array): Buffer {
  const header = Buffer.alloc(6);
  header[0] = 0xc0 | tag;
  header[1] = 0xff;
  header.writeUInt32BE(body.length, 2);
  return Buffer.concat([header, body]);
}

/** RFC 9580, 5.9, without a file name and a time. */
export function toLiteralPacket(bytes: Uint8Array): Buffer {
  return toPacket(enums.packet.literalData, Buffer.concat([Buffer.from('b'), Buffer.alloc(5), bytes]));
}

/** RFC 9580, 5.6. @param compressed in the form of the algorithm. */
export function toCompressedPacket(algorithm: 'zip' | 'zlib' | 'bzip2', compressed: Uint8Array): Buffer {
  const number = enums.compression[algorithm];
  return toPacket(enums.packet.compressedData, Buffer.concat([Buffer.from([number]), compressed]));
}

const blockBytes = 16;

/** A version 1 packet with AES-256 (RFC 9580, 5.13.1). */
function encryptData(packets: Uint8Array, sessionKey: Uint8Array): Buffer {
  const random = randomBytes(blockBytes);
  const start = Buffer.concat([random, random.subarray(-2), packets, Buffer.from('d314', 'hex')]);
  const plain = Buffer.concat([start, createHash('sha1').update(start).digest()]);
  const cipher = createCipheriv('aes-256-cfb', sessionKey, Buffer.alloc(blockBytes));
  const body = Buffer.concat([Buffer.from([1]), cipher.update(plain), cipher.final()]);
  return toPacket(enums.packet.symEncryptedIntegrityProtectedData, body);
}

/** @returns the armored message. */
export async function encryptPackets(packets: Uint8Array, ...armoredKeys: readonly string[]): Promise<string> {
  const sessionKey = randomBytes(32);
  const wrapped = await encryptSessionKey({
    data: sessionKey,
    algorithm: 'aes256',
    encryptionKeys: await Promise.all(armoredKeys.map((armoredKey) => readKey({ armoredKey }))),
    format: 'binary',
  });
  return armor(enums.armor.message, Buffer.concat([wrapped, encryptData(packets, sessionKey)]));
}
