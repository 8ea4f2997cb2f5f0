/** Parsers of the file module's values: sizes, ages, numbers, capabilities and byte strings. */
import type { NumberRange, SizeRange } from '../../native/index.ts';
import { parseSeconds, parseSizeBytes } from '../kit/amount.ts';
import { capabilityNames } from '../kit/capability-names.ts';

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

/**
 * `<90d` changed within the last 90 days, `>5h` earlier than that; units s m h d w, where m is minutes. Undefined when
 * malformed.
 */
export function parseAge(text: string): Age | undefined {
  const [, sign, age = ''] = /^([<>])(.+)$/.exec(text) ?? [];
  const seconds = parseSeconds(age);
  return seconds === undefined ? undefined : { kind: sign === '<' ? 'newer' : 'older', seconds };
}

export interface Count {
  readonly kind: 'exact' | 'bound';
  readonly range: NumberRange;
}

const mostCount = 2n ** 64n - 1n;

/**
 * `4`, `<4` (at most), `>4` (at least), `4..8`, `4..` or `..8`, both ends included, of up to 64 bits. Undefined when
 * malformed or empty.
 */
export function parseCount(text: string): Count | undefined {
  const [, sign, only, first = '', last = ''] = /^(?:([<>]?)(\d{1,20})|(\d{0,20})\.\.(\d{0,20}))$/.exec(text) ?? [];
  if (only === undefined && first === '' && last === '') return undefined;
  const from = sign === '<' ? '' : (only ?? first);
  const to = sign === '>' ? '' : (only ?? last);
  const range = { minimum: from === '' ? 0n : BigInt(from), maximum: to === '' ? mostCount : BigInt(to) };
  if (range.minimum > range.maximum || range.maximum > mostCount) return undefined;
  return { kind: only !== undefined && sign === '' ? 'exact' : 'bound', range };
}

const everyCapability = 2n ** 64n - 1n;

/** The bits of `any`, `cap_net_raw`, `net_raw` in any case, or `cap_41`. Undefined for another text. */
export function parseCapability(text: string): bigint | undefined {
  const name = text.toLowerCase();
  if (name === 'any') return everyCapability;
  const [, digits] = /^cap_(\d{1,2})$/.exec(name) ?? [];
  const bit = digits === undefined ? capabilityNames.indexOf(name.replace(/^cap_/, '')) : Number(digits);
  return bit < 0 || bit > 63 ? undefined : 1n << BigInt(bit);
}

/** The number of an account as digits, of 32 bits. Undefined for another text. */
export function parseAccountNumber(text: string): number | undefined {
  return /^\d{1,10}$/.test(text) && Number(text) < 2 ** 32 ? Number(text) : undefined;
}

/** Whether the text may be the name or the number of an account. */
export function isAccount(text: string): boolean {
  return /^\d+$/.test(text) ? parseAccountNumber(text) !== undefined : /^[^:/\0\n]+$/.test(text);
}
