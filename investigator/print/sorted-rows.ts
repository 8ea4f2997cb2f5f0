/** Rows that are printed at the end, in order; of more than fit into memory, the first in that order. */
import { compareRanks, type Rank, toRank } from './cell.ts';
import type { ListedRow, Order } from './columns.ts';

const mostBytes = 256 * 1024 * 1024;
/** Memory of a row beside its texts: objects and arrays. */
const rowBytes = 200;

interface KeptRow<Printed> {
  /** In the order of what is sorted by; the name of the agent last. */
  readonly ranks: readonly Rank[];
  readonly bytes: number;
  readonly printed: Printed;
}

function sizeOf(values: readonly (Rank | undefined)[]): number {
  return values.reduce<number>((sum, value) => sum + (typeof value === 'string' ? value.length : 0), 0);
}

export class SortedRows<Printed extends readonly string[]> {
  readonly #order: readonly Order[];
  readonly #mostBytes: number;
  #rows: KeptRow<Printed>[] = [];
  #bytes = 0;
  #leftOut = 0;
  /** Since there was no room: what comes behind it is left out. */
  #last: KeptRow<Printed> | undefined;

  constructor(order: readonly Order[], most = mostBytes) {
    this.#order = order;
    this.#mostBytes = most;
  }

  /** @param printed what is to be had back. */
  add(row: ListedRow, printed: Printed): void {
    const ranks = [...this.#order.map(({ column }) => toRank(column.kind, column.value(row))), row.agentname];
    const bytes = rowBytes + sizeOf(ranks) + sizeOf(printed);
    const kept = { ranks, bytes, printed };
    if (this.#last !== undefined && this.#compare(kept, this.#last) > 0) {
      this.#leftOut += 1;
      return;
    }
    this.#rows.push(kept);
    this.#bytes += bytes;
    if (this.#bytes > this.#mostBytes) this.#makeRoom();
  }

  /** Rows for which there was no room. */
  get leftOut(): number {
    return this.#leftOut;
  }

  take(): Printed[] {
    this.#sort();
    return this.#rows.map(({ printed }) => printed);
  }

  #sort(): void {
    this.#rows.sort((left, right) => this.#compare(left, right));
  }

  #compare(left: KeptRow<Printed>, right: KeptRow<Printed>): number {
    for (const [index, rank] of left.ranks.entries()) {
      const order = compareRanks(rank, right.ranks[index] ?? '', this.#order[index]?.descending);
      if (order !== 0) return order;
    }
    return 0;
  }

  /** Much at once, so that not every row has all others sorted. */
  #makeRoom(): void {
    this.#sort();
    while (this.#bytes > this.#mostBytes / 2) {
      this.#bytes -= this.#rows.pop()?.bytes ?? this.#bytes;
      this.#leftOut += 1;
    }
    this.#last = this.#rows.at(-1);
  }
}
