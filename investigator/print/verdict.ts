/** What all answers say together, in one line: the last that is printed, in every format. */

import { plural } from '../../protocol/base/plural.ts';
import { type Outcome, toVerdict } from '../answers/outcome.ts';

/** The agents that did not look at all that was asked: `1 answered partly, 2 stayed silent`. */
function describeMissing({
  fully,
  partly,
  stopped,
  refused,
  failed,
  silent,
  notgenuine,
}: Outcome['completeness']): string {
  const counts: readonly (readonly [number, string])[] = [
    [partly, 'answered partly'],
    [stopped, stopped === 1 ? 'was stopped' : 'were stopped'],
    [refused, 'refused'],
    [failed, 'failed'],
    [silent, 'stayed silent'],
    [notgenuine, notgenuine === 1 ? 'gave an answer that is not genuine' : 'gave answers that are not genuine'],
  ];
  const parts = counts.filter(([count]) => count > 0).map(([count, words]) => `${count} ${words}`);
  return parts.length === 0 && fully === 0 ? 'no agent answered' : parts.join(', ');
}

/** `0 agents have found results`; with agents that did not look at all, it says that this is no proof. */
export function toVerdictLine(outcome: Outcome): string {
  const line = plural(outcome.found, 'agent has found results', 'agents have found results');
  if (toVerdict(outcome) !== 'incomplete') return line;
  const missing = describeMissing(outcome.completeness);
  return outcome.found === 0 ? `${line}, which does not mean that there are none: ${missing}` : `${line}; ${missing}`;
}
