/** Answers for programs: one document, or one line each as they come; the keys are stable. */

import { toSafeJson } from '../../protocol/base/escape.ts';
import type { RefusalAnswer, ResultAnswer } from '../answers/answer.ts';
import { foundStateOf, gradeOf, type Outcome, toVerdict } from '../answers/outcome.ts';
import type { ListedColumn } from './columns.ts';
import { groupPrinter } from './group-printer.ts';
import { isShown, type Printer, type PrinterOptions } from './printer.ts';
import type { Group } from './stack.ts';

function toResult(result: ResultAnswer) {
  return {
    agent: { id: result.agent, name: result.name, tags: result.tags ?? null },
    time: result.time ?? null,
    answered: gradeOf(result),
    found: foundStateOf(result),
    operations: result.operations,
  };
}

function toRest({ refusals, repeats, notGenuine, silent, names }: Outcome) {
  const toRefusal = ({ agent, code, altered }: RefusalAnswer) => ({
    agent,
    name: names.get(agent) ?? null,
    code,
    altered,
  });
  return {
    refusals: refusals.map(toRefusal),
    repeats: repeats.map(toRefusal),
    notgenuine: notGenuine.examples,
    silent,
  };
}

function byName(left: ResultAnswer, right: ResultAnswer): number {
  const [first, second] = [`${left.name} ${left.agent}`, `${right.name} ${right.agent}`];
  return first < second ? -1 : first > second ? 1 : 0;
}

function toGroup({ hosts, findings, example: { id, name }, cells }: Group, columns: readonly ListedColumn[]) {
  const values = columns.map((column, index) => [column.name, cells[index] ?? null]);
  return { hosts, findings, example: { id, name }, columns: Object.fromEntries(values) };
}

function stackPrinter(
  columns: readonly ListedColumn[],
  options: PrinterOptions,
  print: (groups: ReturnType<typeof toGroup>[], outcome: Outcome) => void,
): Printer {
  return groupPrinter(columns, options, (groups, outcome) =>
    print(
      groups.map((group) => toGroup(group, columns)),
      outcome,
    ),
  );
}

export function jsonPrinter(options: PrinterOptions): Printer {
  const { asked, show, console, layout } = options;
  if (layout.stack !== undefined)
    return stackPrinter(layout.stack, options, (groups, outcome) => {
      const { counts, completeness: answered } = outcome;
      const verdict = toVerdict(outcome);
      console.data(toSafeJson({ action: asked, counts, answered, verdict, groups, ...toRest(outcome) }));
    });
  const results: ResultAnswer[] = [];
  return {
    result: (result) => {
      if (isShown(result, show)) results.push(result);
    },
    end: (outcome) => {
      const { counts, completeness: answered } = outcome;
      const verdict = toVerdict(outcome);
      const shown = results.sort(byName).map(toResult);
      console.data(toSafeJson({ action: asked, counts, answered, verdict, results: shown, ...toRest(outcome) }));
    },
  };
}

/** `kind` is `action` on the first line, `result` or `group` on those that follow, `end` on the last. */
export function ndjsonPrinter(options: PrinterOptions): Printer {
  const { asked, show, console, layout } = options;
  const print = (value: unknown): void => console.data(toSafeJson(value, 0));
  const printEnd = (outcome: Outcome): void =>
    print({
      kind: 'end',
      counts: outcome.counts,
      answered: outcome.completeness,
      verdict: toVerdict(outcome),
      ...toRest(outcome),
    });
  print({ kind: 'action', action: asked });
  if (layout.stack !== undefined)
    return stackPrinter(layout.stack, options, (groups, outcome) => {
      for (const group of groups) print({ kind: 'group', ...group });
      printEnd(outcome);
    });
  return {
    result: (result) => {
      if (isShown(result, show)) print({ kind: 'result', ...toResult(result) });
    },
    end: printEnd,
  };
}
