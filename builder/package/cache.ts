/** A cache of finished executables by their inputs: an unchanged build is a copy. */

import { constants } from 'node:fs';
import { access, chmod, copyFile, mkdtemp, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { makeFolder } from '../../host/make-folder.ts';
import { replaceWith } from '../../host/replace-file.ts';
import { sha256Hex } from '../../protocol/base/identifiers.ts';
import { toCanonicalJson } from '../../protocol/base/strict-json.ts';
import { signatureVersion } from '../mach-o/code-signature.ts';
import { type Base, originOf } from './base.ts';
import { injectScript } from './package.ts';

/** Each is about 100 MB. */
const keptExecutables = 6;
const fileName = 'mig-agent';

function versionOf(name: string): unknown {
  const description: unknown = createRequire(import.meta.url)(`${name}/package.json`);
  return typeof description === 'object' && description !== null ? Reflect.get(description, 'version') : undefined;
}

/** A digest of all inputs of an executable, the packaging code included. */
export async function executableKey(base: Base, bundle: Uint8Array, addonSha256: string): Promise<string> {
  return sha256Hex(
    toCanonicalJson({
      base: originOf(base),
      bundle: sha256Hex(bundle),
      addon: addonSha256,
      packager: [versionOf('@yao-pkg/pkg'), versionOf('postject'), sha256Hex(await readFile(injectScript))],
      signature: base.target.os === 'darwin' ? signatureVersion : null,
    }),
  );
}

export class ExecutableCache {
  readonly #folder: string;
  readonly #mode: number;

  /**
   * @param folder holds executables with credentials inside: it is made readable by its owner only.
   * @param mode of the executables.
   */
  constructor(folder: string, mode: number) {
    this.#folder = folder;
    this.#mode = mode;
  }

  /** Puts the executable at `output`, made by `make` unless it is cached. Replaces `output` in one step. */
  async provide(key: string, output: string, make: (path: string) => Promise<void>): Promise<'cached' | 'made'> {
    makeFolder(this.#folder, 0o700);
    const entry = join(this.#folder, key);
    const cached = await access(join(entry, fileName)).then(
      () => true,
      () => false,
    );
    if (!cached) await this.#fill(entry, make);
    const now = new Date();
    await utimes(entry, now, now);
    await this.#copyInto(join(entry, fileName), output);
    if (!cached) await this.#removeOldest();
    return cached ? 'cached' : 'made';
  }

  /** A copy, not a link: signing or stripping the delivered file must not change the cached one. */
  #copyInto(from: string, to: string): Promise<void> {
    return replaceWith(to, async (temporary) => {
      await copyFile(from, temporary, constants.COPYFILE_FICLONE);
      await chmod(temporary, this.#mode);
    });
  }

  /** The entry appears complete or not at all. */
  async #fill(entry: string, make: (path: string) => Promise<void>): Promise<void> {
    const temporary = await mkdtemp(`${entry}.tmp-`);
    try {
      await make(join(temporary, fileName));
      // A copy begins with the mode of its original.
      await chmod(join(temporary, fileName), this.#mode);
      await rename(temporary, entry);
    } catch (error) {
      // Another build of the same input was faster. Its entry is as good.
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOTEMPTY')) throw error;
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
  }

  async #removeOldest(): Promise<void> {
    const entries = await Promise.all(
      (await readdir(this.#folder)).map(async (name) => {
        const path = join(this.#folder, name);
        // Another build may have just renamed or removed the entry.
        const stats = await stat(path).catch(() => null);
        return { path, usedMs: stats === null ? Number.POSITIVE_INFINITY : stats.mtimeMs };
      }),
    );
    entries.sort((left, right) => right.usedMs - left.usedMs);
    for (const { path } of entries.slice(keptExecutables)) await rm(path, { recursive: true, force: true });
  }
}
