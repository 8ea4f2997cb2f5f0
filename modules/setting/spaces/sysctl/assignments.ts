/** Which value the system's start gives a kernel parameter. @see sysctl.d(5), and sysctl(8) of procps without systemd */
import type { SkipReason } from '../../../../protocol/result/result.ts';
import { listDropIns } from '../../../kit/files/drop-ins.ts';
import { toGlobPattern } from '../../../kit/files/glob-pattern.ts';
import type { Host } from '../../../kit/files/host.ts';
import { toTableLines } from '../../../kit/files/table-line.ts';
import type { FoundValue, Place } from '../../key-space.ts';
import { setTo, unreadable } from '../found.ts';
import { toRelativePath } from './names.ts';

const kind = 'sysctl.d';
const starters = ['/usr/lib/systemd/systemd-sysctl', '/lib/systemd/systemd-sysctl'];
const folders = ['/etc/sysctl.d', '/run/sysctl.d', '/usr/local/lib/sysctl.d', '/usr/lib/sysctl.d', '/lib/sysctl.d'];
const foldersOfProcps = [
  '/run/sysctl.d',
  '/etc/sysctl.d',
  '/usr/local/lib/sysctl.d',
  '/usr/lib/sysctl.d',
  '/lib/sysctl.d',
];
const lastOfProcps = '/etc/sysctl.conf';
const mostFileBytes = 4 * 1024 * 1024;
const mostAssignments = 100_000;

export interface Assignment {
  /** Below /proc/sys; may be a pattern. */
  readonly name: string;
  /** Null excludes the name from patterns. */
  readonly value: string | null;
  readonly place: Place;
}

/** Null for other lines. @param text without blanks in front. */
export function parseAssignment(text: string, place: Place): Assignment | null {
  if (text.startsWith(';')) return null;
  const [, left = '', value] = /^([^=]*)(?:=(.*))?$/s.exec(text) ?? [];
  const isOptional = left.startsWith('-');
  const key = (isOptional ? left.slice(1) : left).trim();
  if (key === '' || (value === undefined && !isOptional)) return null;
  return { name: toRelativePath(key), value: value?.trim() ?? null, place };
}

function isPattern(name: string): boolean {
  return /[*?[]/.test(name);
}

/** A pattern of paths: `*` is within a name. */
function fitsPath(pattern: string, path: string): boolean {
  const [wanted, names] = [pattern.split('/'), path.split('/')];
  return wanted.length === names.length && wanted.every((one, index) => toGlobPattern(one).test(names[index] ?? ''));
}

export class Assignments {
  /** In the order in which they are applied. */
  readonly #byName = new Map<string, Assignment>();
  /** Names that are set behind the last file that could not be read. */
  readonly #certain = new Set<string>();
  #gap: SkipReason | undefined;
  /** Why there may be more files, of any name. */
  readonly #folderGap: SkipReason | undefined;
  #count = 0;

  constructor(host: Host) {
    const isOfSystemd = starters.some((path) => host.status(kind, path).state !== 'absent');
    const { paths, gap } = listDropIns(host, kind, isOfSystemd ? folders : foldersOfProcps);
    this.#folderGap = gap;
    for (const path of isOfSystemd ? paths : [...paths, lastOfProcps]) this.#read(host, path);
  }

  /** What the start of the system gives the parameter, as its path below /proc/sys. */
  find(name: string): FoundValue {
    // A pattern sets nothing that a line names.
    const found = this.#byName.get(name) ?? this.#findPattern(name);
    if (this.#folderGap !== undefined) return unreadable(this.#folderGap);
    if (this.#gap !== undefined && !(found !== undefined && this.#certain.has(found.name)))
      return unreadable(this.#gap);
    return found === undefined || found.value === null
      ? { state: 'unset', hasDefault: true }
      : setTo(found.value, found.place);
  }

  #findPattern(name: string): Assignment | undefined {
    const patterns = [...this.#byName.values()].filter((one) => one.value !== null && isPattern(one.name));
    return patterns.findLast((one) => fitsPath(one.name, name));
  }

  #read(host: Host, path: string): void {
    const file = host.read(kind, path, { most: mostFileBytes });
    if (file.state === 'absent') return;
    if (file.state === 'unknown') {
      this.#gap = file.reason;
      this.#certain.clear();
      return;
    }
    let entries = 0;
    for (const { text, number } of toTableLines(file.bytes)) {
      const assignment = parseAssignment(text.trimEnd(), { path: host.at(path), line: number });
      if (assignment === null) continue;
      if (this.#count >= mostAssignments) {
        this.#gap = 'size-limit';
        this.#certain.clear();
        file.report(entries, 'size-limit');
        return;
      }
      this.#add(assignment);
      entries += 1;
    }
    file.report(entries);
  }

  #add(assignment: Assignment): void {
    this.#count += 1;
    const { name, value } = assignment;
    this.#certain.add(name);
    // The last one is also applied last, unless it changes nothing.
    if (this.#byName.has(name) && this.#byName.get(name)?.value === value) return;
    this.#byName.delete(name);
    this.#byName.set(name, assignment);
  }
}
