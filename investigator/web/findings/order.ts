/** The order of findings by a column: each distinct text is compared, not each finding. */
import type { ColumnKind } from '../../../modules/kit/column.ts';
import type { FindingTable, TableColumn } from './finding-table.ts';

/** `web2` before `web10`; beyond so many texts the plain order is taken, for a collator is a hundred times slower. */
const maximumCollated = 20_000;

function compareTexts(kind: ColumnKind, texts: number): (left: string, right: string) => number {
  if (kind === 'number') return (left, right) => Number(left) - Number(right);
  if (texts > maximumCollated || kind === 'digest' || kind === 'time')
    return (left, right) => (left < right ? -1 : left > right ? 1 : 0);
  return new Intl.Collator('en', { numeric: true }).compare;
}

/** Rank of each text by its index; what is empty, or not used, has 0 and comes last. */
function rankTexts(texts: readonly string[], used: Iterable<number>, kind: ColumnKind): Uint32Array {
  const isUsed = new Uint8Array(texts.length);
  for (const index of used) isUsed[index] = 1;
  const distinct: number[] = [];
  for (const [index, text] of texts.entries()) if (isUsed[index] === 1 && text !== '') distinct.push(index);
  const compare = compareTexts(kind, distinct.length);
  distinct.sort((left, right) => compare(texts[left] ?? '', texts[right] ?? ''));
  const ranks = new Uint32Array(texts.length);
  for (const [rank, index] of distinct.entries()) ranks[index] = rank + 1;
  return ranks;
}

/** Ranks of indexes from 0: those of what they stand for. */
export interface Ranked {
  /** What each index stands for. */
  readonly parts: Uint32Array;
  /** Rank of each part. */
  readonly ranks: Uint32Array;
}

/** Sorts indexes by a rank each; 0 comes last in both directions, equal ones keep their order. */
export function sortByRank(indexes: Uint32Array, { parts, ranks }: Ranked, descending: boolean): Uint32Array {
  const highest = ranks.reduce((most, rank) => (rank > most ? rank : most), 0);
  // Counts how many have each rank, and so knows the place of every one: no comparisons.
  const bucketOf = new Uint32Array(indexes.length);
  const next = new Uint32Array(highest + 2);
  for (let place = 0; place < indexes.length; place += 1) {
    const rank = ranks[parts[indexes[place] ?? 0] ?? 0] ?? 0;
    const bucket = rank === 0 ? highest : descending ? highest - rank : rank - 1;
    bucketOf[place] = bucket;
    next[bucket + 1] = (next[bucket + 1] ?? 0) + 1;
  }
  for (let bucket = 1; bucket < next.length; bucket += 1) next[bucket] = (next[bucket] ?? 0) + (next[bucket - 1] ?? 0);
  const sorted = new Uint32Array(indexes.length);
  for (let place = 0; place < indexes.length; place += 1) {
    const bucket = bucketOf[place] ?? 0;
    const to = next[bucket] ?? 0;
    sorted[to] = indexes[place] ?? 0;
    next[bucket] = to + 1;
  }
  return sorted;
}

interface KeptRanks {
  readonly ranks: Uint32Array;
  /** Hosts or findings of the table when it was made. */
  readonly length: number;
}

/** Ranks of one table, kept until it grows: sorting the other way round, or with another filter, compares no texts. */
export class RankCache {
  readonly #table: FindingTable;
  readonly #kept = new Map<string, KeptRanks>();

  constructor(table: FindingTable) {
    this.#table = table;
  }

  ofHosts(): Uint32Array {
    const { hosts } = this.#table;
    const names = (): string[] => hosts.map(({ name }) => name);
    return this.#keep('', hosts.length, () => rankTexts(names(), hosts.keys(), 'text'));
  }

  ofColumn({ name, kind, texts }: TableColumn): Uint32Array {
    return this.#keep(name, this.#table.length, () => rankTexts(this.#table.texts, texts.values, kind));
  }

  #keep(name: string, length: number, make: () => Uint32Array): Uint32Array {
    const kept = this.#kept.get(name);
    if (kept?.length === length) return kept.ranks;
    const ranks = make();
    this.#kept.set(name, { ranks, length });
    return ranks;
  }
}
