/** The server's log: one JSON object per line on stderr. Never the content of a message, a token or a password. */
import { destination, type Logger, pino } from 'pino';

export type Log = Logger;

/** Synchronous: a line that was logged is written, whatever happens next. */
export function createLog(level: string): Log {
  return pino({ level, base: null }, destination({ fd: 2, sync: true }));
}
