/** Answers for people: results on stdout, and around them, on stderr, all that says what they are worth. */
import { type RefusalCode, refusals } from '../../protocol/refusal.ts';
import { exitCodes } from '../exit-codes.ts';
import type { RefusalAnswer, ResultAnswer } from '../investigation/answer.ts';
import { gradeOf, type Outcome, toExitCode } from '../investigation/outcome.ts';
import { toAmounts } from './amounts.ts';
import { escapeText, escapeWord } from './escape.ts';
import { toFindings } from './finding.ts';
import { toGaps } from './gaps.ts';
import { toShortId } from './label.ts';
import { plural } from './plural.ts';
import { isShown, type Printer, type PrinterOptions } from './printer.ts';

/** With more agents than this, those that answered fully, or not at all, are summed up. */
const namedAgents = 20;

/** `expired (the action has expired)` */
function toReason({ code, altered }: RefusalAnswer): string {
  const tampering = altered ? '; what it was given is not what you signed: somebody altered it on the way' : '';
  return `${code} (${refusals[code]})${tampering}`;
}

/** What to do about a refusal, where it is not plain from its words. */
const advice: Partial<Readonly<Record<RefusalCode, string>>> = {
  'unknown-signer': 'these agents were built without your key; mig config -with FILE says what agents know of it',
  'key-expired': 'these agents have an older state of your key built in; they need a new build',
  'insufficient-weight': 'others must sign as well: mig propose, or mig sign FILE; mig verify says how much is missing',
  'window-too-long': 'ask with a shorter -e',
  'not-yet-valid': "a clock is wrong, yours or that of these agents: mig config compares yours with the server's",
  expired: 'give agents more time with -e, unless their clocks are ahead',
};

function toHints(refusals: readonly RefusalAnswer[]): string[] {
  const codes = new Set(refusals.map(({ code }) => code));
  return [...codes].flatMap((code) => (advice[code] === undefined ? [] : [`${code}: ${advice[code]}`]));
}

/** `answered: 1 fully, …; examined 3210 files` */
export function toCompletenessLine({ completeness }: Outcome): string {
  const { fully, partly, refused, failed, silent, notgenuine, examined } = completeness;
  const more = notgenuine === 0 ? '' : `, ${notgenuine} not genuine`;
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

export function textPrinter({ asked, modules, show, console, label }: PrinterOptions): Printer {
  const { paintData, paintNote } = console;
  let outOfScope = 0;
  const outOfScopeLines: string[] = [];
  /** What went wrong is the answer itself with `-show errors`. */
  const [print, paint] = show === 'errors' ? [console.data, paintData] : [console.note, paintNote];

  function printErrors(result: ResultAnswer, name: string): void {
    if (show === 'errors' && gradeOf(result) === 'fully') return;
    const errors = result.operations.flatMap((operation) => operation.errors);
    const isFailed = gradeOf(result) === 'failed';
    const head = `${paint('name', name)} ${isFailed ? paint('bad', 'failed') : paint('warning', 'notes')}`;
    if (isFailed && errors.length === 0) print(head);
    for (const error of errors) print(`${head}: ${escapeText(error)}`);
  }

  function printGaps(result: ResultAnswer, name: string): void {
    const gaps = toGaps(result);
    if (gaps === '') return;
    if (gradeOf(result) !== 'fully') print(`${paint('name', name)} ${paint('warning', gaps)}`);
    else {
      outOfScope += 1;
      if (outOfScope <= namedAgents) outOfScopeLines.push(`${paintNote('name', name)} ${gaps}`);
    }
  }

  return {
    result: (result) => {
      const name = label(result);
      if (show !== 'errors' && isShown(result, show)) {
        let lines = 0;
        for (const { line } of toFindings(result, asked, modules)) {
          console.data(`${paintData('name', name)} ${escapeText(line)}`);
          lines += 1;
        }
        if (lines === 0 && gradeOf(result) !== 'failed') console.data(`${paintData('name', name)} found nothing`);
      }
      printErrors(result, name);
      printGaps(result, name);
    },
    end: (outcome) => {
      const refused = paintNote('bad', 'refused');
      for (const refusal of outcome.refusals)
        console.note(`${paintNote('name', toShortId(refusal.agent))} ${refused}: ${toReason(refusal)}`);
      for (const hint of toHints(outcome.refusals)) console.note(`${paintNote('warning', 'hint:')} ${hint}`);
      for (const repeat of outcome.repeats)
        console.note(`${toShortId(repeat.agent)} refused a further delivery: ${toReason(repeat)}`);
      for (const { agent, code } of outcome.notGenuine)
        console.note(`${paintNote('bad', '1 answer was not genuine')}: agent ${toShortId(agent)}: ${escapeText(code)}`);
      if (outOfScope <= namedAgents) for (const line of outOfScopeLines) console.note(line);
      else
        console.note(`${plural(outOfScope, 'agent', 'agents')} skipped only what was out of scope (-f json shows it)`);
      if (outcome.silent.length > 0) console.note(toSilentLine(outcome));
      const isWhole = toExitCode(outcome) !== exitCodes.incomplete && outcome.completeness.partly === 0;
      console.note(paintNote(isWhole ? 'good' : 'warning', toCompletenessLine(outcome)));
      console.note(plural(outcome.found, 'agent has found results', 'agents have found results'));
    },
  };
}
