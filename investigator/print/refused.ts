/** Prints refusals and reports that were not genuine: the first by name, the others as counts. */

import { type RefusalCode, refusals } from '../../protocol/agent-message/refusal.ts';
import { escapeText, escapeWord } from '../../protocol/base/escape.ts';
import type { AgentId } from '../../protocol/base/identifiers.ts';
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

function groupByReason(all: readonly RefusalAnswer[]): ReadonlyMap<string, readonly RefusalAnswer[]> {
  const byReason = new Map<string, RefusalAnswer[]>();
  for (const refusal of all) {
    const reason = toReason(refusal);
    const equal = byReason.get(reason);
    if (equal === undefined) byReason.set(reason, [refusal]);
    else equal.push(refusal);
  }
  return byReason;
}

function agentsWith(wanted: string, { examples }: NotGenuineReports): AgentId[] {
  return [...new Set(examples.filter(({ code }) => code === wanted).map(({ agent }) => agent))];
}

/** The agents that `printRefusals` names: they gave no answer in which they name themselves. */
export function findRefusers({ refusals: refused, repeats, notGenuine }: Outcome): AgentId[] {
  const refusers = [refused, repeats].flatMap((all) =>
    [...groupByReason(all).values()].flatMap((equal) => equal.slice(0, namedEqual).map(({ agent }) => agent)),
  );
  const forgers = [...notGenuine.counts.keys()].flatMap((code) => agentsWith(code, notGenuine).slice(0, namedEqual));
  return [...new Set([...refusers, ...forgers])];
}

type ToName = (agent: AgentId) => string;

/** Each reason is one line, whoever gave it: `25 agents refused: expired (…): web1#1111…, web2#2222…, web3#3333… and 22 more`. */
function printByReason(
  all: readonly RefusalAnswer[],
  verb: string,
  toName: ToName,
  { note, paintNote }: Console,
): void {
  for (const [reason, equal] of groupByReason(all)) {
    const names = listSome(
      equal.map(({ agent }) => paintNote('name', toName(agent))),
      namedEqual,
    );
    note(equal.length === 1 ? `${names} ${verb}: ${reason}` : `${equal.length} agents ${verb}: ${reason}: ${names}`);
  }
}

function printNotGenuine(reports: NotGenuineReports, toName: ToName, { note, paintNote }: Console): void {
  for (const [code, count] of reports.counts) {
    const head = paintNote('bad', `${plural(count, 'answer was', 'answers were')} not genuine`);
    const names = listSome(agentsWith(code, reports).map(toName), namedEqual);
    note(count === 1 ? `${head}: agent ${names}: ${escapeText(code)}` : `${head}: ${escapeText(code)}: ${names}`);
  }
}

export function printRefusals({ refusals: refused, repeats, notGenuine, names }: Outcome, console: Console): void {
  const { paintNote } = console;
  const toName: ToName = (agent) => {
    const name = names.get(agent);
    return name === undefined ? toShortId(agent) : `${escapeWord(name)}#${toShortId(agent)}`;
  };
  printByReason(refused, paintNote('bad', 'refused'), toName, console);
  for (const hint of toHints(refused)) console.note(`${paintNote('warning', 'hint:')} ${hint}`);
  printByReason(repeats, 'refused a further delivery', toName, console);
  printNotGenuine(notGenuine, toName, console);
}
