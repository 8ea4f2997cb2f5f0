/** Mounted file systems that never answer, or that fail (see fuse-server.cc). */
import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The reason why it is unavailable here; null when it is available. */
export const noFuse: string | null =
  process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/dev/fuse')
    ? null
    : 'only root can mount a file system that never answers, with /dev/fuse';
if (noFuse !== null) process.stderr.write(`SKIPPED: what never answers: ${noFuse}\n`);

export interface SilentFiles {
  /** The mount point; reading `held` in it never ends. */
  readonly folder: string;
  /** A process that maps pages of `held`, which come and go. */
  readonly pid: number;
  /** A process that runs `held`. */
  readonly runner: number;
  /** Resolves when a reader is blocked, since the mount. */
  readonly untilRead: () => Promise<void>;
  /** Unmounts and releases blocked readers. */
  readonly end: () => Promise<void>;
}

async function mount(scratch: string, parameters: readonly string[]): Promise<SilentFiles> {
  const program = join(scratch, 'fuse-server');
  const folder = mkdtempSync(join(scratch, 'mounted-'));
  const source = join(import.meta.dirname, 'fuse-server.cc');
  if (!existsSync(program)) await run(process.env.CXX ?? 'g++', ['-std=c++17', '-pthread', source, '-o', program]);
  const child = spawn(program, [folder, ...parameters], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const lines = createInterface({ input: child.stdout });
  const line = await new Promise<string>((resolve, reject) => {
    lines.once('line', resolve);
    lines.once('close', () => reject(new Error('expected a mounted file system')));
  });
  const blocked = new Promise<void>((resolve) => lines.once('line', () => resolve()));
  return {
    folder,
    pid: Number(line.split(' ')[1]),
    runner: Number(line.split(' ')[2]),
    untilRead: () => blocked,
    end: async () => {
      child.stdin.end();
      await ended;
    },
  };
}

/** @param scratch an existing folder for the program and the mount. */
export function mountSilentFiles(scratch: string): Promise<SilentFiles> {
  return mount(scratch, []);
}

export type DamagedFile = Pick<SilentFiles, 'folder' | 'end'>;

/** Shows a copy of the file as `held`; reading it from the offset on fails. @param scratch as above */
export function mountDamagedFile(scratch: string, file: string, offset: number): Promise<DamagedFile> {
  return mount(scratch, [file, String(offset)]);
}
