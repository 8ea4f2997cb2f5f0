/** The last seconds in which an investigator can think again; nothing has been sent before they are over. */

import { setTimeout as sleep } from 'node:timers/promises';
import { CodedError } from '../../protocol/base/coded-error.ts';
import { plural } from '../../protocol/base/plural.ts';
import { isOfTheMoment } from '../../protocol/target/moment.ts';
import { parseTarget } from '../../protocol/target/parser.ts';
import type { Console } from '../terminal/console.ts';

const seconds = 5;

type CountdownCode = 'cancelled';

/** Who will be asked. */
export interface Reach {
  /** Agents that fit now. */
  readonly agents: number;
  /** How long agents that come up are asked, too: `within 5m`; undefined when the target means those of now alone. */
  readonly lateComers: string | undefined;
}

/** @param term how long agents may take the question: `within 5m`. */
export function toReach(agents: number, target: string, term: string): Reach {
  return { agents, lateComers: isOfTheMoment(parseTarget(target)) ? undefined : term };
}

/** @throws CodedError cancelled when the signal comes first. */
export async function countDown(
  { agents, lateComers }: Reach,
  wait: boolean,
  console: Console,
  signal: AbortSignal,
): Promise<void> {
  const late = lateComers === undefined ? '' : `, and any that comes up ${lateComers}`;
  const announced = `${plural(agents, 'agent', 'agents')} will be targeted${late}.`;
  if (!wait) {
    console.note(`${announced} GO`);
    return;
  }
  console.noteInline(`${announced} ctrl+c to cancel. launching in `);
  for (let left = seconds; left > 0; left -= 1) {
    console.noteInline(`${left} `);
    await sleep(1000, undefined, { signal }).catch((cause: unknown) => {
      console.note('');
      throw new CodedError<CountdownCode>('cancelled', 'cancelled, nothing was sent', { cause });
    });
  }
  console.note('GO');
}
