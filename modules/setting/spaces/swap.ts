/** `swap:`: how much is swapped to, and where. @see proc(5), fstab(5) */
import type { Host } from '../../kit/files/host.ts';
import { decodeOctal } from '../../kit/files/remote-places.ts';
import type { FoundValue, KeySpace, SettingReader, SettingValue } from '../key-space.ts';
import { foundNothing, known, type Reading, setTo, unknown, unreadable, unset } from './found.ts';
import { type FstabEntry, readFstab } from './mount/tables.ts';

const table = '/proc/swaps';

interface SwapArea {
  readonly source: string;
  readonly sizeBytes: number;
}

function readAreas(host: Host): Reading<readonly SwapArea[]> {
  const file = host.readKernel(table);
  // A kernel without swap has no table.
  if (file.state === 'absent') return known([]);
  if (file.state === 'unknown') return unknown(file.reason);
  const areas = file.text.split('\n').flatMap((line) => {
    const [, source = '', kibibytes = ''] = /^(\/\S*)\s+\S+\s+(\d{1,15})\s/.exec(line) ?? [];
    return source === '' ? [] : [{ source: decodeOctal(source), sizeBytes: Number(kibibytes) * 1024 }];
  });
  host.report('swaps', table, areas.length);
  return known(areas);
}

class SwapReader implements SettingReader {
  readonly #host: Host;
  #areas: Reading<readonly SwapArea[]> | undefined;
  #fstab: Reading<readonly FstabEntry[]> | undefined;

  constructor(host: Host) {
    this.#host = host;
  }

  read(key: string): SettingValue {
    this.#areas ??= readAreas(this.#host);
    if (key === 'size') return { now: this.#sizeNow(this.#areas), boot: unreadable('unsupported') };
    const boot = this.#readBoot();
    const now = this.#areas;
    return {
      now: now.state === 'unknown' ? unreadable(now.reason) : toList(now.content.map(({ source }) => source)),
      boot,
      // A device has several names.
      ...(now.state === 'known' ? { differs: toDifference(now.content.length, boot) } : {}),
    };
  }

  keys(): Iterable<string> {
    return ['devices', 'size'];
  }

  #sizeNow(areas: Reading<readonly SwapArea[]>): FoundValue {
    if (areas.state === 'unknown') return unreadable(areas.reason);
    return setTo(String(areas.content.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)));
  }

  #readBoot(): FoundValue {
    this.#fstab ??= readFstab(this.#host);
    if (this.#fstab.state === 'unknown') return foundNothing({ state: 'unknown', reason: this.#fstab.reason });
    const entries = this.#fstab.content.filter(({ type, isAutomatic }) => type === 'swap' && isAutomatic);
    const [first] = entries;
    return first === undefined
      ? unset
      : setTo(
          entries.map(({ source }) => source),
          first.from,
        );
  }
}

function toList(sources: readonly string[]): FoundValue {
  return sources.length === 0 ? unset : setTo(sources);
}

function toDifference(countNow: number, boot: FoundValue): boolean | null {
  if (boot.state === 'unreadable') return null;
  return countNow > 0 !== (boot.state === 'set');
}

export const swapSpace: KeySpace = {
  prefix: 'swap',
  discloses: 'values',
  help: 'What is swapped to: devices, and size in bytes.',
  example: 'swap:devices set',
  isPublic: true,
  checkKey: (key) =>
    key.includes('*') || key === 'devices' || key === 'size'
      ? null
      : `expected devices or size, got ${JSON.stringify(key)}`,
  typeOf: (key) => (key === 'size' ? 'size' : 'list'),
  open: (host) => new SwapReader(host),
};
