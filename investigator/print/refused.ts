/** Prints refusals and reports that were not genuine: the first by name, the others as counts. */

import { type RefusalCode, refusals } from '../../protocol/agent-message/refusal.ts';
import { escapeText } from '../../protocol/base/escape.ts';
import { plural } from '../../protocol/base/plural.ts';
import type { RefusalAnswer } from '../answers/answer.ts';
import type { NotGenuineReports } from '../answers/not-genuine.ts';
import type { Outcome } from '../answers/outcome.ts';
import type { Console } from '../terminal/console.ts';
import { toShortId } from './label.ts';
import { listSome } from './list-some.ts';

/** With more agents than this, the others are summed up. */
export const namedAgents = 20;

/** `expired (the action has expired)` */
function toReason({ code, altered }: Pick<RefusalAnswer, 'code' | 'altered'>): string {
  const tampering = altered ? '; what it was given is not what you signed: somebody altered it on the way' : '';
  return `${code} (${refusals[code]})${tampering}`;
}

/** Hints on refusals that do not explain themselves. */
const advice: Partial<Readonly<Record<RefusalCode, string>>> = {
  'unknown-module':
    'ask with a module that these agents were built with, or have them built with it: modules in build.config.ts',
  'unknown-signer': 'these agents were built without your key; mig config -with FILE says what agents know of it',
  'wrong-fleet': 'MIG_FLEET, or fleet in the config file, names another environment than these agents were built for',
  'key-expired': 'these agents have an older state of your key built in; they need a new build',
  'insufficient-weight': 'others must sign as well: mig propose, or mig sign FILE; mig verify says how much is missing',
  'window-too-long': 'ask with a shorter -e',
  'not-yet-valid': "a clock is wrong, yours or that of these agents: mig config compares yours with the server's",
  expired: 'give agents more time with -e, unless their clocks are ahead',
};

function toHints(refused: readonly RefusalAnswer[]): string[] {
  const codes = new Set(refused.map(({ code }) => code));
  return [...codes].flatMap((code) => (advice[code] === undefined ? [] : [`${code}: ${advice[code]}`]));
}

/** Agents that are named where many say the same. */
const namedEqual = 3;

/** Each reason is one line, whoever gave it: `25 agents refused: expired (…): 1111…, 2222…, 3333… and 22 more`. */
function printByReason(all: readonly RefusalAnswer[], verb: string, { note, paintNote }: Console): void {
  const byReason = new Map<string, RefusalAnswer[]>();
  for (const refusal of all) {
    const reason = toReason(refusal);
    const equal = byReason.get(reason);
    if (equal === undefined) byReason.set(reason, [refusal]);
    else equal.push(refusal);
  }
  for (const [reason, equal] of byReason) {
    const names = listSome(
      equal.map(({ agent }) => paintNote('name', toShortId(agent))),
      namedEqual,
    );
    note(equal.length === 1 ? `${names} ${verb}: ${reason}` : `${equal.length} agents ${verb}: ${reason}: ${names}`);
  }
}

function printNotGenuine({ examples, counts }: NotGenuineReports, { note, paintNote }: Console): void {
  for (const [code, count] of counts) {
    const agents = new Set(examples.filter((one) => one.code === code).map(({ agent }) => agent));
    const head = paintNote('bad', `${plural(count, 'answer was', 'answers were')} not genuine`);
    const names = listSome([...agents].map(toShortId), namedEqual);
    note(count === 1 ? `${head}: agent ${names}: ${escapeText(code)}` : `${head}: ${escapeText(code)}: ${names}`);
  }
}

export function printRefusals({ refusals: refused, repeats, notGenuine }: Outcome, console: Console): void {
  const { paintNote } = console;
  printByReason(refused, paintNote('bad', 'refused'), console);
  for (const hint of toHints(refused)) console.note(`${paintNote('warning', 'hint:')} ${hint}`);
  printByReason(repeats, 'refused a further delivery', console);
  printNotGenuine(notGenuine, console);
}
