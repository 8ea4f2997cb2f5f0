/** The small languages of the file module's values: sizes, ages, digests and byte strings. */
import type { DigestAlgorithm, SizeRange } from '../../native/index.ts';
import { parseSeconds, parseSizeBytes } from '../kit/amount.ts';

export { parseBytes } from '../kit/byte-string.ts';
export { toGoDuration, toGoTime } from '../kit/go-text.ts';

export type Size =
  | { readonly kind: 'exact'; readonly range: SizeRange }
  | { readonly kind: 'bound'; readonly range: SizeRange };

/** `<10m`, `>1g` (both ends included) or `12345`; undefined when malformed. Units are powers of 1024. */
export function parseSize(text: string): Size | undefined {
  const [, sign, size = ''] = /^([<>]?)(.+)$/.exec(text) ?? [];
  const sizeBytes = parseSizeBytes(size);
  if (sizeBytes === undefined) return undefined;
  if (sign === '<') return { kind: 'bound', range: { minimum: 0, maximum: sizeBytes } };
  if (sign === '>') return { kind: 'bound', range: { minimum: sizeBytes, maximum: Number.MAX_SAFE_INTEGER } };
  return { kind: 'exact', range: { minimum: sizeBytes, maximum: sizeBytes } };
}

export interface Age {
  readonly kind: 'newer' | 'older';
  readonly seconds: number;
}

/** `<90d` changed within the last 90 days, `>5h` before; units s m h d w, where m is minutes. Undefined when malformed. */
export function parseAge(text: string): Age | undefined {
  const [, sign, age = ''] = /^([<>])(.+)$/.exec(text) ?? [];
  const seconds = parseSeconds(age);
  return seconds === undefined ? undefined : { kind: sign === '<' ? 'newer' : 'older', seconds };
}

const sha2ByLength: Readonly<Record<number, DigestAlgorithm>> = {
  56: 'sha224',
  64: 'sha256',
  96: 'sha384',
  128: 'sha512',
};
const sha3ByLength: Readonly<Record<number, DigestAlgorithm>> = {
  56: 'sha3-224',
  64: 'sha3-256',
  96: 'sha3-384',
  128: 'sha3-512',
};
const algorithmsByLength = {
  md5: { 32: 'md5' },
  sha1: { 40: 'sha1' },
  sha2: sha2ByLength,
  sha3: sha3ByLength,
} as const;

/** The filters that compare digests. */
export type DigestFilter = keyof typeof algorithmsByLength;

/** Digits of a digest's hex form by filter. */
export function digestLengths(filter: DigestFilter): readonly number[] {
  return Object.keys(algorithmsByLength[filter]).map(Number);
}

/** The algorithm that gives a digest of this many hex digits; undefined when none does or it is not hex. */
export function digestAlgorithmOf(filter: DigestFilter, hex: string): DigestAlgorithm | undefined {
  if (!/^[0-9a-fA-F]+$/.test(hex)) return undefined;
  const byLength: Readonly<Record<number, DigestAlgorithm>> = algorithmsByLength[filter];
  return byLength[hex.length];
}
