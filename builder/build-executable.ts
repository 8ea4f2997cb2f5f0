/**
 * Makes one program for one target: puts Node, addon and bundle together, or takes them from the cache, and tries the
 * result.
 */

import { chmod, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildAddon } from './addon/compile.ts';
import type { Bundle } from './bundle.ts';
import { checkExecutable, type Trial } from './check-executable/check-executable.ts';
import { assertRunsPrograms } from './check-executable/runs-programs.ts';
import { findBase } from './package/base.ts';
import { ExecutableCache, executableKey } from './package/cache.ts';
import { packAddon, packageExecutable } from './package/package.ts';
import { type BuildTarget, executableName, isHost, targetName } from './package/target.ts';
import type { Progress } from './progress.ts';
import { isSignable, signExecutable } from './sign-executable.ts';

export interface ExecutableOrder {
  /** Absolute path of the checkout. */
  readonly root: string;
  /** Absolute path of the folder for the executable. */
  readonly output: string;
  readonly program: 'mig' | 'mig-agent';
  readonly target: BuildTarget;
  /** @param addonSha256 is written into the bundle: it loads no other addon. */
  readonly makeBundle: (addonSha256: string) => Promise<Bundle>;
  readonly trials: readonly Trial[];
  /** Absolute path of a program that signs executables for Windows and macOS; null leaves them as they are. */
  readonly signer: string | null;
}

/** An agent is for its owner alone: the relay's password can be read in it. */
const places = { mig: { folder: 'cli', mode: 0o755 }, 'mig-agent': { folder: 'agents', mode: 0o700 } } as const;

export interface BuiltExecutable {
  /** In the folder of the order. */
  readonly name: string;
  readonly nodeVersion: string;
  readonly addonSha256: string;
  /** The npm packages inside, see `Bundle`. */
  readonly packages: readonly string[];
  /** The trials that it passed. */
  readonly checked: string;
}

/** @throws CodedError of the parts: AddonBuildCode, BuildCode, PackageCode, SigningCode, ToolchainCode */
export async function buildExecutable(order: ExecutableOrder, progress: Progress): Promise<BuiltExecutable> {
  const { root, output, program, target, makeBundle, trials, signer } = order;
  if (isHost(target)) assertRunsPrograms(output);
  const cache = join(root, '.cache');
  const onProgress = (line: string): void => progress.note(`  ${line}`);
  const base = await progress.step(`Node for ${targetName(target)}`, () => findBase(root, target, onProgress));
  const addon = await progress.step(`native addon for ${targetName(target)}`, () =>
    buildAddon({ target, onProgress, onPart: progress.show }, root),
  );
  const { contents, packages } = await progress.step('bundle', () => makeBundle(addon.sha256));
  const name = executableName(program, target);
  const executable = join(output, name);
  await progress.step(`package for ${targetName(target)}`, async () => {
    const key = await executableKey(base, contents, addon.sha256);
    const { folder, mode } = places[program];
    const origin = await new ExecutableCache(join(cache, folder), mode).provide(key, executable, (path) =>
      packageExecutable({ base, program, bundle: contents, addon: addon.path, cache, output: path }),
    );
    if (origin === 'cached') progress.note('  nothing changed: taken from the cache');
  });
  if (signer !== null && isSignable(target)) await progress.step('sign it', () => signExecutable(signer, executable));
  // A signer may have written a new file.
  await chmod(executable, places[program].mode);
  const parts = [contents, packAddon(await readFile(addon.path))];
  const checked = await progress.step('check it', () => checkExecutable({ executable, target, cache, parts, trials }));
  progress.note(`  ${checked}`);
  return { name, nodeVersion: base.nodeVersion, addonSha256: addon.sha256, packages, checked };
}
