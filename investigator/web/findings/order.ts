/** The order of findings by a column: each distinct text is compared, not each finding. */
import type { ColumnKind } from '../../../modules/kit/column.ts';
import type { FindingTable } from './finding-table.ts';

/** `web2` before `web10`; beyond so many texts the plain order is taken, for a collator is a hundred times slower. */
const maximumCollated = 20_000;

function compareTexts(kind: ColumnKind, texts: number): (left: string, right: string) => number {
  if (kind === 'number') return (left, right) => Number(left) - Number(right);
  if (texts > maximumCollated || kind === 'digest' || kind === 'time')
    return (left, right) => (left < right ? -1 : left > right ? 1 : 0);
  return new Intl.Collator('en', { numeric: true }).compare;
}

/** Rank of each text by its index; what is empty comes last. */
export function rankTexts(texts: readonly string[], used: Iterable<number>, kind: ColumnKind): Uint32Array {
  const ranks = new Uint32Array(texts.length);
  const distinct = [...new Set(used)].filter((index) => texts[index] !== '');
  const compare = compareTexts(kind, distinct.length);
  distinct.sort((left, right) => compare(texts[left] ?? '', texts[right] ?? ''));
  for (const [rank, index] of distinct.entries()) ranks[index] = rank + 1;
  return ranks;
}

/** Rank and place share a number of 53 bits: 30 for the rank, 23 for the place, which is above all findings of a table. */
const places = 2 ** 23;
const lastRank = 2 ** 30 - 1;

/** Sorts indexes by a rank each; 0 comes last in both directions, equal ones keep their order. */
export function sortByRank(indexes: Uint32Array, rankOf: (index: number) => number, descending: boolean): Uint32Array {
  // A typed array of numbers is sorted without calling back.
  const keys = Float64Array.from(indexes, (index, place) => {
    const rank = rankOf(index);
    return (rank === 0 ? lastRank : descending ? lastRank - 1 - rank : rank) * places + place;
  });
  keys.sort();
  return Uint32Array.from(keys, (key) => indexes[key % places] ?? 0);
}

export function rankColumn(table: FindingTable, name: string): Uint32Array | undefined {
  const column = table.columns.find((known) => known.name === name);
  return column === undefined ? undefined : rankTexts(table.texts, column.texts.values, column.kind);
}
