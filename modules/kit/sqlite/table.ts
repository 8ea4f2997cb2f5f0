/** The rows of an SQLite table, read along its tree of pages. @see https://sqlite.org/fileformat2.html#b_tree_pages */
import { malformed } from '../files/malformed.ts';
import type { Pages } from './pages.ts';
import { readRecord, readVarint, type SqliteValue } from './record.ts';

export interface SqliteRow {
  /** Also the value of a column `INTEGER PRIMARY KEY`, which is null in `values`. */
  readonly rowId: number;
  /** By column; fewer where columns were added later. */
  readonly values: readonly SqliteValue[];
}

/** A tree with the largest database has fewer levels. */
const mostLevels = 24;
const schemaPage = 1;

function decoderOf({ encoding }: Pages): (bytes: Buffer) => string {
  if (encoding === 'utf16be')
    return (bytes) =>
      Buffer.from(bytes.subarray(0, bytes.length & ~1))
        .swap16()
        .toString('utf16le');
  return (bytes) => bytes.toString(encoding);
}

class Table {
  readonly #pages: Pages;
  readonly #mostRowBytes: number;
  readonly #toText: (bytes: Buffer) => string;
  /** Each page belongs to one place of a tree: a second visit is a circle. */
  readonly #visited = new Set<number>();

  constructor(pages: Pages, mostRowBytes: number) {
    this.#pages = pages;
    this.#mostRowBytes = mostRowBytes;
    this.#toText = decoderOf(pages);
  }

  *rows(number: number, level = 0): Generator<SqliteRow> {
    if (level > mostLevels) throw malformed(`at most ${mostLevels} levels of pages`, 'more');
    const page = this.#visit(number);
    const start = number === schemaPage ? 100 : 0;
    const kind = page[start];
    const cells = page.readUInt16BE(start + 3);
    if (kind !== 5 && kind !== 13) throw malformed('a page of a table', kind);
    const firstPointer = start + (kind === 5 ? 12 : 8);
    if (firstPointer + cells * 2 > page.length) throw malformed('a page of whole cells', cells);
    let left = page.length;
    for (let index = 0; index < cells; index += 1) {
      const cell = page.readUInt16BE(firstPointer + index * 2);
      if (cell + 4 > page.length) throw malformed('a cell within its page', cell);
      if (kind === 5) yield* this.rows(page.readUInt32BE(cell), level + 1);
      else {
        const { row, bytesHere } = this.#readRow(page, cell);
        // Rows of a page do not overlap.
        left -= bytesHere;
        if (left < 0) throw malformed('rows within their page', `${-left} bytes more`);
        yield row;
      }
    }
    if (kind === 5) yield* this.rows(page.readUInt32BE(start + 8), level + 1);
  }

  #visit(number: number): Buffer {
    if (this.#visited.has(number)) throw malformed('a page that is used once', number);
    this.#visited.add(number);
    return this.#pages.read(number);
  }

  #readRow(page: Buffer, cell: number): { readonly row: SqliteRow; readonly bytesHere: number } {
    const size = readVarint(page, cell);
    const rowId = readVarint(page, size.end);
    const bytesHere = this.#bytesHere(size.value);
    const payload = this.#readPayload(page, rowId.end, size.value, bytesHere);
    return { row: { rowId: rowId.value, values: readRecord(payload, this.#toText) }, bytesHere };
  }

  /** Of a row of this size, those on the page of its tree. */
  #bytesHere(size: number): number {
    const usable = this.#pages.usableBytes;
    if (size <= usable - 35) return size;
    const least = Math.floor(((usable - 12) * 32) / 255) - 23;
    const here = least + ((size - least) % (usable - 4));
    return here <= usable - 35 ? here : least;
  }

  /** A long record goes on in a chain of other pages. */
  #readPayload(page: Buffer, start: number, size: number, local: number): Buffer {
    if (size > this.#mostRowBytes) throw malformed(`a row of at most ${this.#mostRowBytes} bytes`, size);
    const usable = this.#pages.usableBytes;
    if (start + local > page.length) throw malformed('a row within its page', start + local);
    const parts = [page.subarray(start, start + local)];
    if (local === size) return parts[0] ?? Buffer.alloc(0);
    if (start + local + 4 > page.length) throw malformed('a row within its page', start + local + 4);
    let next = page.readUInt32BE(start + local);
    for (let left = size - local; left > 0; ) {
      const overflow = this.#visit(next);
      const part = overflow.subarray(4, Math.min(usable, left + 4));
      parts.push(part);
      left -= part.length;
      next = overflow.readUInt32BE(0);
    }
    return Buffer.concat(parts, size);
  }
}

/** Far more than the longest schema. */
const mostSchemaBytes = 1024 * 1024;

/** Page of the table's root; undefined without such a table. */
function findRoot(pages: Pages, name: string): number | undefined {
  for (const { values } of new Table(pages, mostSchemaBytes).rows(schemaPage)) {
    const [type, own, , root] = values;
    if (
      type === 'table' &&
      typeof own === 'string' &&
      own.toLowerCase() === name.toLowerCase() &&
      typeof root === 'number'
    )
      return root;
  }
  return undefined;
}

/** @param mostRowBytes a longer row is taken for damage. @throws CodedError `database-malformed` */
export function* readTable(pages: Pages, name: string, mostRowBytes: number): Generator<SqliteRow> {
  const root = findRoot(pages, name);
  if (root === undefined) throw malformed(`a table ${name}`, 'others');
  yield* new Table(pages, mostRowBytes).rows(root);
}
