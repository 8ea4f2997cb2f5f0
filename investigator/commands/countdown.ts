/** The last seconds in which an investigator can think again; nothing has been sent before they are over. */
import { setTimeout as sleep } from 'node:timers/promises';
import { CodedError } from '../../protocol/base/coded-error.ts';
import type { Console } from '../terminal/console.ts';
import { plural } from '../terminal/plural.ts';

const seconds = 5;

type CountdownCode = 'cancelled';

/** @throws CodedError cancelled when the signal comes first. */
export async function countDown(agents: number, wait: boolean, console: Console, signal: AbortSignal): Promise<void> {
  const announced = `${plural(agents, 'agent', 'agents')} will be targeted.`;
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
