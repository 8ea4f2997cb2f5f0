/** The outside of OpenPGP packets (RFC 9580, 4.2): what each is and where it ends, before any library looks into it. */

/** RFC 9580, 5: the packets that are named here. */
export const packetTags = {
  encryptedSessionKey: 1,
  signature: 2,
  literalData: 11,
  encryptedData: 18,
  aeadEncryptedData: 20,
} as const;

export interface Packet {
  readonly tag: number;
  readonly body: Buffer;
  /** Of the whole packet, header included. */
  readonly sizeBytes: number;
}

interface Header {
  readonly tag: number;
  readonly headerBytes: number;
  readonly bodyBytes: number;
}

/** Null when the packet has no definite length. */
function readHeader(bytes: Buffer): Header | null {
  const [first = 0, second = 0] = bytes;
  const at = (lengthBytes: number, bodyBytes: number, tag: number): Header => ({
    tag,
    headerBytes: 1 + lengthBytes,
    bodyBytes,
  });
  if ((first & 0xc0) === 0xc0) {
    const tag = first & 0x3f;
    if (second < 192) return at(1, second, tag);
    if (second < 224 && bytes.length >= 3) return at(2, ((second - 192) << 8) + bytes.readUInt8(2) + 192, tag);
    return second === 255 && bytes.length >= 6 ? at(5, bytes.readUInt32BE(2), tag) : null;
  }
  const lengthBytes = [1, 2, 4][first & 3];
  if ((first & 0x80) === 0 || lengthBytes === undefined || bytes.length < 1 + lengthBytes) return null;
  return at(lengthBytes, bytes.readUIntBE(1, lengthBytes), (first >> 2) & 0xf);
}

/** The packet at the beginning; null when there is none that is whole and has a definite length. */
export function readPacket(bytes: Buffer): Packet | null {
  if (bytes.length < 2) return null;
  const header = readHeader(bytes);
  if (header === null) return null;
  const sizeBytes = header.headerBytes + header.bodyBytes;
  if (sizeBytes > bytes.length) return null;
  return { tag: header.tag, body: bytes.subarray(header.headerBytes, sizeBytes), sizeBytes };
}

/** @returns null when it is not a sequence of whole packets, or of more than so many. */
export function readPackets(bytes: Buffer, maximumPackets: number): Packet[] | null {
  const packets: Packet[] = [];
  for (let at = 0; at < bytes.length; ) {
    const packet = readPacket(bytes.subarray(at));
    if (packet === null || packets.length === maximumPackets) return null;
    packets.push(packet);
    at += packet.sizeBytes;
  }
  return packets;
}
