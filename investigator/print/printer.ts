/** Where the answers of an action go, in the format that was asked for. */
import type { Module } from '../../modules/kit/module.ts';
import type { ResultAnswer } from '../answers/answer.ts';
import { type AskedQuestion, foundStateOf, gradeOf, hasFound, type Outcome } from '../answers/outcome.ts';
import type { Show } from '../cli/common-flags.ts';
import type { Console } from '../terminal/console.ts';
import type { Layout } from './columns.ts';

export interface Printer {
  /** A result, as it comes; those that `show` leaves out are counted in the outcome all the same. */
  readonly result: (result: ResultAnswer) => void;
  /** Once, when no more will come. */
  readonly end: (outcome: Outcome) => void;
}

export interface PrinterOptions {
  readonly asked: AskedQuestion;
  /** All who signed the question, for the reader of a page that is handed on. */
  readonly by: readonly string[];
  /** In milliseconds since 1970, for what says when it was written. */
  readonly now: () => number;
  readonly modules: ReadonlyMap<string, Module>;
  readonly show: Show;
  readonly layout: Layout;
  readonly console: Console;
  /** How the agent is called; with the head of its id where the name alone would mislead. */
  readonly label: (result: ResultAnswer) => string;
}

export function isShown(result: ResultAnswer, show: Show): boolean {
  switch (show) {
    case 'all':
      return true;
    case 'found':
      return hasFound(result);
    case 'notfound':
      return foundStateOf(result) === 'no';
    case 'errors':
      return gradeOf(result) !== 'fully';
  }
}
