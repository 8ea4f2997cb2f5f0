/** Parsers of the file module's values: sizes, ages and byte strings. */
import type { SizeRange } from '../../native/index.ts';
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

/**
 * `<90d` changed within the last 90 days, `>5h` earlier than that; units s m h d w, where m is minutes. Undefined when
 * malformed.
 */
export function parseAge(text: string): Age | undefined {
  const [, sign, age = ''] = /^([<>])(.+)$/.exec(text) ?? [];
  const seconds = parseSeconds(age);
  return seconds === undefined ? undefined : { kind: sign === '<' ? 'newer' : 'older', seconds };
}
