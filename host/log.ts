/**
 * The log of a program that runs without a person: one JSON object per line on standard error. Its times are ISO 8601 and
 * its levels words, so that people and log servers read it without a table. Never the content of a message, a token or a
 * password.
 */
import { type DestinationStream, destination, type Logger, pino } from 'pino';

export type Log = Logger;

/** @param output synchronous by default: a line that was logged is written, whatever happens next. */
export function createLog(
  level: string,
  name: string,
  output: DestinationStream = destination({ fd: 2, sync: true }),
): Log {
  return pino(
    {
      level,
      base: { name },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    output,
  );
}
