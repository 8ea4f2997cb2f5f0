/** Prints refusals and reports that were not genuine: the first by name, the others as counts. */

import { type RefusalCode, refusals } from '../../protocol/agent-message/refusal.ts';
import { escapeText } from '../../protocol/base/escape.ts';
import type { RefusalAnswer } from '../answers/answer.ts';
import type { NotGenuineReports } from '../answers/not-genuine.ts';
import type { Outcome } from '../answers/outcome.ts';
import type { Console } from '../terminal/console.ts';
import { toShortId } from './label.ts';

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

/** The first of them one by one, then each of the reasons of the others with a count. */
function printSome<T>(
  all: readonly T[],
  toLine: (one: T) => string,
  toWhy: (one: T) => string,
  toMore: (count: number, why: string) => string,
  { note }: Console,
): void {
  for (const one of all.slice(0, namedAgents)) note(toLine(one));
  const more = new Map<string, number>();
  for (const one of all.slice(namedAgents)) more.set(toWhy(one), (more.get(toWhy(one)) ?? 0) + 1);
  for (const [why, count] of more) note(toMore(count, why));
}

function printNotGenuine({ examples, counts }: NotGenuineReports, { note, paintNote }: Console): void {
  const more = new Map(counts);
  for (const { agent, code } of examples.slice(0, namedAgents)) {
    note(`${paintNote('bad', '1 answer was not genuine')}: agent ${toShortId(agent)}: ${escapeText(code)}`);
    more.set(code, (more.get(code) ?? 0) - 1);
  }
  for (const [code, count] of more)
    if (count > 0) note(paintNote('bad', `${count} more answers were not genuine: ${escapeText(code)}`));
}

export function printRefusals({ refusals: refused, repeats, notGenuine }: Outcome, console: Console): void {
  const { paintNote } = console;
  const verb = paintNote('bad', 'refused');
  printSome<RefusalAnswer>(
    refused,
    (refusal) => `${paintNote('name', toShortId(refusal.agent))} ${verb}: ${toReason(refusal)}`,
    toReason,
    (count, why) => `${count} more ${verb}: ${why}`,
    console,
  );
  for (const hint of toHints(refused)) console.note(`${paintNote('warning', 'hint:')} ${hint}`);
  printSome<RefusalAnswer>(
    repeats,
    (repeat) => `${toShortId(repeat.agent)} refused a further delivery: ${toReason(repeat)}`,
    toReason,
    (count, why) => `${count} more refused a further delivery: ${why}`,
    console,
  );
  printNotGenuine(notGenuine, console);
}
