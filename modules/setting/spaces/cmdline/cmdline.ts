/** `cmdline:`: parameters that the kernel was started with, and those of its next start. */
import type { Host } from '../../../kit/files/host.ts';
import { toText } from '../../../kit/files/latin1-text.ts';
import type { FoundValue, KeySpace, SettingReader, SettingValue } from '../../key-space.ts';
import { known, type Reading, setTo, unknown, unreadable, unset } from '../found.ts';
import { type BootEntry, readBootEntries } from './boot-entries.ts';
import { type Parameters, parseCommandLine, toParameterName } from './parameters.ts';

const running = '/proc/cmdline';

function readRunning(host: Host): Reading<Parameters> {
  const file = host.readKernel(running);
  if (file.state !== 'read') return unknown(file.state === 'unknown' ? file.reason : 'unsupported');
  const parameters = parseCommandLine(file.text.trim());
  host.report('cmdline', running, parameters.size);
  return known(parameters);
}

function toFound(values: readonly string[] | undefined, place?: BootEntry['place']): FoundValue {
  return values === undefined ? unset : setTo(values, place);
}

/** Unknown unless all entries agree. */
function agree(entries: readonly BootEntry[], name: string): FoundValue {
  const [first, ...others] = entries.map(({ parameters, place }) => toFound(parameters.get(name), place));
  if (first === undefined) return unset;
  const textOf = (found: FoundValue): string => JSON.stringify(found.state === 'set' ? found.value : null);
  return others.every((one) => textOf(one) === textOf(first)) ? first : unreadable('undecided');
}

/** Parameters of the running kernel and of all entries. */
export class CommandLines {
  readonly #host: Host;
  #running: Reading<Parameters> | undefined;
  #entries: Reading<readonly BootEntry[]> | undefined;

  constructor(host: Host) {
    this.#host = host;
  }

  get running(): Reading<Parameters> {
    this.#running ??= readRunning(this.#host);
    return this.#running;
  }

  findNow(name: string): FoundValue {
    const { running: now } = this;
    return now.state === 'unknown' ? unreadable(now.reason) : toFound(now.content.get(toParameterName(name)));
  }

  findBoot(name: string): FoundValue {
    this.#entries ??= readBootEntries(this.#host);
    const entries = this.#entries;
    return entries.state === 'unknown' ? unreadable(entries.reason) : agree(entries.content, toParameterName(name));
  }
}

class CommandLineReader implements SettingReader {
  readonly #lines: CommandLines;

  constructor(host: Host) {
    this.#lines = new CommandLines(host);
  }

  read(key: string): SettingValue {
    return { now: this.#lines.findNow(key), boot: this.#lines.findBoot(key) };
  }

  *keys(): Iterable<string> {
    const { running: now } = this.#lines;
    if (now.state === 'known') for (const name of now.content.keys()) yield toText(name);
  }
}

export const commandLineSpace: KeySpace = {
  prefix: 'cmdline',
  discloses: 'values',
  help: 'Parameters of the kernel command line; after a reboot, as the boot loader has them.',
  example: 'cmdline:mitigations = off',
  checkKey: (key) =>
    /^[\w.*:-]+$/.test(key) ? null : `expected a parameter such as mitigations, got ${JSON.stringify(key)}`,
  typeOf: () => 'list',
  open: (host) => new CommandLineReader(host),
};
