/** Files that a process still maps, although they were replaced or removed: the old code runs on. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toPath } from '../../kit/files/latin1-text.ts';
import type { Findings } from '../../kit/findings.ts';
import { Breather } from '../../kit/listing/breather.ts';

interface Mapper {
  readonly pid: number;
  readonly process: string;
}

/** By the path that the file had, as functions of the system take it. */
export type ReplacedFiles = ReadonlyMap<string, readonly Mapper[]>;

const mark = ' (deleted)';
/** Shared memory, devices and files without a name are never of a package. */
const noFile = /^(?:\/dev\/|\/memfd:|\/SYSV|\/run\/|\/tmp\/|\/\[)/;

/** The lines of a process's maps; undefined when it ended. @throws the system's error */
function readMaps(proc: string, pid: string): string {
  return readFileSync(join(proc, pid, 'maps'), 'latin1');
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** Executable parts only: data of a removed file harms nobody. */
function replacedIn(maps: string): ReadonlySet<string> {
  const found = new Set<string>();
  for (const line of maps.split('\n')) {
    if (!line.endsWith(mark)) continue;
    const [, permissions = '', path = ''] = /^\S+ (\S+) \S+ \S+ \d+ +(\/.*) \(deleted\)$/.exec(line) ?? [];
    if (permissions.includes('x') && path !== '' && !noFile.test(path)) found.add(path);
  }
  return found;
}

export async function findReplacedFiles(
  proc: string,
  { findings, signal }: { readonly findings: Pick<Findings<object>, 'skip' | 'note'>; readonly signal: AbortSignal },
): Promise<ReplacedFiles> {
  const files = new Map<string, Mapper[]>();
  const breather = new Breather();
  let hidden = 0;
  for (const pid of readdirSync(proc).filter((name) => /^\d+$/.test(name))) {
    if (breather.isDue) await breather.breathe();
    if (signal.aborted) break;
    try {
      const replaced = replacedIn(readMaps(proc, pid));
      if (replaced.size === 0) continue;
      const mapper = { pid: Number(pid), process: readFileSync(join(proc, pid, 'comm'), 'latin1').trim() };
      for (const path of [...replaced].map(toPath)) {
        const mappers = files.get(path);
        if (mappers === undefined) files.set(path, [mapper]);
        else mappers.push(mapper);
      }
    } catch (error) {
      // It ended meanwhile.
      if (['ENOENT', 'ESRCH'].includes(codeOf(error))) continue;
      hidden += 1;
    }
  }
  findings.skip('no-permission', hidden);
  if (hidden > 0) findings.note(`processes whose mapped files could not be read: ${hidden}`);
  return files;
}
