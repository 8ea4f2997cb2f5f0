/** Answers for spreadsheets (RFC 4180), a column for each field; a cell of text can never be taken for a formula. */
import type { Cell, ColumnKind } from '../../modules/kit/column.ts';
import { escapeText } from '../../protocol/base/escape.ts';
import type { ResultAnswer } from '../answers/answer.ts';
import { toPlainText } from './cell.ts';
import type { ListedColumn, ListedRow } from './columns.ts';
import { groupPrinter } from './group-printer.ts';
import { describeErrors, describeLeftOut, toListedRows } from './listed.ts';
import { isShown, type Printer, type PrinterOptions } from './printer.ts';
import { SortedRows } from './sorted-rows.ts';
import { toCompletenessLine } from './text.ts';
import { toVerdictLine } from './verdict.ts';

/** Beginnings that spreadsheets take for a formula. An apostrophe marks them as text. */
const formula = /^\s*[=+\-@|%＝＋－＠]/u;

export function toCell(text: string): string {
  const harmless = formula.test(text) ? `'${escapeText(text)}` : escapeText(text);
  return /[",\s;]/u.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** A number stays one, also below zero; a time is one to a spreadsheet without quotes and with. */
function toField(kind: ColumnKind, cell: Cell): string {
  return typeof cell === 'number' && kind !== 'time' ? String(cell) : toCell(toPlainText(kind, cell));
}

type Print = (fields: readonly string[]) => void;

/** Agents without findings and errors have a row where a column tells of that. */
const agentStates: readonly string[] = ['answered', 'found'];

function listPrinter(columns: readonly ListedColumn[], print: Print, options: PrinterOptions): Printer {
  const { layout, show, console } = options;
  const sorted = layout.sort.length === 0 ? undefined : new SortedRows<readonly string[]>(layout.sort);
  const names = columns.map(({ name }) => name);
  const hasNotes = names.includes('note');
  const hasStates = names.some((name) => agentStates.includes(name));
  let hidden = 0;
  const add = (row: ListedRow): void => {
    const fields = columns.map(({ kind, value }) => toField(kind, value(row)));
    if (sorted === undefined) print(fields);
    else sorted.add(row, fields);
  };
  const addAll = (result: ResultAnswer): void => {
    let rows = 0;
    for (const row of toListedRows(result, result.name, options))
      if (row.note === undefined || hasNotes) {
        add(row);
        rows += 1;
      } else hidden += 1;
    if (rows === 0 && hasStates) add({ result, agentname: result.name });
  };
  print(names.map(toCell));
  return {
    result: (result) => {
      if (isShown(result, show)) addAll(result);
    },
    end: (outcome) => {
      for (const fields of sorted?.take() ?? []) print(fields);
      for (const line of [...describeLeftOut(sorted?.leftOut ?? 0), ...describeErrors(hidden)]) console.note(line);
      console.note(toCompletenessLine(outcome));
      console.note(toVerdictLine(outcome));
    },
  };
}

function stackPrinter(columns: readonly ListedColumn[], print: Print, options: PrinterOptions): Printer {
  const { result, end } = groupPrinter(columns, options, (groups) => {
    print(['hosts', 'findings', 'exampleid', 'examplename', ...columns.map(({ name }) => toCell(name))]);
    for (const { hosts, findings, example, cells } of groups) {
      const fields = columns.map(({ kind }, index) => toField(kind, cells[index]));
      print([String(hosts), String(findings), example.id, toCell(example.label), ...fields]);
    }
  });
  return {
    result,
    end: (outcome) => {
      end(outcome);
      options.console.note(toCompletenessLine(outcome));
      options.console.note(toVerdictLine(outcome));
    },
  };
}

export function csvPrinter(options: PrinterOptions): Printer {
  const { layout, console } = options;
  const print: Print = (fields) => console.data(`${fields.join(',')}\r`);
  return layout.stack === undefined
    ? listPrinter(layout.columns ?? layout.all, print, options)
    : stackPrinter(layout.stack, print, options);
}
