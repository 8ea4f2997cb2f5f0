/** `os:`: what the machine is, and what it runs. */
import { machine, release } from 'node:os';
import type { Host } from '../../kit/files/host.ts';
import type { FoundValue, KeySpace, SettingReader, SettingValue, ValueType } from '../key-space.ts';
import { always, foundNothing, setTo, unreadable, unset } from './found.ts';
import { readOsRelease } from './os-release.ts';
import { findMachineType, findRebootRequired } from './os-signs.ts';

type Read = (reader: OsReader) => FoundValue;

interface OsKey {
  readonly type: ValueType;
  readonly read: Read;
  /** Whether it will be another one after a reboot. */
  readonly changesAtBoot?: true;
}

const ofRelease =
  (name: string): Read =>
  (reader) =>
    reader.release(name);

const keys: Readonly<Record<string, OsKey>> = {
  id: { type: 'text', read: ofRelease('ID') },
  idlike: { type: 'list', read: (reader) => toWords(reader.release('ID_LIKE')) },
  name: { type: 'text', read: ofRelease('PRETTY_NAME') },
  version: { type: 'version', read: ofRelease('VERSION_ID') },
  codename: { type: 'text', read: ofRelease('VERSION_CODENAME') },
  variant: { type: 'text', read: ofRelease('VARIANT_ID') },
  hostname: { type: 'text', read: ({ host }) => setTo(host.name) },
  kernel: { type: 'version', read: () => setTo(release()), changesAtBoot: true },
  arch: { type: 'text', read: () => setTo(machine()) },
  machinetype: { type: 'text', read: ({ host }) => findMachineType(host) },
  boottime: { type: 'text', read: ({ host }) => readBootTime(host), changesAtBoot: true },
  uptime: { type: 'time', read: ({ host }) => readUptime(host), changesAtBoot: true },
  rebootrequired: { type: 'boolean', read: ({ host }) => findRebootRequired(host), changesAtBoot: true },
};

function toWords(found: FoundValue): FoundValue {
  if (found.state !== 'set' || typeof found.value !== 'string') return found;
  return { ...found, value: found.value.split(' ').filter((word) => word !== '') };
}

function readBootTime(host: Host): FoundValue {
  const file = host.readKernel('/proc/stat');
  if (file.state !== 'read') return foundNothing(file);
  const seconds = /^btime (\d{1,12})$/m.exec(file.text)?.[1];
  return seconds === undefined
    ? unreadable('read-error')
    : setTo(`${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}Z`);
}

function readUptime(host: Host): FoundValue {
  const file = host.readKernel('/proc/uptime');
  if (file.state !== 'read') return foundNothing(file);
  const seconds = /^(\d{1,12})\./.exec(file.text)?.[1];
  return seconds === undefined ? unreadable('read-error') : setTo(seconds);
}

class OsReader implements SettingReader {
  readonly host: Host;
  #release: ((name: string) => FoundValue) | undefined;

  constructor(host: Host) {
    this.host = host;
  }

  release(name: string): FoundValue {
    this.#release ??= readOsRelease(this.host);
    return this.#release(name);
  }

  read(name: string): SettingValue {
    const key = keys[name];
    if (key === undefined) return always(unset);
    const now = key.read(this);
    // Nothing says beforehand what it will be.
    return key.changesAtBoot === true ? { now, boot: unreadable('unsupported') } : always(now);
  }

  keys(): Iterable<string> {
    return Object.keys(keys);
  }
}

export const osSpace: KeySpace = {
  prefix: 'os',
  discloses: 'values',
  help: `The system: ${Object.keys(keys).join(', ')}.`,
  example: 'os:kernel < 6.1.0-18',
  isPublic: true,
  checkKey: (key) =>
    key.includes('*') || Object.hasOwn(keys, key)
      ? null
      : `expected one of ${Object.keys(keys).join(', ')}, got ${JSON.stringify(key)}`,
  typeOf: (key) => keys[key]?.type ?? 'text',
  open: (host) => new OsReader(host),
};
