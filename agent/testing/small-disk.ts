/** A file system of its own for a folder, so small that a test can fill it; takes root and tmpfs. */
import { spawnSync } from 'node:child_process';
import { appendFileSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';

export class SmallDisk {
  readonly #folder: string;
  readonly #filler: string;

  private constructor(folder: string) {
    this.#folder = folder;
    this.#filler = join(folder, 'filler');
  }

  /** @param size as mount(8) takes it: `256k`. Null where it cannot be had; a test then says that it was skipped. */
  static mount(folder: string, size: string): SmallDisk | null {
    const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=700`, 'tmpfs', folder]);
    return status === 0 ? new SmallDisk(folder) : null;
  }

  /** Leaves no page, also of what has become free since the last time; what is in one that a file has already can be written. */
  fill(): void {
    const { bavail, bsize } = statfsSync(this.#folder);
    appendFileSync(this.#filler, Buffer.alloc(bavail * bsize));
  }

  makeRoom(): void {
    rmSync(this.#filler, { force: true });
  }

  unmount(): void {
    spawnSync('umount', ['--lazy', this.#folder]);
  }
}

export const noSmallDisk = 'NOT TESTED: a small disk takes root and tmpfs';
