/** Check 4.13: the agent has room for the action: module processes can be started, and its signers do not fill it alone. */
import { RefusalError } from '../refusal.ts';

/** What has waited for an agent that was away for a week is answered, not refused. */
export const maximumPerPerson = 100;
/** Of all people. Fewer than the broker delivers at once: trust lists and cancellations never wait behind actions. */
export const maximumRunning = 400;

/**
 * @param blocked why no module process can be started, null when one can.
 * @param running the signers of each action that runs now.
 * @throws RefusalError modules-stuck, busy
 */
export function assertRoom(
  blocked: string | null,
  signers: readonly string[],
  running: readonly (readonly string[])[],
): void {
  if (blocked !== null) throw new RefusalError('modules-stuck', blocked);
  if (running.length >= maximumRunning) throw new RefusalError('busy', `${maximumRunning} actions are in hand`);
  const isBusyFor = (signer: string) => running.filter((one) => one.includes(signer)).length >= maximumPerPerson;
  if (signers.some(isBusyFor)) throw new RefusalError('busy', `${maximumPerPerson} actions of one person are in hand`);
}
