/** The digests that questions may compare, and their algorithms by length. */
import type { DigestAlgorithm } from '../../native/index.ts';

const algorithmsByLength = {
  md5: { 32: 'md5' },
  sha1: { 40: 'sha1' },
  sha2: { 56: 'sha224', 64: 'sha256', 96: 'sha384', 128: 'sha512' },
  sha3: { 56: 'sha3-224', 64: 'sha3-256', 96: 'sha3-384', 128: 'sha3-512' },
} as const satisfies Readonly<Record<string, Readonly<Record<number, DigestAlgorithm>>>>;

/** The filters that compare digests. */
export type DigestFilter = keyof typeof algorithmsByLength;

/** Hex digits of a digest, by filter. */
export function digestLengths(filter: DigestFilter): readonly number[] {
  return Object.keys(algorithmsByLength[filter]).map(Number);
}

/** The algorithm whose digest has this many hex digits; undefined for other lengths and for text that is not hex. */
export function digestAlgorithmOf(filter: DigestFilter, hex: string): DigestAlgorithm | undefined {
  if (!/^[0-9a-fA-F]+$/.test(hex)) return undefined;
  const byLength: Readonly<Record<number, DigestAlgorithm>> = algorithmsByLength[filter];
  return byLength[hex.length];
}
