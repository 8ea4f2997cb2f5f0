/** The tables of the page: what was found, a column for each field, or in groups over all hosts. */
import type { ColumnKind } from '../../modules/kit/column.ts';
import { escapeText } from '../../protocol/base/escape.ts';
import { toPlainText } from './cell.ts';
import type { ListedColumn, ListedRow } from './columns.ts';
import { type Html, html } from './html-template.ts';
import { describeLeftOut } from './listed.ts';
import type { PrinterOptions } from './printer.ts';
import { SortedRows } from './sorted-rows.ts';
import { Stack } from './stack.ts';

interface Head {
  readonly title: string;
  readonly help?: string;
  readonly kind?: ColumnKind;
}

/** Sorted by a click on a head, where scripts run. */
export function renderTable(name: string, heads: readonly Head[], rows: readonly Html[]): Html {
  const titles = heads.map(({ title, help }) =>
    help === undefined ? html`<th scope="col">${title}</th>` : html`<th scope="col" title="${help}">${title}</th>`,
  );
  return html`<div class="wide"><table class="${name}"><thead><tr>${titles}</tr></thead><tbody>
${rows}</tbody></table></div>`;
}

function toRow(heads: readonly Head[], texts: readonly string[]): Html {
  const cells = texts.map((text, index) => html`<td class="${heads[index]?.kind ?? 'text'}">${escapeText(text)}</td>`);
  return html`<tr>${cells}</tr>
`;
}

function renderFindings(heads: readonly Head[], rows: readonly (readonly string[])[], gaps: readonly string[]): Html {
  if (rows.length === 0 && gaps.length === 0) return html``;
  const lines = rows.map((texts) => toRow(heads, texts));
  return html`<h2>Findings</h2>
${gaps.map((gap) => html`<p>${gap}.</p>`)}${renderTable('findings', heads, lines)}`;
}

function toHead({ name, help, kind, unit }: ListedColumn): Head {
  return { title: unit === undefined ? name : `${name} (${unit})`, help, kind };
}

export interface FindingsTable {
  /** Rows without a note. */
  readonly add: (row: ListedRow) => void;
  readonly render: () => Html;
}

/** In the table of agents, or the same for all. */
const leftToAgents: readonly string[] = ['agentid', 'answered', 'found', 'operation', 'note'];

function listTable(named: readonly ListedColumn[] | undefined, { layout, asked }: PrinterOptions): FindingsTable {
  const isOneModule = new Set(asked.operations.map(({ module }) => module)).size === 1;
  const isLeft = (name: string): boolean => leftToAgents.includes(name) || (isOneModule && name === 'module');
  const columns = named ?? layout.all.filter(({ name }) => !isLeft(name));
  const rows = new SortedRows<readonly string[]>(layout.sort);
  const used = columns.map(() => named !== undefined);
  return {
    add: (row) => {
      const texts = columns.map(({ kind, value }) => toPlainText(kind, value(row)));
      for (const [index, text] of texts.entries()) if (text !== '') used[index] = true;
      rows.add(row, texts);
    },
    render: () => {
      // A column that no finding has only takes room.
      const toUsed = <Item>(items: readonly Item[]): Item[] => items.filter((_, index) => used[index]);
      return renderFindings(toUsed(columns).map(toHead), rows.take().map(toUsed), describeLeftOut(rows.leftOut));
    },
  };
}

const groupHeads: readonly Head[] = [
  { title: 'hosts', kind: 'number', help: 'How many hosts have it.' },
  { title: 'findings', kind: 'number', help: 'How many findings these are.' },
  { title: 'example', help: 'One of the hosts.' },
];

function groupTable(columns: readonly ListedColumn[]): FindingsTable {
  const stack = new Stack(columns);
  return {
    add: (row) => stack.add(row),
    render: () => renderFindings([...groupHeads, ...columns.map(toHead)], stack.takeTexts(), stack.describeGaps()),
  };
}

export function findingsTable(options: PrinterOptions): FindingsTable {
  const { stack, columns } = options.layout;
  return stack === undefined ? listTable(columns, options) : groupTable(stack);
}
