/** The small languages of the process module's values: ages and digests. */
import type { DigestAlgorithm } from '../../native/index.ts';

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** Seconds of `90d`, `5h`; units s m h d w, where m is minutes. Undefined when malformed. */
export function parseDuration(text: string): number | undefined {
  const [, digits, unit] = /^(\d{1,10})([smhdw])$/.exec(text) ?? [];
  if (digits === undefined || unit === undefined) return undefined;
  return Number(digits) * (unitSeconds[unit] ?? 1);
}

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
