/**
 * One armored detached signature (RFC 9580, 6.2) read strictly: one block and nothing around it, and in it the bytes of one
 * signature packet and no other packet. OpenPGP libraries read past other text, further blocks and packets that they
 * ignore; here two spellings of one signature would be two envelopes for one question.
 */
import { CodedError } from './coded-error.ts';

export type ArmoredSignatureCode = 'armor-malformed' | 'not-one-packet';

/** The header keys of RFC 9580, 6.2.2, but `Hash`, which belongs to cleartext signatures. */
const headerLine = '(?:(?:Version|Comment|MessageID|Charset): [^\\r\\n]*\\r?\\n)*';
const dataLine = '[A-Za-z0-9+/]{1,76}[ \\t]*\\r?\\n';
const lastDataLine = '[A-Za-z0-9+/]{1,76}={0,2}[ \\t]*\\r?\\n';
/** Optional, and ignored as RFC 9580, 6.1 asks: what the packet says is proven by the signature in it. */
const checksumLine = '(?:=[A-Za-z0-9+/]{4}[ \\t]*\\r?\\n)?';
const armor = new RegExp(
  `^-----BEGIN PGP SIGNATURE-----[ \\t]*\\r?\\n${headerLine}[ \\t]*\\r?\\n((?:${dataLine})*${lastDataLine})${checksumLine}-----END PGP SIGNATURE-----\\s*$`,
);

const signatureTag = 2;

interface Header {
  readonly tag: number;
  readonly bodyStart: number;
  readonly end: number;
}

/** Where the body begins and ends, by the packet's header (RFC 9580, 4.2), or null when it has no definite length. */
function readHeader(bytes: Buffer): Header | null {
  const [first = 0, second = 0] = bytes;
  const isCurrentFormat = (first & 0xc0) === 0xc0;
  const at = (lengthBytes: number, value: number, tag: number): Header => ({
    tag,
    bodyStart: 1 + lengthBytes,
    end: 1 + lengthBytes + value,
  });
  if (isCurrentFormat) {
    const tag = first & 0x3f;
    if (second < 192) return at(1, second, tag);
    if (second < 224 && bytes.length >= 3) return at(2, ((second - 192) << 8) + bytes.readUInt8(2) + 192, tag);
    return second === 255 && bytes.length >= 6 ? at(5, bytes.readUInt32BE(2), tag) : null;
  }
  const lengthBytes = [1, 2, 4][first & 3];
  if ((first & 0x80) === 0 || lengthBytes === undefined || bytes.length < 1 + lengthBytes) return null;
  return at(lengthBytes, bytes.readUIntBE(1, lengthBytes), (first >> 2) & 0xf);
}

export interface ArmoredSignature {
  /** The packet, header included. */
  readonly packet: Buffer;
  readonly body: Buffer;
}

/**
 * The one signature packet in the armor.
 * @throws CodedError<ArmoredSignatureCode>
 */
export function readArmoredSignature(armored: string): ArmoredSignature {
  const [, data] = armor.exec(armored) ?? [];
  const bytes = Buffer.from(data ?? '', 'base64');
  // Base64 has several spellings where its last digits say more than the last byte does.
  if (data === undefined || bytes.toString('base64') !== data.replaceAll(/\s/g, ''))
    throw new CodedError<ArmoredSignatureCode>(
      'armor-malformed',
      'expected one armored detached signature (-----BEGIN PGP SIGNATURE-----) and nothing around it',
    );
  const header = readHeader(bytes);
  if (header?.tag !== signatureTag || header.end !== bytes.length)
    throw new CodedError<ArmoredSignatureCode>('not-one-packet', 'expected the armor to hold one signature packet');
  return { packet: bytes, body: bytes.subarray(header.bodyStart) };
}
