/**
 * An encrypted OpenPGP message of few bytes, read strictly before a library or gpg is given it: session keys for its
 * recipients, the encrypted data, and nothing else. What is in it must be one literal packet. Compressed packets are
 * refused, for a few kilobytes of them are gigabytes when they are unpacked.
 */
import { readArmor } from './armor.ts';
import { CodedError } from './base/coded-error.ts';
import { type Packet, packetTags, readPackets } from './openpgp-packet.ts';

export type EncryptedMessageCode = 'message-malformed' | 'plain-malformed';

/** The hexadecimal number of an encryption key or subkey (RFC 9580, 5.5.4), 16 capital digits. */
export type KeyNumber = string;

/** The number of a recipient who is not named (RFC 9580, 5.1). */
export const hiddenRecipient: KeyNumber = '0'.repeat(16);

export interface EncryptedMessage {
  /** The message without its armor. */
  readonly bytes: Buffer;
  /** The recipients of its session keys; zeros for one that is not named. */
  readonly recipients: readonly KeyNumber[];
}

/** As many as an action may have readers. */
const maximumRecipients = 64;
const maximumMessageCharacters = 64 * 1024;
/** A reply key and what it is for. */
export const maximumPlainBytes = 4096;
/** Header, name of a file and date of a literal packet. */
const maximumLiteralBytes = maximumPlainBytes + 300;

function malformed(got: string): CodedError<EncryptedMessageCode> {
  return new CodedError('message-malformed', `expected one encrypted OpenPGP message for named keys, got ${got}`);
}

function plainMalformed(): CodedError<EncryptedMessageCode> {
  return new CodedError(
    'plain-malformed',
    `expected one literal packet of at most ${maximumPlainBytes} bytes in the message, uncompressed`,
  );
}

/** RFC 9580, 5.1: version 3 holds the key's number, version 6 its fingerprint, which ends with the number. */
function toRecipient({ body }: Packet): KeyNumber {
  if (body[0] === 3 && body.length > 9) return body.toString('hex', 1, 9).toUpperCase();
  const [version, length = 0] = body;
  if (version !== 6 || body.length < 2 + length || body[2] !== 4 || length !== 21)
    throw malformed('a session key of an unknown form');
  return body.toString('hex', 2 + length - 8, 2 + length).toUpperCase();
}

/** @throws CodedError<EncryptedMessageCode> message-malformed */
export function readEncryptedMessage(armored: string): EncryptedMessage {
  if (armored.length > maximumMessageCharacters) throw malformed(`${armored.length} characters`);
  const bytes = readArmor(armored, 'MESSAGE');
  if (bytes === null) throw malformed('no armor, or more than one');
  const packets = readPackets(bytes, maximumRecipients + 1);
  const data = packets?.at(-1);
  const sessionKeys = packets?.slice(0, -1) ?? [];
  if (data?.tag !== packetTags.encryptedData && data?.tag !== packetTags.aeadEncryptedData)
    throw malformed('other packets');
  if (sessionKeys.length === 0 || sessionKeys.some(({ tag }) => tag !== packetTags.encryptedSessionKey))
    throw malformed('other packets');
  return { bytes, recipients: sessionKeys.map(toRecipient) };
}

/**
 * Reads the decrypted content of a message.
 * @param bytes OpenPGP packets.
 * @throws CodedError<EncryptedMessageCode> plain-malformed
 */
export function readLiteral(bytes: Buffer): Buffer {
  const [packet] = (bytes.length > maximumLiteralBytes ? null : readPackets(bytes, 1)) ?? [];
  if (packet?.tag !== packetTags.literalData) throw plainMalformed();
  // RFC 9580, 5.9: format, a file name behind its length, four bytes of time.
  const [, nameBytes = 0] = packet.body;
  const plain = packet.body.subarray(2 + nameBytes + 4);
  if (packet.body.length < 6 + nameBytes || plain.length > maximumPlainBytes) throw plainMalformed();
  return plain;
}
