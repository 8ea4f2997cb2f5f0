/** `mount:`: file systems and their options, now and as the next start mounts them. */
import type { Host } from '../../../kit/files/host.ts';
import { toText } from '../../../kit/files/latin1-text.ts';
import type { FoundValue, KeySpace, SettingReader, SettingValue } from '../../key-space.ts';
import { known, type Reading, setTo, unknown, unreadable, unset } from '../found.ts';
import { differ } from './options.ts';
import { type FstabEntry, type Mount, readFstab, readMounts } from './tables.ts';
import { MountUnits } from './units.ts';

const facets = ['options', 'type', 'source'] as const;
type Facet = (typeof facets)[number];

interface MountKey {
  readonly path: string;
  readonly facet: Facet;
}

function parseKey(key: string): MountKey {
  const [, path = key, word] = /^(.*)#([^#]*)$/s.exec(key) ?? [];
  const facet = facets.find((one) => one === word);
  return facet === undefined ? { path: key, facet: 'options' } : { path, facet };
}

/** What the kernel and systemd mount by themselves. */
const ofSystem = /^\/(?:proc|sys|dev|run)(?:\/|$)|^\/$/;

function toFound(found: Reading<Mount | undefined>, facet: Facet): FoundValue {
  if (found.state === 'unknown') return unreadable(found.reason);
  return found.content === undefined ? unset : setTo(found.content[facet], found.content.from);
}

class MountReader implements SettingReader {
  readonly #host: Host;
  readonly #units: MountUnits;
  #mounts: Reading<ReadonlyMap<string, Mount>> | undefined;
  #fstab: Reading<readonly FstabEntry[]> | undefined;

  constructor(host: Host) {
    this.#host = host;
    this.#units = new MountUnits(host);
  }

  read(key: string): SettingValue {
    const { path, facet } = parseKey(key);
    const mounts = this.#readMounts();
    const now = mounts.state === 'known' ? known(mounts.content.get(path)) : mounts;
    const boot = this.#findBoot(path);
    const value = { now: toFound(now, facet), boot: toFound(boot, facet) };
    // The kernel adds options of its own, and knows a device by another name.
    if (now.state !== 'known' || boot.state !== 'known' || now.content === undefined || boot.content === undefined)
      return value;
    return { ...value, differs: facet === 'options' ? differ(now.content.options, boot.content.options) : null };
  }

  *keys(glob: string): Iterable<string> {
    const { path, facet } = parseKey(glob);
    const ending = path === glob ? '' : `#${facet}`;
    const [mounts, fstab] = [this.#readMounts(), this.#readFstab()];
    if (mounts.state === 'known') for (const one of mounts.content.keys()) yield `${one}${ending}`;
    if (fstab.state === 'known')
      for (const { path: one } of fstab.content) if (one.startsWith('/')) yield `${toText(one)}${ending}`;
  }

  #readMounts(): Reading<ReadonlyMap<string, Mount>> {
    this.#mounts ??= readMounts(this.#host);
    return this.#mounts;
  }

  #readFstab(): Reading<readonly FstabEntry[]> {
    this.#fstab ??= readFstab(this.#host);
    return this.#fstab;
  }

  #findBoot(path: string): Reading<Mount | undefined> {
    const fstab = this.#readFstab();
    if (fstab.state === 'unknown') return fstab;
    const entry = fstab.content.find((one) => toText(one.path) === path);
    if (entry !== undefined) return known(entry.isAutomatic ? entry : undefined);
    return ofSystem.test(path) ? unknown('undecided') : this.#units.find(path);
  }
}

export const mountSpace: KeySpace = {
  prefix: 'mount',
  discloses: 'values',
  help: 'Options of what is mounted there; #type and #source behind the path.',
  example: 'mount:/tmp != noexec',
  isPublic: true,
  checkKey: (key) => {
    const { path } = parseKey(key);
    return path === '/' || /^[/*](?:.*[^/])?$/.test(path)
      ? null
      : `expected a path such as /tmp, and #type or #source behind it if wanted, got ${JSON.stringify(key)}`;
  },
  typeOf: (key) => (parseKey(key).facet === 'options' ? 'list' : 'text'),
  pathOf: (key) => parseKey(key).path,
  open: (host) => new MountReader(host),
};
