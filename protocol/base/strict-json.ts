/** JSON from strangers: bounded in bytes, depth and values before it is parsed, and one text for one value (RFC 8785) where it is signed. */
import canonicalize from 'canonicalize';
import { CodedError } from './coded-error.ts';

type StrictJsonCode =
  | 'json-too-large'
  | 'json-too-deep'
  | 'json-too-many-values'
  | 'json-malformed'
  | 'json-not-canonical';

/** Every caller names its bounds: a value takes a hundred bytes of memory and more, however short its text. */
export interface JsonBounds {
  readonly maxBytes: number;
  /** Values of all kinds at all depths; an empty array or object counts as two. */
  readonly maxValues: number;
  /** Nested arrays and objects; 32 unless told. */
  readonly maxDepth?: number;
}

/** Real answers of all modules have more bytes than this for each value. */
const bytesPerValue = 16;
const fewestValues = 4096;

/** For data whose number of values follows from its size. */
export function boundsOf(maxBytes: number): JsonBounds {
  return { maxBytes, maxValues: Math.max(fewestValues, Math.floor(maxBytes / bytesPerValue)) };
}

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;

interface Structure {
  readonly deepest: number;
  readonly values: number;
}

/**
 * Counts brackets and commas outside strings, without recursion, and stops when a bound is passed. Garbage gives some
 * numbers; the parser refuses it later.
 */
function measureStructure(bytes: Uint8Array, stopAt: { readonly depth: number; readonly values: number }): Structure {
  let depth = 0;
  let deepest = 0;
  let values = 1;
  let inString = false;
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index];
    if (inString) {
      if (byte === backslash) index += 1;
      else if (byte === quote) inString = false;
    } else if (byte === quote) inString = true;
    else if (byte === comma) values += 1;
    else if (byte === 0x7b || byte === 0x5b) {
      depth += 1;
      values += 1;
      if (depth > deepest) deepest = depth;
      if (deepest > stopAt.depth) break;
    } else if (byte === 0x7d || byte === 0x5d) depth -= 1;
    if (values > stopAt.values) break;
  }
  return { deepest, values };
}

/**
 * Holds a text against its bounds without parsing any of it.
 * @throws CodedError<StrictJsonCode> json-too-large, json-too-deep, json-too-many-values
 */
export function assertWithinBounds(bytes: Uint8Array, { maxBytes, maxValues, maxDepth = 32 }: JsonBounds): void {
  if (bytes.length > maxBytes)
    throw new CodedError<StrictJsonCode>(
      'json-too-large',
      `expected at most ${maxBytes} bytes of JSON, got ${bytes.length}`,
    );
  const { deepest, values } = measureStructure(bytes, { depth: maxDepth, values: maxValues });
  if (deepest > maxDepth)
    throw new CodedError<StrictJsonCode>('json-too-deep', `expected JSON nested at most ${maxDepth} deep`);
  if (values > maxValues)
    throw new CodedError<StrictJsonCode>('json-too-many-values', `expected at most ${maxValues} values in the JSON`);
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function parseText(bytes: Uint8Array, bounds: JsonBounds): { readonly text: string; readonly value: unknown } {
  assertWithinBounds(bytes, bounds);
  try {
    const text = utf8.decode(bytes);
    return { text, value: JSON.parse(text) };
  } catch (cause) {
    throw new CodedError<StrictJsonCode>('json-malformed', 'expected well-formed JSON in UTF-8', { cause });
  }
}

/**
 * Parses UTF-8 JSON within bounds.
 * @throws CodedError<StrictJsonCode> as `assertWithinBounds`, and json-malformed
 */
export function parseJson(bytes: Uint8Array, bounds: JsonBounds): unknown {
  return parseText(bytes, bounds).value;
}

/** RFC 8785 (JSON Canonicalization Scheme) as UTF-8 bytes. */
export function toCanonicalJson(value: unknown): Buffer {
  const text = canonicalize(value);
  if (text === undefined)
    throw new CodedError<StrictJsonCode>('json-malformed', 'expected a value that JSON can express');
  return Buffer.from(text, 'utf8');
}

/** In all objects, by UTF-16 code units. As deep as the value, which has been held against its bounds. */
function hasSortedKeys(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (!Array.isArray(value)) {
    const keys = Object.keys(value);
    if (keys.some((key, index) => index > 0 && key <= (keys[index - 1] ?? ''))) return false;
  }
  return Object.values(value).every(hasSortedKeys);
}

/**
 * Whether `text`, of which `value` was parsed, is canonical for certain: JSON.stringify writes numbers and strings as RFC 8785
 * does, but for lone surrogates, which only an escape can bring. Several times as fast as writing the value in canonical form.
 */
function isSurelyCanonical(text: string, value: unknown): boolean {
  return !text.includes('\\u') && JSON.stringify(value) === text && hasSortedKeys(value);
}

/** @throws CodedError<StrictJsonCode> json-not-canonical */
function assertCanonical(bytes: Uint8Array, value: unknown): void {
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
}

/**
 * Parses JSON that must be in canonical form byte for byte: this refuses duplicate keys, other spellings of numbers and
 * strings, white space and lone surrogates, so that signer and verifier cannot read different values.
 * @throws CodedError<StrictJsonCode>
 */
export function parseCanonicalJson(bytes: Uint8Array, bounds: JsonBounds): unknown {
  const { text, value } = parseText(bytes, bounds);
  if (!isSurelyCanonical(text, value)) assertCanonical(bytes, value);
  // JSON.parse takes it for a key like any other, but what builds objects from keys would leave it out.
  if (text.includes('"__proto__":'))
    throw new CodedError<StrictJsonCode>('json-malformed', 'expected no key named __proto__');
  return value;
}
