/** Answers for programs: one document, or one line each as they come; the keys are stable. */

import { toSafeJson } from '../../protocol/base/escape.ts';
import type { ResultAnswer } from '../answers/answer.ts';
import { foundStateOf, gradeOf, type Outcome } from '../answers/outcome.ts';
import { isShown, type Printer, type PrinterOptions } from './printer.ts';

function toResult(result: ResultAnswer) {
  return {
    agent: { id: result.agent, name: result.name },
    answered: gradeOf(result),
    found: foundStateOf(result),
    operations: result.operations,
  };
}

function toRest({ refusals, repeats, notGenuine, silent }: Outcome) {
  return {
    refusals: refusals.map(({ agent, code, altered }) => ({ agent, code, altered })),
    repeats: repeats.map(({ agent, code, altered }) => ({ agent, code, altered })),
    notgenuine: notGenuine.examples,
    silent,
  };
}

function byName(left: ResultAnswer, right: ResultAnswer): number {
  const [first, second] = [`${left.name} ${left.agent}`, `${right.name} ${right.agent}`];
  return first < second ? -1 : first > second ? 1 : 0;
}

export function jsonPrinter({ asked, show, console }: PrinterOptions): Printer {
  const results: ResultAnswer[] = [];
  return {
    result: (result) => {
      if (isShown(result, show)) results.push(result);
    },
    end: (outcome) => {
      const { counts, completeness } = outcome;
      const shown = results.sort(byName).map(toResult);
      console.data(toSafeJson({ action: asked, counts, answered: completeness, results: shown, ...toRest(outcome) }));
    },
  };
}

/** `kind` is `action` on the first line, `result` on those that follow, `end` on the last. */
export function ndjsonPrinter({ asked, show, console }: PrinterOptions): Printer {
  const print = (value: unknown): void => console.data(toSafeJson(value, 0));
  print({ kind: 'action', action: asked });
  return {
    result: (result) => {
      if (isShown(result, show)) print({ kind: 'result', ...toResult(result) });
    },
    end: (outcome) =>
      print({ kind: 'end', counts: outcome.counts, answered: outcome.completeness, ...toRest(outcome) }),
  };
}
