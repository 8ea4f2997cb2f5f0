/** Rows for people, one line each. */
import type { RowResult } from './row.ts';

function line(cells: readonly [string, string, string, string, string, string, string, string, string]): string {
  const [name, ours, peer, unit, ratio, goal, met, isa, note] = cells;
  const figures = [ours, peer, ratio, goal].map((cell) => cell.padStart(8));
  return `${name.padEnd(30)} ${figures.join(' ')}  ${met.padEnd(4)} ${unit.padEnd(7)} ${isa.padEnd(10)} ${note}`.trimEnd();
}

function figure(value: number | string | null): string {
  if (typeof value === 'string') return value;
  return value === null ? '-' : value.toPrecision(3);
}

export function printHeading(): void {
  process.stdout.write(`${line(['name', 'ours', 'peer', 'unit', 'ratio', 'goal', 'met', 'isa', ''])}\n`);
}

export function printRow(row: RowResult): void {
  const met = row.met === null ? '-' : row.met ? 'yes' : 'NO';
  const cells = [row.name, figure(row.ours), figure(row.peer), row.unit, figure(row.ratio), figure(row.goal)] as const;
  process.stdout.write(`${line([...cells, met, row.isa ?? '', row.note ?? ''])}\n`);
}
