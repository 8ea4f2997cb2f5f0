/** Patterns behind `Match`, which know `*` and `?` alone. @see PATTERNS in ssh_config(5) */
import { parseAddress, parseRange } from '../listing/address.ts';

/** In time that grows with the product of both lengths. */
function matchesPattern(text: string, pattern: string): boolean {
  let [at, from, star, resumed] = [0, 0, -1, 0];
  while (at < text.length) {
    const letter = pattern[from];
    if (letter === '*') {
      star = from;
      from += 1;
      resumed = at;
    } else if (letter === '?' || (letter !== undefined && letter === text[at])) {
      at += 1;
      from += 1;
    } else if (star >= 0) {
      resumed += 1;
      at = resumed;
      from = star + 1;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(from));
}

/** `denied`: a pattern behind `!` matches. */
type ListFit = 'yes' | 'no' | 'denied';

/** Of patterns between commas. */
function fitList(patterns: string, matches: (pattern: string) => boolean): ListFit {
  let isIn = false;
  for (const written of patterns.split(',')) {
    const isNegated = written.startsWith('!');
    if (!matches(isNegated ? written.slice(1) : written)) continue;
    if (isNegated) return 'denied';
    isIn = true;
  }
  return isIn ? 'yes' : 'no';
}

export function matchesList(patterns: string, subject: string): boolean {
  return fitList(patterns, (pattern) => matchesPattern(subject, pattern)) === 'yes';
}

/** Whether one of them matches and none is denied. */
export function matchesAnyGroup(patterns: string, groups: readonly string[]): boolean {
  const fits = groups.map((group) => fitList(patterns, (pattern) => matchesPattern(group, pattern)));
  return fits.includes('yes') && !fits.includes('denied');
}

/** `10.0.0.0/8`, `192.0.2.1`, or a pattern. */
function matchesAddress(written: string, pattern: string): boolean {
  const [address, range] = [parseAddress(written), parseRange(pattern)];
  if (range === undefined) return matchesPattern(written, pattern);
  if (address === undefined || address.family !== range.address.family) return false;
  const shift = BigInt((address.family === 4 ? 32 : 128) - range.prefixLength);
  return address.bits >> shift === range.address.bits >> shift;
}

export function matchesAddressList(patterns: string, address: string): boolean {
  return fitList(patterns, (pattern) => matchesAddress(address, pattern)) === 'yes';
}
