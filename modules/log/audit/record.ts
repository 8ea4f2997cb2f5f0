/** Records of the audit system. Text is Latin-1: a character is a byte. @see auditd.conf(5), ausearch(8) */

export interface AuditRecord {
  readonly type: string;
  /** Milliseconds since 1970. */
  readonly timeMs: number;
  readonly serial: number;
  /** By name, quotes and hex taken away. Of what the log calls unknown (`?`, `(null)`), nothing. */
  readonly fields: ReadonlyMap<string, readonly string[]>;
}

const header = /^(?:node=\S+ )?type=([A-Z0-9_[\]]{1,64}) msg=audit\((\d{1,12})\.(\d{3}):(\d{1,15})\): ?/;
/** The log daemon's own translations stand behind it. */
const enriched = '\x1d';
const field = /([A-Za-z][\w-]{0,63})=("[^"]*"|'[^']*'|\S*)/g;
/** Fields that are hex where they have no quotes. @see auparse's table of encoded fields */
const encoded: ReadonlySet<string> = new Set([
  ...['acct', 'cmd', 'comm', 'cwd', 'data', 'dir', 'exe', 'file', 'grp', 'key', 'name', 'new', 'ocomm', 'old', 'path'],
  ...['proctitle', 'root_dir', 'sw', 'vm', 'watch'],
]);
const hex = /^(?:[0-9A-F]{2})+$/;
const unknownValues: ReadonlySet<string> = new Set(['?', '(null)', '(none)', '']);
const mostFields = 256;
const inet = 2;
const inet6 = 10;

/** The address in a sockaddr of hex digits; undefined for other families. */
function toAddress(saddr: string): string | undefined {
  if (!/^(?:[0-9A-F]{2}){8,128}$/.test(saddr)) return undefined;
  const bytes = Buffer.from(saddr, 'hex');
  const family = bytes.readUInt16LE(0);
  if (family === inet) return bytes.subarray(4, 8).join('.');
  if (family !== inet6 || bytes.length < 24) return undefined;
  const groups = bytes.subarray(8, 24).toString('hex').match(/.{4}/g) ?? [];
  return groups.map((group) => group.replace(/^0{1,3}/, '')).join(':');
}

function toValue(name: string, written: string): string {
  if (written.startsWith('"')) return written.slice(1, -1);
  return encoded.has(name) && hex.test(written) ? Buffer.from(written, 'hex').toString('latin1') : written;
}

class FieldList {
  readonly fields = new Map<string, string[]>();
  #left = mostFields;

  /** `msg='…'` has fields in it. */
  read(text: string, isInner = false): void {
    for (const [, name = '', written = ''] of text.matchAll(field)) {
      if (this.#left === 0) return;
      this.#left -= 1;
      if (written.startsWith("'")) {
        if (!isInner) this.read(written.slice(1, -1), true);
      } else this.#take(name, toValue(name, written));
    }
  }

  #take(name: string, value: string): void {
    if (unknownValues.has(value)) return;
    // Several keys of one rule.
    for (const one of name === 'key' ? value.split('\x01') : [value]) this.#add(name, one);
    if (name === 'acct') this.#add('account', value);
    if (name === 'addr') this.#add('address', value);
    if (name === 'tty' || name === 'terminal') this.#add('terminal', value);
    const address = name === 'saddr' ? toAddress(value) : undefined;
    if (address !== undefined) this.#add('address', address);
  }

  #add(name: string, value: string): void {
    const known = this.fields.get(name) ?? [];
    if (!known.includes(value)) known.push(value);
    this.fields.set(name, known);
  }
}

/** Null for a line that is no record. @param line without its end. */
export function parseAuditRecord(line: string): AuditRecord | null {
  const [start, type, seconds, milliseconds, serial] = header.exec(line) ?? [];
  if (start === undefined || type === undefined) return null;
  const end = line.indexOf(enriched);
  const list = new FieldList();
  list.read(line.slice(start.length, end === -1 ? undefined : end));
  // The record's own type, whatever a field of that name says.
  list.fields.set('type', [type]);
  return {
    type,
    timeMs: Number(seconds) * 1000 + Number(milliseconds),
    serial: Number(serial),
    fields: list.fields,
  };
}
