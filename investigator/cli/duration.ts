/** Durations as people write them: `5m`, `1d12h`. */
import { usageError } from './flags.ts';

const unitMs = { w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000 } as const;
type Unit = keyof typeof unitMs;
const units = Object.keys(unitMs) as Unit[];

/** For help texts. */
export const durationUnits = 's, m, h, d, w';

const maximumDays = 365;

export function isDuration(text: string): boolean {
  return /^(?:\d+[smhdw])+$/.test(text);
}

/** @param flag for messages. @throws CodedError usage */
export function parseDuration(text: string, flag = 'e'): number {
  if (!isDuration(text))
    throw usageError(
      `expected a duration such as 5m, 2h or 1d after -${flag}, got ${JSON.stringify(text)}`,
      `the units are ${durationUnits}`,
    );
  let totalMs = 0;
  for (const unit of units)
    for (const [, count] of text.matchAll(new RegExp(`(\\d+)${unit}`, 'g'))) totalMs += Number(count) * unitMs[unit];
  if (totalMs < unitMs.s || totalMs > maximumDays * unitMs.d)
    throw usageError(`expected a duration between 1s and ${maximumDays}d after -${flag}, got ${JSON.stringify(text)}`);
  return totalMs;
}

/** `5m`, `1d12h`; whole seconds. */
export function toDuration(durationMs: number): string {
  let left = durationMs;
  const parts: string[] = [];
  for (const unit of units.filter((one) => one !== 'w')) {
    const count = Math.floor(left / unitMs[unit]);
    left -= count * unitMs[unit];
    if (count > 0) parts.push(`${count}${unit}`);
  }
  return parts.join('') || '0s';
}
