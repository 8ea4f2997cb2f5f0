/** A document as it travels: packed, with the digest of its plain text, which is signed as well. */
import { gunzipSync, gzipSync } from 'node:zlib';
import { CodedError, toMessage } from '../../../protocol/base/coded-error.ts';
import { sha256Hex } from '../../../protocol/base/identifiers.ts';
import { parseCanonicalJson, toCanonicalJson } from '../../../protocol/base/strict-json.ts';

type PackedCode = 'document-packed-badly' | 'document-too-large' | 'document-differs';

/** Of the plain text. The largest documents in use have 3 MB. */
const mostBytes = 8 * 1024 * 1024;
const mostValues = 512 * 1024;

export interface PackedDocument {
  /** Base64 of the canonical JSON (RFC 8785), packed by gzip (RFC 1952). */
  readonly document: string;
  /** SHA-256 of the plain text in hex. */
  readonly sha256: string;
}

/** @throws CodedError<PackedCode> document-too-large */
export function packDocument(value: unknown): PackedDocument {
  const plain = toCanonicalJson(value);
  if (plain.length > mostBytes)
    throw new CodedError<PackedCode>(
      'document-too-large',
      `expected a document of at most ${mostBytes} bytes as JSON, got ${plain.length}`,
    );
  return { document: gzipSync(plain, { level: 9 }).toString('base64'), sha256: sha256Hex(plain) };
}

function unpack(packed: string): Buffer {
  try {
    return gunzipSync(Buffer.from(packed, 'base64'), { maxOutputLength: mostBytes });
  } catch (cause) {
    const isTooLarge = cause instanceof RangeError;
    throw isTooLarge
      ? new CodedError<PackedCode>('document-too-large', `expected a document of at most ${mostBytes} bytes unpacked`, {
          cause,
        })
      : new CodedError<PackedCode>(
          'document-packed-badly',
          `expected base64 of a document packed by gzip: ${toMessage(cause)}`,
          { cause },
        );
  }
}

/** @throws CodedError<PackedCode>, and those of `parseCanonicalJson` */
export function unpackDocument({ document, sha256 }: PackedDocument): unknown {
  const plain = unpack(document);
  const digest = sha256Hex(plain);
  if (digest !== sha256)
    throw new CodedError<PackedCode>(
      'document-differs',
      `expected the document with the SHA-256 ${sha256}, got one with ${digest}`,
    );
  return parseCanonicalJson(plain, { maxBytes: mostBytes, maxValues: mostValues });
}
