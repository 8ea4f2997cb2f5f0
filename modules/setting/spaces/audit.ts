/** `audit:`: rules of the kernel's audit, as the next start loads them. @see augenrules(8), audit.rules(7) */
import { listDropIns } from '../../kit/files/drop-ins.ts';
import type { Host } from '../../kit/files/host.ts';
import { toText } from '../../kit/files/latin1-text.ts';
import type { FoundValue, KeySpace, Place, SettingReader, SettingValue } from '../key-space.ts';
import { known, notApplicable, type Reading, setTo, unknown, unreadable, unset } from './found.ts';

const kind = 'audit-rules';
const folder = '/etc/audit/rules.d';
const wholeFile = '/etc/audit/audit.rules';
const mostRules = 100_000;
const keys = ['rules', 'enabled', 'immutable', 'failure'] as const;

interface AuditRule {
  readonly text: string;
  readonly place: Place;
}

function readRules(host: Host): Reading<readonly AuditRule[]> {
  const { paths, gap } = listDropIns(host, kind, [folder], /^[^.].*\.rules$/s);
  if (gap !== undefined) return unknown(gap);
  const rules: AuditRule[] = [];
  // The start makes the one file of the others, where there are any.
  for (const path of paths.length > 0 ? paths : [wholeFile]) {
    const table = host.readTable(kind, path, ({ text, number }) => ({ text: text.trim(), line: number }));
    if (table.state === 'unknown') return unknown(table.reason);
    if (table.state === 'absent') continue;
    for (const { text, line } of table.entries) rules.push({ text, place: { path: host.at(path), line } });
    if (rules.length > mostRules) return unknown('size-limit');
  }
  return known(rules);
}

/** The last rule with this option counts. */
function findOption(
  rules: readonly AuditRule[],
  option: string,
): { readonly value: string; readonly place: Place } | undefined {
  const pattern = new RegExp(`^${option}\\s*(\\d+)\\s*$`);
  const found = rules.findLast(({ text }) => pattern.test(text));
  return found === undefined ? undefined : { value: pattern.exec(found.text)?.[1] ?? '', place: found.place };
}

class AuditReader implements SettingReader {
  readonly #host: Host;
  #rules: Reading<readonly AuditRule[]> | undefined;

  constructor(host: Host) {
    this.#host = host;
  }

  read(key: string): SettingValue {
    const isThere = this.#host.status(kind, '/etc/audit').state !== 'absent';
    const boot = isThere ? this.#findBoot(key) : notApplicable;
    // Only the kernel has the rules that are loaded, and tells them to who may also change them.
    return { now: isThere ? unreadable('unsupported') : notApplicable, boot };
  }

  keys(): Iterable<string> {
    return keys;
  }

  #findBoot(key: string): FoundValue {
    this.#rules ??= readRules(this.#host);
    if (this.#rules.state === 'unknown') return unreadable(this.#rules.reason);
    const rules = this.#rules.content;
    if (key === 'rules') {
      const texts = rules.map(({ text }) => text).filter((text) => /^-[aAwd]/.test(text));
      return texts.length === 0 ? unset : setTo(texts);
    }
    const option = findOption(rules, key === 'failure' ? '-f' : '-e');
    if (key === 'immutable') return setTo(option?.value === '2' ? 'yes' : 'no', option?.place);
    return option === undefined
      ? { state: 'unset', hasDefault: true }
      : { ...setTo(toText(option.value), option.place) };
  }
}

export const auditSpace: KeySpace = {
  prefix: 'audit',
  discloses: 'values',
  isOnlyKnownAtBoot: true,
  help: 'Rules of the audit: rules, enabled, immutable, failure; only known with -when boot.',
  example: 'audit:rules !~ -w /etc/sudoers',
  checkKey: (key) =>
    key.includes('*') || keys.some((one) => one === key)
      ? null
      : `expected one of ${keys.join(', ')}, got ${JSON.stringify(key)}`,
  typeOf: (key) => (key === 'rules' ? 'list' : key === 'immutable' ? 'boolean' : 'number'),
  open: (host) => new AuditReader(host),
};
