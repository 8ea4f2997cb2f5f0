/** Findings for people: a line each as they come, or at the end lines in order, a table or groups. */
import { escapeText } from '../../protocol/base/escape.ts';
import type { ResultAnswer } from '../answers/answer.ts';
import { foundStateOf } from '../answers/outcome.ts';
import { type Column, printTable } from '../terminal/table.ts';
import { toPlainText } from './cell.ts';
import type { ListedColumn } from './columns.ts';
import { toFindings } from './finding.ts';
import { describeLeftOut, describeUnlisted, toListedRows } from './listed.ts';
import type { PrinterOptions } from './printer.ts';
import { SortedRows } from './sorted-rows.ts';
import { Stack } from './stack.ts';

interface FindingsPrinter {
  /** @param name of the agent, escaped. */
  readonly add: (result: ResultAnswer, name: string) => void;
  readonly end: () => void;
}

function printLines({ asked, modules, console }: PrinterOptions): FindingsPrinter {
  return {
    add: (result, name) => {
      const head = console.paintData('name', name);
      let lines = 0;
      for (const { line } of toFindings(result, asked, modules)) {
        console.data(`${head} ${escapeText(line)}`);
        lines += 1;
      }
      if (lines === 0 && foundStateOf(result) === 'no') console.data(`${head} found nothing`);
    },
    end: () => {},
  };
}

function printSortedLines(options: PrinterOptions): FindingsPrinter {
  const { asked, modules, console, layout } = options;
  const rows = new SortedRows<readonly [string]>(layout.sort);
  return {
    add: (result, agentname) => {
      const head = console.paintData('name', agentname);
      let lines = 0;
      for (const finding of toFindings(result, asked, modules)) {
        rows.add({ result, agentname, finding }, [`${head} ${escapeText(finding.line)}`]);
        lines += 1;
      }
      if (lines === 0 && foundStateOf(result) === 'no') rows.add({ result, agentname }, [`${head} found nothing`]);
    },
    end: () => {
      for (const [line] of rows.take()) console.data(line);
      for (const line of describeLeftOut(rows.leftOut)) console.note(line);
    },
  };
}

/** Half a digest, a number or a time is worth nothing. */
const wholeKinds: ReadonlySet<ListedColumn['kind']> = new Set(['digest', 'number', 'time']);

function toTableColumn({ name, kind }: ListedColumn): Column {
  return wholeKinds.has(kind) ? { title: name, isWhole: true } : { title: name };
}

function printList(columns: readonly ListedColumn[], options: PrinterOptions): FindingsPrinter {
  const { console, layout } = options;
  const rows = new SortedRows<readonly string[]>(layout.sort);
  let unlisted = 0;
  return {
    add: (result, name) => {
      for (const row of toListedRows(result, name, options))
        if (row.finding?.cells !== undefined)
          rows.add(
            row,
            columns.map(({ kind, value }) => toPlainText(kind, value(row))),
          );
        else if (row.finding?.line !== undefined) unlisted += 1;
    },
    end: () => {
      const lines = rows.take();
      if (lines.length > 0) printTable(columns.map(toTableColumn), lines, console);
      for (const line of [...describeLeftOut(rows.leftOut), ...describeUnlisted(unlisted)]) console.note(line);
    },
  };
}

const groupColumns: readonly Column[] = [
  { title: 'hosts', isWhole: true },
  { title: 'findings', isWhole: true },
  { title: 'example' },
];

function printGroups(columns: readonly ListedColumn[], options: PrinterOptions): FindingsPrinter {
  const { console } = options;
  const stack = new Stack(columns);
  return {
    add: (result, name) => {
      for (const row of toListedRows(result, name, options)) stack.add(row);
    },
    end: () => {
      const rows = stack.takeTexts();
      if (rows.length > 0) printTable([...groupColumns, ...columns.map(toTableColumn)], rows, console);
      for (const gap of stack.describeGaps()) console.note(gap);
    },
  };
}

export function findingsPrinter(options: PrinterOptions): FindingsPrinter {
  const { stack, columns, sort } = options.layout;
  if (stack !== undefined) return printGroups(stack, options);
  if (columns !== undefined) return printList(columns, options);
  return sort.length > 0 ? printSortedLines(options) : printLines(options);
}
