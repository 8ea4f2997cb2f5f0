/** Finds the logs that fit a path of a question, with their rotated and packed siblings. */
import { join } from 'node:path';
import { toGlobPattern } from '../../kit/files/glob-pattern.ts';
import type { Host } from '../../kit/files/host.ts';
import type { FolderNames } from '../../kit/files/host-folder.ts';
import { isPackedName, stemOf } from '../files/rotated-name.ts';

const kind = 'text';
const mostLevels = 16;
const mostFiles = 20_000;
export const everyLog = '/var/log/**';
/** Below the usual place: other sources, and records that are no text. */
const ownFolders: ReadonlySet<string> = new Set(['/var/log/journal', '/var/log/audit']);
const ownStems: ReadonlySet<string> = new Set(['wtmp', 'btmp', 'lastlog', 'faillog', 'tallylog', 'utmp']);

export class LogFiles {
  readonly #host: Host;
  readonly #folders = new Map<string, FolderNames>();
  /** Whether there are more files than these. */
  isCut = false;

  constructor(host: Host) {
    this.#host = host;
  }

  /** @param pattern absolute; `**` is any number of names. */
  find(pattern: string): ReadonlySet<string> {
    const names = pattern.split('/').slice(1);
    const found = new Set<string>();
    this.#match('/', names.at(-1) === '**' ? [...names, '*'] : names, found, 0);
    if (pattern !== everyLog) return found;
    const isOwn = (path: string): boolean => ownStems.has(stemOf(path.slice(path.lastIndexOf('/') + 1)));
    return new Set([...found].filter((path) => !isOwn(path)));
  }

  #match(folder: string, [name = '', ...rest]: readonly string[], found: Set<string>, level: number): void {
    if (level > mostLevels || ownFolders.has(folder)) return;
    if (name === '**') {
      this.#match(folder, rest, found, level);
      for (const [below, is] of this.#list(folder).kinds)
        if (is === 'folder') this.#match(join(folder, below), [name, ...rest], found, level + 1);
      return;
    }
    if (rest.length > 0) {
      this.#enter(folder, name, rest, found, level);
      return;
    }
    const fits = toGlobPattern(name);
    const { names, kinds } = this.#list(folder);
    for (const one of names) {
      if (found.size >= mostFiles) this.isCut = true;
      else if (
        kinds.get(one) !== 'folder' &&
        (fits.test(one) || fits.test(stemOf(one))) &&
        !this.#isUnfinished(one, kinds)
      )
        found.add(join(folder, one));
    }
  }

  #enter(folder: string, name: string, rest: readonly string[], found: Set<string>, level: number): void {
    // Folders on the way to the first pattern need not be listed.
    if (!/[*?[]/.test(name)) {
      this.#match(join(folder, name), rest, found, level + 1);
      return;
    }
    const fits = toGlobPattern(name);
    for (const [below, is] of this.#list(folder).kinds)
      if ((is === 'folder' || is === 'link') && fits.test(below))
        this.#match(join(folder, below), rest, found, level + 1);
  }

  /** While a log is packed, both files are there. */
  #isUnfinished(name: string, kinds: FolderNames['kinds']): boolean {
    return isPackedName(name) && kinds.has(name.slice(0, name.lastIndexOf('.')));
  }

  #list(folder: string): FolderNames {
    const known = this.#folders.get(folder) ?? this.#host.listFolder(kind, folder);
    this.#folders.set(folder, known);
    return known;
  }
}

/** What orders rotated logs of one name, the newest first: no number, small numbers, late dates. */
function toAge(name: string, stem: string): readonly [number, string] {
  const plain = isPackedName(name) ? name.slice(0, name.lastIndexOf('.')) : name;
  if (plain === stem) return [0, ''];
  const digits = /\d[\dT-]*(?=$|\.(?:log|txt|json)$)/.exec(plain)?.[0] ?? '';
  return digits.length > 6 ? [Number.MAX_SAFE_INTEGER, digits] : [Number(digits) + 1, digits];
}

/** The files of each log, the newest first. */
export function groupByLog(paths: Iterable<string>): readonly (readonly string[])[] {
  const logs = new Map<string, { readonly path: string; readonly age: readonly [number, string] }[]>();
  for (const path of paths) {
    const start = path.lastIndexOf('/') + 1;
    const name = path.slice(start);
    const stem = stemOf(name);
    const key = path.slice(0, start) + stem;
    const log = logs.get(key) ?? [];
    log.push({ path, age: toAge(name, stem) });
    logs.set(key, log);
  }
  return [...logs.values()].map((log) =>
    log.sort((one, other) => one.age[0] - other.age[0] || (one.age[1] < other.age[1] ? 1 : -1)).map(({ path }) => path),
  );
}
