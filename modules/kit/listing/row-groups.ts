/** Groups rows by some columns and counts them, to find the rare ones among thousands. */
import type { Permit } from '../gate.ts';
import type { ElementOf, ListingColumns, RowOf } from './columns.ts';

/** A group takes some hundred bytes, and no reader can use more groups. */
const mostGroups = 100_000;

interface Group<Columns extends ListingColumns> {
  readonly row: RowOf<Columns>;
  readonly permit: Permit;
  count: number;
}

export class RowGroups<Columns extends ListingColumns> {
  readonly #names: readonly string[];
  readonly #most: number;
  readonly #groups = new Map<string, Group<Columns>>();

  /** @param names of the columns. */
  constructor(names: readonly string[], most = mostGroups) {
    this.#names = names;
    this.#most = most;
  }

  /** False without room for another group. */
  add(row: RowOf<Columns>, permit: Permit): boolean {
    const cells = this.#names.map((name) => row[name]);
    const key = JSON.stringify(cells.map((cell) => (cell === undefined ? [] : cell)));
    const group = this.#groups.get(key);
    if (group !== undefined) group.count += 1;
    else if (this.#groups.size >= this.#most) return false;
    else {
      const picked = Object.entries(row).filter(([name, cell]) => this.#names.includes(name) && cell !== undefined);
      this.#groups.set(key, { row: Object.fromEntries(picked) as RowOf<Columns>, permit, count: 1 });
    }
    return true;
  }

  /** The rarest first. */
  *take(): Generator<{ readonly element: ElementOf<Columns>; readonly permit: Permit }> {
    const rarest = [...this.#groups.values()].sort((left, right) => left.count - right.count);
    for (const { row, permit, count } of rarest) yield { element: { ...row, count }, permit };
  }
}
