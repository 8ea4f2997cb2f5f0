/** The rows of one result, for all formats that have a column for each field. */

import { plural } from '../../protocol/base/plural.ts';
import type { ResultAnswer } from '../answers/answer.ts';
import type { ListedRow } from './columns.ts';
import { toFindings } from './finding.ts';
import type { PrinterOptions } from './printer.ts';

/** Findings first, then errors. @param agentname as it is to be printed. */
export function* toListedRows(
  result: ResultAnswer,
  agentname: string,
  { asked, modules }: Pick<PrinterOptions, 'asked' | 'modules'>,
): Generator<ListedRow> {
  for (const finding of toFindings(result, asked, modules))
    yield { result, agentname, finding, ...(finding.cells === undefined ? { note: finding.line } : {}) };
  for (const [index, { errors }] of result.operations.entries())
    for (const note of errors)
      yield { result, agentname, finding: { index, module: asked.operations[index]?.module ?? '' }, note };
}

/** @param rows for which there was no room. */
export function describeLeftOut(rows: number): string[] {
  if (rows === 0) return [];
  return [
    `${plural(rows, 'row is', 'rows are')} left out: there is no room for all; ask more narrowly, or use -f csv without -sort`,
  ];
}

/** @param answers that tell how many there are and not which. */
export function describeUnlisted(answers: number): string[] {
  if (answers === 0) return [];
  return [`${plural(answers, 'answer tells', 'answers tell')} only that something was found, or how many`];
}

/** @param errors for which the columns have no place. */
export function describeErrors(errors: number): string[] {
  if (errors === 0) return [];
  return [`${plural(errors, 'error is', 'errors are')} not shown here; -f text -show errors shows them`];
}
