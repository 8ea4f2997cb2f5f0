/** `systemd:`: properties of units after drop-ins, and of systemd's own configuration. */
import type { Host } from '../../../kit/files/host.ts';
import { type UnitSetting, Units } from '../../../kit/systemd/effective-unit.ts';
import { systemFolders } from '../../../kit/systemd/search-folders.ts';
import type { FoundValue, KeySpace, SettingReader, SettingValue } from '../../key-space.ts';
import { type Reading, setTo, unreadable } from '../found.ts';
import { addsUp, parseSystemdKey, type SystemdKey } from './key.ts';
import { readManagerConf } from './manager-conf.ts';

const kind = 'systemd';
/** A reboot takes them away; those of generators are made again. */
const lostAtBoot = /^\/run\/systemd\/(?:system|system\.control|system\.attached|transient)$/;
const unsetByDefault: FoundValue = { state: 'unset', hasDefault: true };

/** The last of several counts, or all behind the last empty one. */
function toFound(host: Host, all: readonly UnitSetting[], { section, property }: SystemdKey): FoundValue {
  const own = all.filter((one) => one.key === property && (section === undefined || one.section === section));
  const counted = own.slice(own.findLastIndex(({ value }) => value === '') + 1);
  const last = counted.at(-1);
  if (last === undefined) return unsetByDefault;
  const from = { path: host.at(last.path), line: last.line };
  return setTo(addsUp(property) && counted.length > 1 ? counted.map(({ value }) => value) : last.value, from);
}

class SystemdReader implements SettingReader {
  readonly #host: Host;
  readonly #confs = new Map<string, Reading<readonly UnitSetting[]>>();
  #units: { readonly now: Units; readonly boot: Units } | undefined;

  constructor(host: Host) {
    this.#host = host;
  }

  read(written: string): SettingValue {
    const key = parseSystemdKey(written);
    if (typeof key === 'string') return { now: unsetByDefault, boot: unsetByDefault };
    const of = (atBoot: boolean) => (key.kind === 'unit' ? this.#ofUnit(key, atBoot) : this.#ofManager(key, atBoot));
    return { now: of(false), boot: of(true) };
  }

  #ofManager(key: SystemdKey, atBoot: boolean): FoundValue {
    const name = `${key.name} ${atBoot}`;
    const reading = this.#confs.get(name) ?? readManagerConf(this.#host, key.name, atBoot);
    this.#confs.set(name, reading);
    return reading.state === 'unknown' ? unreadable(reading.reason) : toFound(this.#host, reading.content, key);
  }

  #ofUnit(key: SystemdKey, atBoot: boolean): FoundValue {
    this.#units ??= {
      now: new Units(this.#host, kind, systemFolders),
      boot: new Units(
        this.#host,
        kind,
        systemFolders.filter(({ path }) => !lostAtBoot.test(path)),
      ),
    };
    const units = atBoot ? this.#units.boot : this.#units.now;
    const unit = units.load(key.name);
    if (unit !== undefined) {
      const sections = key.section === undefined ? ['Unit', 'Install', toSection(unit.name.type)] : [key.section];
      return toFound(
        this.#host,
        sections.flatMap((section) => unit.values(section, key.property)),
        key,
      );
    }
    // A masked unit, or none, has no properties.
    return units.stateOf(key.name) === null ? unreadable('read-error') : { state: 'not-applicable' };
  }
}

function toSection(type: string): string {
  return `${type.slice(0, 1).toUpperCase()}${type.slice(1)}`;
}

export const systemdSpace: KeySpace = {
  prefix: 'systemd',
  discloses: 'verdicts',
  help: "Properties of units after their drop-ins, and of systemd's own configuration such as `journald.conf`.",
  example: 'systemd:ssh.service#ProtectSystem in strict, full',
  checkKey(written) {
    const key = parseSystemdKey(written);
    return typeof key === 'string' ? key : null;
  },
  // Compared as numbers where both are.
  typeOf: () => 'number',
  open: (host) => new SystemdReader(host),
};
