/** Writes that may fail on a full disk without stopping what goes on around them. */
import type { Log } from '../../host/log.ts';
import { toMessage } from '../../protocol/base/coded-error.ts';
import { isUnwritable } from './durable-file.ts';

/** @returns whether it was written. */
export function writeIfPossible(log: Log, write: () => void): boolean {
  try {
    write();
    return true;
  } catch (error) {
    if (!isUnwritable(error)) throw error;
    log.error({ reason: toMessage(error) }, 'could not write into the state folder');
    return false;
  }
}
