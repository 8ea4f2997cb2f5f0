/**
 * One armored detached signature (RFC 9580, 6.2) read strictly: one block and nothing around it, and in it the bytes of one
 * signature packet and no other packet. OpenPGP libraries read past other text, further blocks and packets that they
 * ignore; here two spellings of one signature would be two envelopes for one question.
 */
import { readArmor } from '../armor.ts';
import { CodedError } from '../base/coded-error.ts';
import { packetTags, readPacket } from '../openpgp-packet.ts';

type ArmoredSignatureCode = 'armor-malformed' | 'not-one-packet';

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
  const bytes = readArmor(armored, 'SIGNATURE');
  if (bytes === null)
    throw new CodedError<ArmoredSignatureCode>(
      'armor-malformed',
      'expected one armored detached signature (-----BEGIN PGP SIGNATURE-----) and nothing around it',
    );
  const packet = readPacket(bytes);
  if (packet?.tag !== packetTags.signature || packet.sizeBytes !== bytes.length)
    throw new CodedError<ArmoredSignatureCode>('not-one-packet', 'expected the armor to hold one signature packet');
  return { packet: bytes, body: packet.body };
}
