/** Tables of cron and anacron. @see crontab(5), anacrontab(5) */

/** A line that starts something. */
interface CronJob {
  readonly kind: 'job';
  readonly line: number;
  /** `0 4 * * *`, `@reboot`; of anacron `7 10`: days and minutes of delay. */
  readonly schedule: string;
  readonly name?: string;
  readonly user?: string;
  readonly command: string;
  /** The value of PATH for the command, where the table sets it. */
  readonly searchPath?: string;
}

/** A line that cron does not understand. */
interface BadLine {
  readonly kind: 'bad';
  readonly line: number;
}

export type CronLine = CronJob | BadLine;

/** What the columns of a table are. `system` has a user. */
export type CronTable = 'system' | 'user' | 'anacron';

/** A name and a value, each perhaps in quotes. A word between name and `=` makes it a job: `@reboot x A=b`. */
const setting = /^(?:"([^"]*)"|'([^']*)'|([^\s=]+))\s*=\s*(.*)$/;

const name = '[A-Za-z@][\\w-]*';
/** Minutes may begin with `-`, which keeps the job out of the log; names of days and months are letters. */
const field = '[-*0-9A-Za-z,/~?#]+';
const when = `(?:@[a-z0-9_]+|${Array(5).fill(field).join('[ \\t]+')})`;

const jobs: Readonly<Record<CronTable, RegExp>> = {
  user: new RegExp(`^(?<schedule>${when})[ \\t]+(?<command>.*)$`),
  system: new RegExp(`^(?<schedule>${when})[ \\t]+(?<user>\\S+)[ \\t]+(?<command>.*)$`),
  anacron: new RegExp(`^(?<schedule>(?:@${name}|\\d+)[ \\t]+\\d+)[ \\t]+(?<name>\\S+)[ \\t]+(?<command>.*)$`),
};

/** What follows `%` is the input of the command. */
function toCommand(text: string): string {
  const end = text.search(/(?<!\\)%/);
  return (end === -1 ? text : text.slice(0, end)).replaceAll('\\%', '%').trimEnd();
}

function unquote(text: string): string {
  return /^(["'])(.*)\1\s*$/.exec(text)?.[2] ?? text.trimEnd();
}

/** Nothing for comments and settings. */
export function* parseCrontab(text: string, table: CronTable): Generator<CronLine> {
  let searchPath: string | undefined;
  let line = 0;
  for (const whole of text.split('\n')) {
    line += 1;
    const entry = whole.replace(/^[ \t]+/, '');
    if (entry === '' || entry.startsWith('#')) continue;
    const [, double, single, plain, value = ''] = setting.exec(entry) ?? [];
    const variable = double ?? single ?? plain;
    if (variable !== undefined) {
      if (variable === 'PATH') searchPath = unquote(value);
      continue;
    }
    const { schedule, command, ...others } = jobs[table].exec(entry)?.groups ?? {};
    if (schedule === undefined || command === undefined) yield { kind: 'bad', line };
    else
      yield {
        kind: 'job',
        line,
        schedule,
        ...others,
        command: toCommand(command),
        ...(searchPath === undefined ? {} : { searchPath }),
      };
  }
}
