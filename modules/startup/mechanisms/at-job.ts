/** Jobs of at and batch: scripts behind a preamble that sets the environment of who made them. @see at(1) */

interface AtJob {
  readonly uid?: number;
  /** What the preamble leads to, its lines between semicolons. */
  readonly command: string;
}

/** Of the command. */
const mostLetters = 4096;
/** Values of the environment may have many. */
const mostLines = 100_000;

/** The shell reads the commands from its input, up to this word. */
const delimiter = /^\$\{SHELL:-\/bin\/sh\} << '?(\w+)'?$/;

/** The last lines of the preamble change to the folder of who made the job. */
function skipPreamble(lines: readonly string[]): readonly string[] {
  const folder = lines.findIndex((line) => line.startsWith('cd ') && line.endsWith(' || {'));
  const end = folder === -1 ? -1 : lines.indexOf('}', folder);
  return lines.slice(end + 1);
}

export function parseAtJob(text: string): AtJob {
  const uid = /^# atrun uid=(\d{1,10}) /m.exec(text)?.[1];
  const lines = skipPreamble(text.split('\n', mostLines)).map((line) => line.trim());
  const end = lines.map((line) => delimiter.exec(line)?.[1]).find((word) => word !== undefined);
  // Values of the environment may be secrets, and are no commands.
  const commands = lines.filter(
    (line) =>
      line !== '' &&
      line !== end &&
      !/^(?:#|umask \d+$)/.test(line) &&
      !delimiter.test(line) &&
      !(/^\w+=/.test(line) && line.includes('; export ')),
  );
  return { ...(uid === undefined ? {} : { uid: Number(uid) }), command: commands.join('; ').slice(0, mostLetters) };
}

/** The queue is a letter; it is `=` while the job runs. */
const jobName = /^[=A-Za-z](?<number>[0-9a-f]{5})(?<minutes>[0-9a-f]{8})$/;

interface AtName {
  readonly number: number;
  /** `2026-01-31 07:00 UTC` */
  readonly time: string;
}

/** Null for what is no job. @param name of the file: queue, number and minutes since 1970. */
export function parseAtName(name: string): AtName | null {
  const { number, minutes } = jobName.exec(name)?.groups ?? {};
  if (number === undefined || minutes === undefined) return null;
  const time = new Date(Number.parseInt(minutes, 16) * 60_000).toISOString();
  return { number: Number.parseInt(number, 16), time: `${time.slice(0, -8).replace('T', ' ')} UTC` };
}
