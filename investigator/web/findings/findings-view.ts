/** One way to look at the findings: filtered, stacked or flat, in an order. Windows of it go to the page. */
import type { ColumnHead, FindingsQuery, FindingsRow, FindingsWindow } from '../messages.ts';
import { markFindings, parseFilter } from './filter.ts';
import type { FindingTable, TableColumn } from './finding-table.ts';
import { RankCache, type Ranked, sortByRank } from './order.ts';

type Shape = Omit<FindingsQuery, 'id' | 'from' | 'count'>;

const stackHeads: readonly ColumnHead[] = [
  { name: 'hosts', help: 'Hosts that have it.', isNumber: true },
  { name: 'findings', help: 'Findings of all hosts.', isNumber: true },
  { name: 'host', help: 'The first host by name.', isNumber: false },
];
const hostHead: ColumnHead = { name: 'host', help: 'Name of the host.', isNumber: false };
/** Above all texts' ranks: what goes beyond is ordered as equal. */
const none = 0xffff_ffff;

function toHead({ name, help, kind }: TableColumn): ColumnHead {
  return { name, help, isNumber: kind === 'number' };
}

export class FindingsView {
  readonly #table: FindingTable;
  readonly #ranks: RankCache;
  readonly #isStacked: boolean;
  readonly #columns: readonly TableColumn[];
  /** The finding of each row; of a stack, its first by the host's name. */
  readonly #rows: Uint32Array;
  readonly #hostsOf: Uint32Array;
  readonly #findingsOf: Uint32Array;
  readonly #findings: number;
  readonly #hosts: number;

  constructor(table: FindingTable, { group, filter, sort, stack }: Shape, ranks = new RankCache(table)) {
    this.#table = table;
    this.#ranks = ranks;
    this.#isStacked = group === 'stack' && stack === '';
    const used = table.columns.filter(({ isUsed }) => isUsed);
    this.#columns = this.#isStacked
      ? used.filter(({ name }) => table.keyColumns.includes(name) || name === 'note')
      : used;
    const fits = markFindings(
      table,
      parseFilter(
        filter,
        table.columns.map(({ name }) => name),
      ),
    );
    if (stack !== '') this.#keepStack(fits, stack);
    const hosts = new Uint8Array(table.hosts.length);
    let findings = 0;
    const hostOf = table.hostOf.values;
    for (let row = 0; row < fits.length; row += 1)
      if (fits[row] === 1) {
        findings += 1;
        hosts[hostOf[row] ?? 0] = 1;
      }
    this.#findings = findings;
    this.#hosts = hosts.reduce((sum, one) => sum + one, 0);
    this.#hostsOf = new Uint32Array(this.#isStacked ? table.stacks : 0);
    this.#findingsOf = new Uint32Array(this.#isStacked ? table.stacks : 0);
    const rows = this.#isStacked ? this.#stackUp(fits, ranks.ofHosts()) : this.#list(fits, findings);
    this.#rows = this.#sort(rows, sort);
  }

