/** `login:`: what tools of shadow, libpwquality and pam_faillock read. @see login.defs(5) @see pwquality.conf(5) */
import { listDropIns } from '../../../kit/files/drop-ins.ts';
import type { Host } from '../../../kit/files/host.ts';
import { toTableLines } from '../../../kit/files/table-line.ts';
import type { FoundValue, KeySpace, SettingReader } from '../../key-space.ts';
import { always, known, type Reading, setTo, unknown, unreadable } from '../found.ts';

type Source = 'defs' | 'pwquality' | 'faillock';

interface Entry {
  readonly value: string;
  readonly path: string;
  readonly line: number;
}
type Entries = ReadonlyMap<string, Entry>;

const mostBytes = 1024 * 1024;
const syntax = /^(?:(pwquality|faillock)\.([a-z_]+)|([A-Z][A-Z0-9_]*))$/;

function parseKey(key: string): { readonly source: Source; readonly name: string } | undefined {
  const [, source, name, variable] = syntax.exec(key) ?? [];
  if (variable !== undefined) return { source: 'defs', name: variable };
  return name === undefined ? undefined : { source: source === 'faillock' ? 'faillock' : 'pwquality', name };
}

/** `NAME value`; quotes around the value do not count. */
function parseDefinition(text: string): readonly [string, string] | undefined {
  const [, name, value = ''] = /^(\S+)(?:[ \t"]+([^"\r]*))?/.exec(text) ?? [];
  return name === undefined ? undefined : [name, value.trimEnd()];
}

/** `name = value`, or a name alone for a switch that is on. A `#` begins a comment anywhere. */
function parseAssignment(text: string): readonly [string, string] | undefined {
  const [plain = ''] = text.split('#', 1);
  const [, name, value] = /^([^\s=]+)(?:\s*=\s*(\S[\s\S]*)?)?/.exec(plain.trimEnd()) ?? [];
  return name === undefined ? undefined : [name, value ?? (plain.includes('=') ? '' : 'yes')];
}

class LoginReader implements SettingReader {
  readonly #host: Host;
  readonly #read = new Map<Source, Reading<Entries>>();

  constructor(host: Host) {
    this.#host = host;
  }

  read(written: string) {
    return always(this.#find(written));
  }

  #find(written: string): FoundValue {
    const key = parseKey(written);
    if (key === undefined) return { state: 'unset', hasDefault: true };
    const reading = this.#read.get(key.source) ?? this.#readSource(key.source);
    this.#read.set(key.source, reading);
    if (reading.state === 'unknown') return unreadable(reading.reason);
    const found = reading.content.get(key.name);
    if (found === undefined) return { state: 'unset', hasDefault: true };
    return setTo(found.value, { path: this.#host.at(found.path), line: found.line });
  }

  #readSource(source: Source): Reading<Entries> {
    if (source === 'defs') return this.#readFiles(['/etc/login.defs'], parseDefinition);
    if (source === 'faillock') return this.#readFiles(['/etc/security/faillock.conf'], parseAssignment);
    const { paths, gap } = listDropIns(this.#host, 'login', ['/etc/security/pwquality.conf.d']);
    // The library reads the main file last, so that it counts.
    return gap === undefined
      ? this.#readFiles([...paths, '/etc/security/pwquality.conf'], parseAssignment)
      : unknown(gap);
  }

  /** The last line for a name counts. */
  #readFiles(paths: readonly string[], parse: typeof parseAssignment): Reading<Entries> {
    const entries = new Map<string, Entry>();
    for (const path of paths) {
      const file = this.#host.read('login', path, { most: mostBytes });
      if (file.state === 'unknown') return unknown(file.reason);
      if (file.state === 'absent') continue;
      for (const { number, text } of toTableLines(file.bytes)) {
        const [name, value] = parse(text) ?? [];
        if (name !== undefined && value !== undefined) entries.set(name, { value, path, line: number });
      }
      file.report(entries.size);
    }
    return known(entries);
  }
}

export const loginSpace: KeySpace = {
  prefix: 'login',
  discloses: 'verdicts',
  help: 'Rules for passwords and logins: `PASS_MAX_DAYS` of login.defs, `pwquality.minlen`, `faillock.deny`.',
  example: 'login:PASS_MAX_DAYS <= 365',
  checkKey: (key) =>
    parseKey(key) === undefined
      ? `expected a name such as PASS_MAX_DAYS, pwquality.minlen or faillock.deny, got ${JSON.stringify(key)}`
      : null,
  typeOf: () => 'number',
  open: (host) => new LoginReader(host),
};
