/** Groups of findings in place of results, for formats that are read by programs. */
import type { Outcome } from '../answers/outcome.ts';
import type { ListedColumn } from './columns.ts';
import { describeErrors, toListedRows } from './listed.ts';
import { isShown, type Printer, type PrinterOptions } from './printer.ts';
import { type Group, Stack } from './stack.ts';

/** @param print is called once, at the end. What agents could not look at is only told as a sum. */
export function groupPrinter(
  columns: readonly ListedColumn[],
  options: PrinterOptions,
  print: (groups: readonly Group[], outcome: Outcome) => void,
): Printer {
  const { show, console } = options;
  const stack = new Stack(columns);
  return {
    result: (result) => {
      if (isShown(result, show)) for (const row of toListedRows(result, result.name, options)) stack.add(row);
    },
    end: (outcome) => {
      print(stack.take(), outcome);
      for (const line of [...stack.describeGaps(), ...describeErrors(stack.errors)]) console.note(line);
    },
  };
}
