/** All findings of one action in little memory: every text once, and a number for each cell. */
import type { Module } from '../../../modules/kit/module.ts';
import { escapeText } from '../../../protocol/base/escape.ts';
import { sha256Hex } from '../../../protocol/base/identifiers.ts';
import type { ResultAnswer } from '../../answers/answer.ts';
import type { AskedQuestion } from '../../answers/outcome.ts';
import { plainView } from '../../cli/view-flags.ts';
import { toPlainText } from '../../print/cell.ts';
import { commonColumns, type ListedColumn, type ListedRow, toLayout } from '../../print/columns.ts';
import { toListedRows } from '../../print/listed.ts';
import { Uint32List } from './uint32-list.ts';

export interface TableLimits {
  readonly findings: number;
  /** Characters of all texts together. */
  readonly characters: number;
  /** Of one agent: one that makes up findings must not take the room of all others. */
  readonly findingsPerHost: number;
}

const defaultLimits: TableLimits = { findings: 5_000_000, characters: 500_000_000, findingsPerHost: 200_000 };
const stackKeyCharacters = 16;

export interface TableHost {
  readonly agent: string;
  readonly name: string;
}

export interface TableColumn {
  readonly name: string;
  readonly help: string;
  readonly kind: ListedColumn['kind'];
  /** Index of the text of each finding. */
  readonly texts: Uint32List;
  /** Whether any finding has a value in it. */
  isUsed: boolean;
}

interface GrowingColumn extends TableColumn {
  readonly value: ListedColumn['value'];
}

export class FindingTable {
  readonly hosts: TableHost[] = [];
  /** Escaped: the page shows them as they are. The first is empty. */
  readonly texts: string[] = [''];
  readonly columns: readonly TableColumn[];
  /** Index of the host of each finding. */
  readonly hostOf = new Uint32List();
  /** Index of the stack of each finding. */
  readonly stackOf = new Uint32List();
  /** Names of columns whose values make findings of several hosts equal. */
  readonly keyColumns: readonly string[];
  leftOut = 0;
  stacks = 0;
  readonly #columns: readonly GrowingColumn[];
  readonly #textIndex = new Map<string, number>([['', 0]]);
  readonly #stackIndex = new Map<string, number>();
  readonly #asked: AskedQuestion;
  readonly #modules: ReadonlyMap<string, Module>;
  readonly #limits: TableLimits;
  #characters = 0;

  constructor(asked: AskedQuestion, modules: ReadonlyMap<string, Module>, limits: TableLimits = defaultLimits) {
    this.#asked = asked;
    this.#modules = modules;
    this.#limits = limits;
    const all = toLayout(plainView, asked.operations, modules).all;
    const asksSeveral = new Set(asked.operations.map(({ module }) => module)).size > 1;
    const common = new Set(commonColumns.map(({ name }) => name));
    const shown = all.filter(
      ({ name }) => !common.has(name) || name === 'note' || name === 'search' || (asksSeveral && name === 'module'),
    );
    this.#columns = shown.map(({ name, help, kind, value }) => ({
      name,
      help,
      kind,
      value,
      texts: new Uint32List(),
      isUsed: false,
    }));
    this.columns = this.#columns;
    const keys = new Set(asked.operations.flatMap(({ module }) => [...(modules.get(module)?.key ?? [])]));
    this.keyColumns = shown.map(({ name }) => name).filter((name) => keys.has(name) || name === 'module');
  }

  get length(): number {
    return this.hostOf.length;
  }

  /** All findings of one answer. Errors are none: they are in the list of agents. */
  add(result: ResultAnswer, label: string): void {
    const host = this.hosts.length;
    this.hosts.push({ agent: result.agent, name: label });
    let ofHost = 0;
    for (const row of toListedRows(result, label, { asked: this.#asked, modules: this.#modules })) {
      if (row.finding?.line === undefined) continue;
      ofHost += 1;
      const isFull = this.length >= this.#limits.findings || this.#characters >= this.#limits.characters;
      if (isFull || ofHost > this.#limits.findingsPerHost) this.leftOut += 1;
      else this.#append(host, row);
    }
  }

  #append(host: number, row: ListedRow): void {
    const module = this.#modules.get(row.finding?.module ?? '');
    const key: (string | number)[] = [row.finding?.module ?? ''];
    for (const column of this.#columns) {
      const text = this.#intern(escapeText(toPlainText(column.kind, column.value(row))));
      if (text !== 0) column.isUsed = true;
      column.texts.push(text);
      if (module === undefined || column.name === 'note' || module.key.includes(column.name)) key.push(text);
    }
    this.hostOf.push(host);
    this.stackOf.push(this.#stack(key.join(' ')));
  }

  #intern(text: string): number {
    const known = this.#textIndex.get(text);
    if (known !== undefined) return known;
    this.#characters += text.length;
    this.texts.push(text);
    this.#textIndex.set(text, this.texts.length - 1);
    return this.texts.length - 1;
  }

  #stack(key: string): number {
    const known = this.#stackIndex.get(key);
    if (known !== undefined) return known;
    this.#stackIndex.set(key, this.stacks);
    this.stacks += 1;
    return this.stacks - 1;
  }

  /** A name of the finding's stack that stays the same when the action is opened again. */
  stackKeyOf(finding: number): string {
    const cells = this.#columns
      .filter(({ name }) => this.keyColumns.includes(name) || name === 'note')
      .map(({ texts }) => this.texts[texts.at(finding)]);
    return sha256Hex(JSON.stringify(cells)).slice(0, stackKeyCharacters);
  }

  textOf(column: TableColumn, finding: number): string {
    return this.texts[column.texts.at(finding)] ?? '';
  }

  hostNameOf(finding: number): string {
    return this.hosts[this.hostOf.at(finding)]?.name ?? '';
  }
}
