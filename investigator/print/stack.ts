/** Findings that are equal in some columns, as one group over all hosts: what runs on one machine of a thousand? */
import { type Cell, toCellText } from '../../modules/kit/column.ts';
import type { AgentId } from '../../protocol/base/identifiers.ts';
import { plural } from '../../protocol/base/plural.ts';
import { compareRanks, toPlainText, toRank } from './cell.ts';
import { commonColumns, type ListedColumn, type ListedRow } from './columns.ts';
import { describeUnlisted } from './listed.ts';

interface Limits {
  readonly bytes: number;
  /** New groups of one host: one that makes up findings must not take the room of all others. */
  readonly groupsPerHost: number;
}

const limits: Limits = { bytes: 256 * 1024 * 1024, groupsPerHost: 20_000 };
/** Memory of a group beside its texts. */
const groupBytes = 400;

interface Host {
  readonly id: AgentId;
  /** The agent's own name. */
  readonly name: string;
  readonly label: string;
}

export interface Group {
  /** By column of the stack. */
  readonly cells: readonly Cell[];
  readonly hosts: number;
  readonly findings: number;
  /** The first by name. */
  readonly example: Host;
}

type GrowingGroup = { -readonly [Key in keyof Group]: Group[Key] } & { last: AgentId };

function isCommon(name: string): boolean {
  return commonColumns.some((column) => column.name === name);
}

function isBefore(left: Host, right: Host): boolean {
  const order = compareRanks(left.name, right.name);
  return order === 0 ? left.id < right.id : order < 0;
}

export class Stack {
  readonly columns: readonly ListedColumn[];
  readonly #limits: Limits;
  readonly #groups = new Map<string, GrowingGroup>();
  #bytes = 0;
  #host: AgentId | undefined;
  #groupsOfHost = 0;
  /** Findings for whose group there was no room. */
  #leftOut = 0;
  /** Findings of modules that have none of the columns. */
  #elsewhere = 0;
  #unlisted = 0;
  #errors = 0;

  constructor(columns: readonly ListedColumn[], most: Limits = limits) {
    this.columns = columns;
    this.#limits = most;
  }

  /** All rows of one agent, before those of the next. */
  add(row: ListedRow): void {
    if (row.finding?.line !== undefined && row.note !== undefined) this.#unlisted += 1;
    else if (row.note !== undefined) this.#errors += 1;
    else if (this.columns.some(({ name }) => isCommon(name) || name in (row.finding?.cells ?? {}))) this.#group(row);
    else this.#elsewhere += 1;
  }

  #group(row: ListedRow): void {
    const { agent } = row.result;
    if (this.#host !== agent) [this.#host, this.#groupsOfHost] = [agent, 0];
    const host = { id: agent, name: row.result.name, label: row.agentname };
    const cells = this.columns.map(({ value }) => value(row));
    const key = JSON.stringify(cells.map((cell) => cell ?? null));
    const group = this.#groups.get(key);
    if (group === undefined) {
      this.#start(key, cells, host);
      return;
    }
    group.findings += 1;
    if (group.last === agent) return;
    group.last = agent;
    group.hosts += 1;
    if (isBefore(host, group.example)) group.example = host;
  }

  /** The rarest first. */
  take(): Group[] {
    return [...this.#groups.values()].sort((left, right) => {
      const order = left.hosts - right.hosts || left.findings - right.findings;
      return order === 0 ? this.#compareCells(left.cells, right.cells) : order;
    });
  }

  /** The number of hosts and of findings, the example, then the columns; not escaped. */
  takeTexts(): string[][] {
    return this.take().map(({ hosts, findings, example, cells }) => [
      String(hosts),
      String(findings),
      example.label,
      ...this.columns.map(({ kind }, index) => toPlainText(kind, cells[index])),
    ]);
  }

  /** Errors that were among the rows. */
  get errors(): number {
    return this.#errors;
  }

  /** Which findings are in no group. */
  describeGaps(): string[] {
    const say = (count: number, why: string): string[] =>
      count === 0 ? [] : [`${plural(count, 'finding is', 'findings are')} in no group: ${why}`];
    return [
      ...say(this.#leftOut, 'there are too many different ones; name fewer columns, or ask more narrowly'),
      ...say(this.#elsewhere, 'their module has none of these columns'),
      ...describeUnlisted(this.#unlisted),
    ];
  }

  #start(key: string, cells: readonly Cell[], host: Host): void {
    const bytes = groupBytes + key.length + cells.reduce<number>((sum, cell) => sum + toCellText(cell).length, 0);
    if (this.#bytes + bytes > this.#limits.bytes || this.#groupsOfHost >= this.#limits.groupsPerHost) {
      this.#leftOut += 1;
      return;
    }
    this.#bytes += bytes;
    this.#groupsOfHost += 1;
    this.#groups.set(key, { cells, hosts: 1, findings: 1, example: host, last: host.id });
  }

  #compareCells(left: readonly Cell[], right: readonly Cell[]): number {
    for (const [index, { kind }] of this.columns.entries()) {
      const order = compareRanks(toRank(kind, left[index]), toRank(kind, right[index]));
      if (order !== 0) return order;
    }
    return 0;
  }
}
