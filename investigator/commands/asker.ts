/** The name of who asks of this machine alone. */
import { userInfo } from 'node:os';

/** A user without a line in passwd(5), as in many containers, goes by the number. */
export function readAsker(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
