/** Numbers, sizes and spans of time as configuration files write them. Undefined for other text. */

/** Whole numbers of any length, or others; digits behind 0x are hexadecimal. */
export function toNumber(text: string): bigint | number | undefined {
  const [, sign, digits] = /^([+-]?)(0x[\da-f]{1,256}|\d{1,256})$/i.exec(text) ?? [];
  if (digits !== undefined) return sign === '-' ? -BigInt(digits) : BigInt(digits);
  return /^[+-]?\d{1,30}\.\d{1,30}$/.test(text) ? Number(text) : undefined;
}

const powers: Readonly<Record<string, number>> = { '': 0, k: 1, m: 2, g: 3, t: 4, p: 5, e: 6 };

/** Bytes; units are powers of 1024. */
export function toBytes(text: string): number | undefined {
  const [, digits = '', unit = ''] = /^(\d{1,20}(?:\.\d{1,9})?)\s?([kmgtpe]?)(?:i?b)?$/i.exec(text) ?? [];
  return digits === '' ? undefined : Number(digits) * 1024 ** (powers[unit.toLowerCase()] ?? 0);
}

/** Seconds by unit. @see systemd.time(7) */
const seconds: readonly (readonly [units: RegExp, seconds: number])[] = [
  [/^(?:us|usec|µs|μs)$/, 1e-6],
  [/^(?:ms|msec)$/, 1e-3],
  [/^(?:s|sec|seconds?)?$/, 1],
  [/^(?:m|min|minutes?)$/, 60],
  [/^(?:h|hr|hours?)$/, 3600],
  [/^(?:d|days?)$/, 86_400],
  [/^(?:w|weeks?)$/, 604_800],
  [/^(?:M|months?)$/, 2_629_800],
  [/^(?:y|years?)$/, 31_557_600],
];

/** `M` is a month, `m` a minute. */
function secondsOf(unit: string): number | undefined {
  return seconds.find(([units]) => units.test(unit))?.[1];
}

/** `90`, `5min`, `1h 30min`. */
export function toSeconds(text: string): number | undefined {
  let [sum, rest] = [0, text.trim()];
  if (rest === '' || rest.length > 200) return undefined;
  while (rest !== '') {
    const [whole = '', digits, unit = ''] = /^(\d{1,18}(?:\.\d{1,9})?)\s*([A-Za-zµμ]*)\s*/.exec(rest) ?? [];
    const each = secondsOf(unit) ?? secondsOf(unit.toLowerCase());
    if (digits === undefined || each === undefined) return undefined;
    sum += Number(digits) * each;
    rest = rest.slice(whole.length);
  }
  return sum;
}

/** As the sshd, systemd and sysctl write it. */
export function toBoolean(text: string): boolean | undefined {
  if (/^(?:1|y|yes|t|true|on|enabled?)$/i.test(text)) return true;
  return /^(?:0|n|no|f|false|off|disabled?)$/i.test(text) ? false : undefined;
}