  toWindow(from: number, count: number): FindingsWindow {
    const rows = [...this.#rows.subarray(from, from + count)].map((finding) => this.#toRow(finding));
    const columns = [...(this.#isStacked ? stackHeads : [hostHead]), ...this.#columns.map(toHead)];
    const totals = { total: this.#rows.length, findings: this.#findings, hosts: this.#hosts };
    return { columns, ...totals, from, rows };
  }

  #toRow(finding: number): FindingsRow {
    const table = this.#table;
    const cells = this.#columns.map((column) => table.textOf(column, finding));
    const host = table.hostNameOf(finding);
    const key = table.stackKeyOf(finding);
    if (!this.#isStacked) {
      const agent = table.hosts[table.hostOf.at(finding)]?.agent ?? '';
      return { cells: [host, ...cells], stack: key, agent };
    }
    const stack = table.stackOf.at(finding);
    const counts = [String(this.#hostsOf[stack] ?? 0), String(this.#findingsOf[stack] ?? 0)];
    return { cells: [...counts, host, ...cells], stack: key, agent: '' };
  }

  #keepStack(fits: Uint8Array, key: string): void {
    const table = this.#table;
    const seen = new Uint8Array(table.stacks);
    let wanted = -1;
    const stackOf = table.stackOf.values;
    for (let row = 0; row < stackOf.length && wanted === -1; row += 1) {
      const stack = stackOf[row] ?? 0;
      if (seen[stack] === 1) continue;
      seen[stack] = 1;
      if (table.stackKeyOf(row) === key) wanted = stack;
    }
    for (let row = 0; row < stackOf.length; row += 1) if (stackOf[row] !== wanted) fits[row] = 0;
  }

  #list(fits: Uint8Array, findings: number): Uint32Array {
    const rows = new Uint32Array(findings);
    let next = 0;
    for (let row = 0; row < fits.length; row += 1)
      if (fits[row] === 1) {
        rows[next] = row;
        next += 1;
      }
    return rows;
  }

  /** Findings of one host stand together, so that the last host of a stack tells whether the next is a new one. */
  #stackUp(fits: Uint8Array, hostRanks: Uint32Array): Uint32Array {
    const { stacks, stackOf, hostOf } = this.#table;
    const lastHost = new Uint32Array(stacks).fill(none);
    const first = new Uint32Array(stacks).fill(none);
    const firstRank = new Uint32Array(stacks).fill(none);
    const [stackAt, hostAt] = [stackOf.values, hostOf.values];
    for (let row = 0; row < fits.length; row += 1) {
      if (fits[row] !== 1) continue;
      const [stack, host] = [stackAt[row] ?? 0, hostAt[row] ?? 0];
      this.#findingsOf[stack] = (this.#findingsOf[stack] ?? 0) + 1;
      if (lastHost[stack] === host) continue;
      lastHost[stack] = host;
      this.#hostsOf[stack] = (this.#hostsOf[stack] ?? 0) + 1;
      const rank = hostRanks[host] ?? 0;
      if (rank < (firstRank[stack] ?? none)) [firstRank[stack], first[stack]] = [rank, row];
    }
    return first.filter((row) => row !== none);
  }

  #sort(rows: Uint32Array, sort: string): Uint32Array {
    const descending = sort.startsWith('-');
    const name = descending ? sort.slice(1) : sort;
    const { hostOf, stackOf, columns } = this.#table;
    const byHost = (): Ranked => ({ parts: hostOf.values, ranks: this.#ranks.ofHosts() });
    const byStack = (ranks: Uint32Array): Ranked => ({ parts: stackOf.values, ranks });
    const byColumn = (column: TableColumn): Ranked => ({
      parts: column.texts.values,
      ranks: this.#ranks.ofColumn(column),
    });
    if (name === 'host') return sortByRank(rows, byHost(), descending);
    if (this.#isStacked && name === 'hosts') return sortByRank(rows, byStack(this.#hostsOf), descending);
    if (this.#isStacked && name === 'findings') return sortByRank(rows, byStack(this.#findingsOf), descending);
    const wanted = columns.find((column) => column.name === name);
    if (wanted !== undefined) return sortByRank(rows, byColumn(wanted), descending);
    if (!this.#isStacked) return sortByRank(rows, byHost(), false);
    // The rarest first, and within them by the text of the first column of the key.
    const [key] = this.#columns;
    const byKey = key === undefined ? rows : sortByRank(rows, byColumn(key), false);
    return sortByRank(sortByRank(byKey, byStack(this.#findingsOf), false), byStack(this.#hostsOf), false);
  }
}

/** The latest views, so that scrolling sorts nothing again. */
export class ViewCache {
  readonly #views = new Map<string, { readonly view: FindingsView; readonly findings: number }>();
  static readonly #maximum = 4;
  readonly #table: FindingTable;
  readonly #ranks: RankCache;

  constructor(table: FindingTable) {
    this.#table = table;
    this.#ranks = new RankCache(table);
  }

  get({ group, filter, sort, stack }: Shape): FindingsView {
    const table = this.#table;
    const key = JSON.stringify([group, filter, sort, stack]);
    const kept = this.#views.get(key);
    if (kept?.findings === table.length) return kept.view;
    const view = new FindingsView(table, { group, filter, sort, stack }, this.#ranks);
    this.#views.delete(key);
    this.#views.set(key, { view, findings: table.length });
    for (const oldest of this.#views.keys()) {
      if (this.#views.size <= ViewCache.#maximum) break;
      this.#views.delete(oldest);
    }
    return view;
  }
}
