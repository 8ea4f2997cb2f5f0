/** Answers for spreadsheets (RFC 4180), one row for each finding; a cell can never be taken for a formula. */

import { escapeText } from '../../protocol/base/escape.ts';
import { foundStateOf, gradeOf } from '../answers/outcome.ts';
import { toFindings } from './finding.ts';
import { isShown, type Printer, type PrinterOptions } from './printer.ts';
import { toCompletenessLine } from './text.ts';

const head = ['agentid', 'agentname', 'answered', 'found', 'operation', 'module', 'finding', 'error'];

/** What spreadsheets take for a formula begins like this; the apostrophe says that it is text. */
const formula = /^\s*[=+\-@|%＝＋－＠]/u;

export function toCell(text: string): string {
  const harmless = formula.test(text) ? `'${escapeText(text)}` : escapeText(text);
  return /[",\s;]/u.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

export function csvPrinter({ asked, modules, show, console }: PrinterOptions): Printer {
  const print = (cells: readonly string[]): void => console.data(`${cells.map(toCell).join(',')}\r`);
  print(head);
  return {
    result: (result) => {
      if (!isShown(result, show)) return;
      const start = [result.agent, result.name, gradeOf(result), foundStateOf(result)];
      let rows = 0;
      for (const { index, module, line } of toFindings(result, asked, modules)) {
        print([...start, String(index + 1), module, line, '']);
        rows += 1;
      }
      for (const [index, { errors }] of result.operations.entries())
        for (const error of errors) {
          print([...start, String(index + 1), asked.operations[index]?.module ?? '', '', error]);
          rows += 1;
        }
      if (rows === 0) print([...start, '', '', '', '']);
    },
    end: (outcome) => console.note(toCompletenessLine(outcome)),
  };
}
