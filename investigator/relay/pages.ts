/** Lists of the relay, page by page. Whatever a relay sends, a list comes to an end: by itself, or by a named error. */
import { CodedError } from '../../protocol/base/coded-error.ts';
import type { TransportCode } from './transport.ts';

export interface Page<Item, Cursor> {
  readonly items: readonly Item[];
  /** Behind this the next page begins; null when this is the last. */
  readonly next: Cursor | null;
}

export interface ListBounds {
  readonly maximumItems: number;
  readonly maximumPages: number;
  readonly maximumBytes: number;
  readonly maximumMs: number;
}

const gibibyte = 1024 * 1024 * 1024;

/** Time for a list of a million agents on a line that is not the slowest. */
export const listBounds: ListBounds = {
  maximumItems: 1_000_000,
  maximumPages: 20_000,
  maximumBytes: 4 * gibibyte,
  maximumMs: 3_600_000,
};

/** One after the other: what a page had may have been left out as too large to show. */
const maximumEmptyPages = 100;

/** The bytes that are left for a list. Each page takes from it. */
export class ByteBudget {
  #left: number;

  constructor(maximumBytes: number) {
    this.#left = maximumBytes;
  }

  get left(): number {
    return this.#left;
  }

  take(bytes: number): void {
    this.#left -= bytes;
  }
}

function misbehaved(message: string): CodedError<TransportCode> {
  return new CodedError('server-misbehaved', message, {
    hint: 'do not trust this server: an honest one ends its lists',
  });
}

export interface Paging<Item, Cursor> {
  /** Name of the items for messages: `agents`. */
  readonly what: string;
  /** Cursor to begin at; undefined at the start. */
  readonly after: Cursor | undefined;
  readonly read: (after: Cursor | undefined, budget: ByteBudget) => Promise<Page<Item, Cursor>>;
  /** Cursor of an item: rises from item to item. */
  readonly cursorOf: (item: Item) => Cursor;
  readonly bounds?: ListBounds;
}

/** @throws CodedError server-misbehaved when the list repeats or turns back, or goes on beyond its bounds */
export async function* readPages<Item, Cursor extends string | number>({
  what,
  after,
  read,
  cursorOf,
  bounds = listBounds,
}: Paging<Item, Cursor>): AsyncGenerator<Item> {
  const { maximumItems, maximumPages, maximumBytes, maximumMs } = bounds;
  const budget = new ByteBudget(maximumBytes);
  const endMs = Date.now() + maximumMs;
  let last = after;
  let items = 0;
  let empty = 0;
  for (let pages = 1; ; pages += 1) {
    const page = await read(last, budget);
    for (const item of page.items) {
      const cursor = cursorOf(item);
      if (last !== undefined && cursor <= last) throw misbehaved(`expected the list of ${what} in order, each once`);
      last = cursor;
      items += 1;
      if (items > maximumItems) throw misbehaved(`expected at most ${maximumItems} ${what}`);
      yield item;
    }
    if (page.next === null) return;
    if (last !== undefined && page.next < last) throw misbehaved(`expected the list of ${what} to go on`);
    empty = page.items.length === 0 ? empty + 1 : 0;
    if (empty > maximumEmptyPages) throw misbehaved(`expected at most ${maximumEmptyPages} empty pages of ${what}`);
    last = page.next;
    if (pages >= maximumPages) throw misbehaved(`expected at most ${maximumPages} pages of ${what}`);
    if (Date.now() > endMs) throw misbehaved(`expected the list of ${what} within ${maximumMs / 1000} s`);
  }
}
