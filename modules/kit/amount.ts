/** Sizes and time spans in short form: `10m`, `90d`. */

const unitBytes: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };
const unitSeconds: Readonly<Record<string, number>> = { w: 604_800, d: 86_400, h: 3600, m: 60, s: 1 };

/** Bytes of `10m`, `12345`; units are powers of 1024. Undefined when malformed. */
export function parseSizeBytes(text: string): number | undefined {
  const [, digits, unit] = /^(\d{1,15})([kmgt]?)$/i.exec(text) ?? [];
  if (digits === undefined || unit === undefined) return undefined;
  const sizeBytes = Number(digits) * (unitBytes[unit.toLowerCase()] ?? 1);
  return Number.isSafeInteger(sizeBytes) ? sizeBytes : undefined;
}

/** Seconds of `90d`, `5h`; units s m h d w, where m is minutes. Undefined when malformed. */
export function parseSeconds(text: string): number | undefined {
  const [, digits, unit] = /^(\d{1,10})([smhdw])$/.exec(text) ?? [];
  if (digits === undefined || unit === undefined) return undefined;
  return Number(digits) * (unitSeconds[unit] ?? 1);
}

/** The two largest units: `17d4h`, `5m12s`, `0s`. */
export function toSecondsText(seconds: number): string {
  let left = Math.floor(seconds);
  const parts = ['d', 'h', 'm', 's'].map((unit) => {
    const each = unitSeconds[unit] ?? 1;
    const count = Math.floor(left / each);
    left -= count * each;
    return { unit, count };
  });
  const first = parts.findIndex(({ count }) => count > 0);
  const shown = first === -1 ? parts.slice(-1) : parts.slice(first, first + 2);
  return shown.map(({ unit, count }, index) => (index > 0 && count === 0 ? '' : `${count}${unit}`)).join('');
}
