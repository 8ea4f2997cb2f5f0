/** How much was looked at, for people; programs are given the figures themselves. */
import { escapeText } from '../../protocol/base/escape.ts';

const unitBytes = 1024;
const units = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** `912 MiB`, `1.5 TiB`: two digits at least, and a unit that keeps them below a thousand. */
function toSize(bytes: number): string {
  if (bytes < unitBytes) return toCount('bytes', bytes);
  let size = bytes;
  let unit = '';
  for (const next of units) {
    if (Math.round(size) < unitBytes && unit !== '') break;
    size /= unitBytes;
    unit = next;
  }
  const digits = size < 10 ? Number(size.toFixed(1)) : Math.round(size);
  return `${digits} ${unit}`;
}

/** `1 directory`, `2 directories`, `1 process`. */
function toCount(kind: string, count: number): string {
  const one = kind.replace(/ies$/, 'y').replace(/(?<=ss)es$|(?<=[^s])s$/, '');
  return `${count} ${escapeText(count === 1 ? one : kind)}`;
}

/** `149 directories, 1284 files, 912 MiB`; kinds of which there was none are left out. */
export function toAmounts(examined: Readonly<Record<string, number>>): string {
  const { bytes = 0, ...things } = examined;
  const kinds = Object.entries(things).filter(([, count]) => count > 0);
  const counts = kinds
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([kind, count]) => toCount(kind, count));
  return [...counts, ...(bytes > 0 ? [toSize(bytes)] : [])].join(', ') || 'nothing';
}
