/** `clock:`: whether somebody keeps the clock, and how well. Nothing is sent. @see adjtimex(2), timesyncd.conf(5) */
import { type ClockState, native } from '../../../native/index.ts';
import type { Host } from '../../kit/files/host.ts';
import { toText } from '../../kit/files/latin1-text.ts';
import type { FoundValue, KeySpace, SettingReader, SettingValue, ValueType } from '../key-space.ts';
import { always, foundNothing, setTo, unreadable, unset } from './found.ts';

const types = {
  synchronised: 'boolean',
  offset: 'time',
  esterror: 'time',
  maxerror: 'time',
  source: 'list',
  drift: 'number',
  timezone: 'text',
  rtc: 'text',
} as const satisfies Readonly<Record<string, ValueType>>;

type Key = keyof typeof types;

/** Made when the clock was set for the first time since the start. */
const ofTimesyncd = '/run/systemd/timesync/synchronized';
/** Files that programs have while they run. */
const programs: readonly (readonly [file: string, program: string])[] = [
  ['/run/systemd/timesync', 'systemd-timesyncd'],
  ['/run/chrony/chronyd.pid', 'chronyd'],
  ['/run/chronyd.pid', 'chronyd'],
  ['/run/ntpd.pid', 'ntpd'],
  ['/run/openntpd.pid', 'ntpd'],
];
/** The error of the machine's own clock in parts per million, first in the file. */
const driftFiles = [
  '/var/lib/chrony/chrony.drift',
  '/var/lib/chrony/drift',
  '/var/lib/ntpsec/ntp.drift',
  '/var/lib/ntp/ntp.drift',
  '/var/lib/ntp/drift',
];
const zones = /^(?:\.\.)?\/(?:usr\/share\/)?zoneinfo\/(.+)$/;

function isKey(key: string): key is Key {
  return Object.hasOwn(types, key);
}

function toSecondsText(seconds: number): string {
  return Math.abs(seconds)
    .toFixed(9)
    .replace(/\.?0+$/, '');
}

class ClockReader implements SettingReader {
  readonly #host: Host;
  #state: ClockState | null | undefined;

  constructor(host: Host) {
    this.#host = host;
  }

  read(key: string): SettingValue {
    if (!isKey(key)) return always(unset);
    const now = this.#read(key);
    return key === 'timezone' || key === 'rtc' ? always(now) : { now, boot: unreadable('undecided') };
  }

  keys(): Iterable<string> {
    return Object.keys(types);
  }

  #read(key: Key): FoundValue {
    switch (key) {
      case 'synchronised':
        return this.#isSynchronised();
      case 'offset':
        return this.#ofKernel(({ offsetSeconds }) => offsetSeconds);
      case 'esterror':
        return this.#ofKernel(({ estimatedErrorSeconds }) => estimatedErrorSeconds);
      case 'maxerror':
        return this.#ofKernel(({ maximumErrorSeconds }) => maximumErrorSeconds);
      case 'source':
        return this.#findPrograms();
      case 'drift':
        return this.#readDrift();
      case 'timezone':
        return this.#readZone();
      case 'rtc':
        return this.#readAdjtime();
    }
  }

  get #kernel(): ClockState | null {
    if (this.#state === undefined) this.#state = native().readClock();
    return this.#state;
  }

  #ofKernel(toSeconds: (state: ClockState) => number): FoundValue {
    const state = this.#kernel;
    return state === null ? unreadable('no-permission') : setTo(toSecondsText(toSeconds(state)));
  }

  #isSynchronised(): FoundValue {
    const state = this.#kernel;
    if (state !== null) return setTo(state.isSynchronised ? 'yes' : 'no');
    // Without the kernel, only one program says so.
    return this.#host.status('clock', ofTimesyncd).state === 'there' ? setTo('yes') : unreadable('no-permission');
  }

  #findPrograms(): FoundValue {
    const found = programs.filter(([file]) => this.#host.status('clock', file).state === 'there');
    return found.length === 0 ? unset : setTo([...new Set(found.map(([, program]) => program))]);
  }

  #readDrift(): FoundValue {
    for (const path of driftFiles) {
      const file = this.#host.read('clock', path, { most: 4096 });
      if (file.state === 'absent') continue;
      if (file.state === 'unknown') return foundNothing(file);
      file.report(1);
      const value = /^\s*(-?\d+(?:\.\d+)?)/.exec(file.bytes.toString('latin1'))?.[1];
      return value === undefined ? unreadable('read-error') : setTo(value, { path: this.#host.at(path) });
    }
    return unset;
  }

  #readZone(): FoundValue {
    const path = '/etc/localtime';
    const target = this.#host.linkAt(path);
    // A copy of a zone's file has no name.
    if (target === undefined)
      return this.#host.status('clock', path).state === 'absent' ? setTo('UTC') : unreadable('unsupported');
    const zone = zones.exec(target.replace(/^(?:\.\.\/)+/, '/'))?.[1];
    return zone === undefined
      ? setTo(target, { path: this.#host.at(path) })
      : { state: 'set', value: toText(zone), from: { path: this.#host.at(path) } };
  }

  /** Whether the machine's own clock has local time. @see hwclock(8) */
  #readAdjtime(): FoundValue {
    const path = '/etc/adjtime';
    const file = this.#host.read('clock', path, { most: 4096 });
    if (file.state !== 'read') return file.state === 'absent' ? setTo('utc') : foundNothing(file);
    file.report(1);
    const word = file.bytes.toString('latin1').split('\n')[2]?.trim();
    return setTo(word === 'LOCAL' ? 'local' : 'utc', { path: this.#host.at(path), line: 3 });
  }
}

export const clockSpace: KeySpace = {
  prefix: 'clock',
  discloses: 'values',
  help: `The clock: ${Object.keys(types).join(', ')}.`,
  example: 'clock:esterror > 100ms',
  isPublic: true,
  alsoNeeds: ['clock'],
  checkKey: (key) =>
    key.includes('*') || isKey(key)
      ? null
      : `expected one of ${Object.keys(types).join(', ')}, got ${JSON.stringify(key)}`,
  typeOf: (key) => (isKey(key) ? types[key] : 'text'),
  open: (host) => new ClockReader(host),
};
