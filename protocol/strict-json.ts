/** JSON from strangers: bounded before it is parsed, and one text for one value (RFC 8785) where it is signed. */
import canonicalize from 'canonicalize';
import { CodedError } from './coded-error.ts';

export type StrictJsonCode = 'json-too-large' | 'json-too-deep' | 'json-malformed' | 'json-not-canonical';

export interface JsonBounds {
  readonly maxBytes: number;
  /** Nested arrays and objects; 32 unless told. */
  readonly maxDepth?: number;
}

const quote = 0x22;
const backslash = 0x5c;

/** Depth of brackets outside strings, without recursion; garbage gives some number, the parser refuses it later. */
function measureDepth(bytes: Uint8Array, stopAt: number): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index];
    if (inString) {
      if (byte === backslash) index += 1;
      else if (byte === quote) inString = false;
    } else if (byte === quote) inString = true;
    else if (byte === 0x7b || byte === 0x5b) {
      depth += 1;
      if (depth > deepest) deepest = depth;
      if (deepest > stopAt) return deepest;
    } else if (byte === 0x7d || byte === 0x5d) depth -= 1;
  }
  return deepest;
}

/**
 * Parses UTF-8 JSON within bounds.
 * @throws CodedError<StrictJsonCode> json-too-large, json-too-deep, json-malformed
 */
export function parseJson(bytes: Uint8Array, bounds: JsonBounds): unknown {
  const maxDepth = bounds.maxDepth ?? 32;
  if (bytes.length > bounds.maxBytes)
    throw new CodedError<StrictJsonCode>(
      'json-too-large',
      `expected at most ${bounds.maxBytes} bytes of JSON, got ${bytes.length}`,
    );
  if (measureDepth(bytes, maxDepth) > maxDepth)
    throw new CodedError<StrictJsonCode>('json-too-deep', `expected JSON nested at most ${maxDepth} deep`);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (cause) {
    throw new CodedError<StrictJsonCode>('json-malformed', 'expected well-formed JSON in UTF-8', { cause });
  }
}

/** RFC 8785 (JSON Canonicalization Scheme) as UTF-8 bytes. */
export function toCanonicalJson(value: unknown): Buffer {
  const text = canonicalize(value);
  if (text === undefined)
    throw new CodedError<StrictJsonCode>('json-malformed', 'expected a value that JSON can express');
  return Buffer.from(text, 'utf8');
}

/**
 * Parses JSON that must be in canonical form byte for byte: this refuses duplicate keys, other spellings of numbers and
 * strings, white space and lone surrogates, so that signer and verifier cannot read different values.
 * @throws CodedError<StrictJsonCode>
 */
export function parseCanonicalJson(bytes: Uint8Array, bounds: JsonBounds): unknown {
  const value = parseJson(bytes, bounds);
  let canonical: Buffer;
  try {
    canonical = toCanonicalJson(value);
  } catch (cause) {
    throw new CodedError<StrictJsonCode>('json-not-canonical', 'expected canonical JSON (RFC 8785)', { cause });
  }
  if (!canonical.equals(bytes))
    throw new CodedError<StrictJsonCode>(
      'json-not-canonical',
      'expected canonical JSON (RFC 8785), got another spelling of it',
    );
  // JSON.parse takes it for a key like any other, but what builds objects from keys would leave it out.
  if (Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes('"__proto__":'))
    throw new CodedError<StrictJsonCode>('json-malformed', 'expected no key named __proto__');
  return value;
}
