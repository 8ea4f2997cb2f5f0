/** Answers for people: results on stdout, and around them, on stderr, all that says what they are worth. */

import { escapeText, escapeWord } from '../../protocol/base/escape.ts';
import { plural } from '../../protocol/base/plural.ts';
import type { ResultAnswer } from '../answers/answer.ts';
import { gradeOf, type Outcome, toVerdict } from '../answers/outcome.ts';
import { toAmounts } from './amounts.ts';
import { describeGaps } from './gaps.ts';
import { toShortId } from './label.ts';
import { isShown, type Printer, type PrinterOptions } from './printer.ts';
import { namedAgents, printRefusals } from './refused.ts';
import { findingsPrinter } from './text-findings.ts';
import { toVerdictLine } from './verdict.ts';

/** `answered: 1 fully, …; examined 3210 files` */
export function toCompletenessLine({ completeness }: Outcome): string {
  const { fully, partly, stopped, refused, failed, silent, notgenuine, examined } = completeness;
  const more = [
    stopped === 0 ? '' : `, ${stopped} stopped`,
    notgenuine === 0 ? '' : `, ${notgenuine} not genuine`,
  ].join('');
  return (
    `answered: ${fully} fully, ${partly} partly, ${refused} refused, ${failed} failed, ${silent} silent${more}; ` +
    `examined ${toAmounts(examined)}`
  );
}

function toSilentLine({ silent }: Outcome): string {
  const named = silent.slice(0, namedAgents).map(({ name, agent }) => `${escapeWord(name)}#${toShortId(agent)}`);
  const more = silent.length > named.length ? ` and ${silent.length - named.length} more (-f json names all)` : '';
  return `silent, as the server names them: ${named.join(', ')}${more}`;
}

export function textPrinter(options: PrinterOptions): Printer {
  const { show, console, label } = options;
  const findings = findingsPrinter(options);
  const { paintData, paintNote } = console;
  const outOfScopeLines: string[] = [];
  let outOfScope = 0;
  let troubled = 0;
  let unnamed = 0;
  /** Errors are the data with `-show errors`. */
  const [print, paint] = show === 'errors' ? [console.data, paintData] : [console.note, paintNote];

  function* toErrors(result: ResultAnswer, name: string): Generator<string> {
    if (show === 'errors' && gradeOf(result) === 'fully') return;
    const errors = result.operations.flatMap((operation) => operation.errors);
    const grade = gradeOf(result);
    const isAnswer = grade === 'fully' || grade === 'partly';
    const head = `${paint('name', name)} ${isAnswer ? paint('warning', 'notes') : paint('bad', grade)}`;
    if (!isAnswer && errors.length === 0) yield head;
    for (const error of errors) yield `${head}: ${escapeText(error)}`;
  }

  /** Errors and gaps of one agent. Of many agents, the first are named. */
  function printTroubles(result: ResultAnswer, name: string): void {
    const lines = [...toErrors(result, name)];
    const gaps = describeGaps(result);
    if (gaps !== '' && gradeOf(result) !== 'fully') lines.push(`${paint('name', name)} ${paint('warning', gaps)}`);
    if (gaps !== '' && gradeOf(result) === 'fully') {
      outOfScope += 1;
      if (outOfScope <= namedAgents) outOfScopeLines.push(`${paintNote('name', name)} ${gaps}`);
    }
    if (lines.length === 0) return;
    troubled += 1;
    if (show === 'errors' || troubled <= namedAgents) for (const line of lines) print(line);
    else unnamed += 1;
  }

  return {
    result: (result) => {
      const name = label(result);
      if (show !== 'errors' && isShown(result, show)) findings.add(result, name);
      printTroubles(result, name);
    },
    end: (outcome) => {
      findings.end();
      if (unnamed > 0)
        console.note(`${plural(unnamed, 'more agent', 'more agents')} with errors or gaps (-show errors names them)`);
      printRefusals(outcome, console);
      if (outOfScope <= namedAgents) for (const line of outOfScopeLines) console.note(line);
      else
        console.note(`${plural(outOfScope, 'agent', 'agents')} skipped only what was out of scope (-f json shows it)`);
      if (outcome.silent.length > 0) console.note(toSilentLine(outcome));
      const isWhole = toVerdict(outcome) !== 'incomplete' && outcome.completeness.partly === 0;
      console.note(paintNote(isWhole ? 'good' : 'warning', toCompletenessLine(outcome)));
      console.note(toVerdictLine(outcome));
    },
  };
}
