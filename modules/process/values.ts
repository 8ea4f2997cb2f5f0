/** Digests as the process module's values have them. */
import type { DigestAlgorithm } from '../../native/index.ts';

const sha2ByLength: Readonly<Record<number, DigestAlgorithm>> = {
  56: 'sha224',
  64: 'sha256',
  96: 'sha384',
  128: 'sha512',
};

/** The SHA-2 that gives so many hex digits; undefined when none does or it is not hex. */
export function sha2Of(hex: string): DigestAlgorithm | undefined {
  return /^[0-9a-fA-F]+$/.test(hex) ? sha2ByLength[hex.length] : undefined;
}
