/** `npm run build:cli`: `mig` as one executable per target, for investigators who install one file, and its man page. */
import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildAddon } from './addon/compile.ts';
import { bundle } from './bundle.ts';
import { checkExecutable } from './check-executable.ts';
import { measureFile, replaceText } from './manifest.ts';
import { findBase, type Target, targetName } from './package/base.ts';
import { ExecutableCache, executableKey } from './package/cache.ts';
import { packageExecutable } from './package/package.ts';
import type { Progress } from './progress.ts';
import { readVersion } from './version.ts';

const run = promisify(execFile);
const entry = 'investigator/main.ts';

export interface CliBuildOrder {
  /** Absolute path of the checkout. */
  readonly root: string;
  /** Absolute path of the folder for all that is made. */
  readonly output: string;
  readonly targets: readonly Target[];
}

/** @returns the name of the executable. */
async function buildTarget({ root, output }: CliBuildOrder, target: Target, progress: Progress): Promise<string> {
  const name = `mig-${targetName(target)}`;
  const executable = join(output, name);
  const cache = join(root, '.cache');
  const version = await readVersion(root);
  const base = await progress.step(`Node for ${targetName(target)}`, () => findBase(root, target));
  const addon = await progress.step(`build the native addon for ${targetName(target)}`, () =>
    buildAddon({ target, onProgress: (line) => progress.note(`  ${line}`) }, root),
  );
  const { contents } = await progress.step('bundle', () =>
    bundle(root, entry, {
      define: { MIG_ADDON_SHA256: JSON.stringify(addon.sha256), MIG_VERSION: JSON.stringify(version) },
    }),
  );
  await progress.step(`package for ${targetName(target)}`, async () => {
    const key = await executableKey(base, contents, addon.sha256);
    await new ExecutableCache(join(cache, 'cli')).provide(key, executable, (path) =>
      packageExecutable({ base, bundle: contents, addon: addon.path, cache, output: path }),
    );
  });
  // The question needs the addon that is inside.
  await progress.step('check it', () =>
    checkExecutable(executable, target, [
      { parameters: ['--version'], expects: [version] },
      {
        parameters: ['file', '-t', 'local', '-path', root, '-maxdepth', '1', '-name', '^README'],
        expects: [root],
      },
    ]),
  );
  return name;
}

/**
 * @returns the paths of what was made.
 * @throws CodedError of the parts: AddonBuildCode, BuildCode, PackageCode
 */
export async function buildCli(order: CliBuildOrder, progress: Progress): Promise<string[]> {
  const { root, output, targets } = order;
  await mkdir(output, { recursive: true });
  const names: string[] = [];
  for (const target of targets) names.push(await buildTarget(order, target, progress));
  await progress.step('man page and digests', async () => {
    const { stdout } = await run(process.execPath, [join(root, entry), 'man']);
    await replaceText(join(output, 'mig.1'), stdout);
    names.push('mig.1');
    const measured = await Promise.all(names.map((name) => measureFile(join(output, name))));
    // In the form of `sha256sum`, for `sha256sum -c`.
    const lines = names.map((name, index) => `${measured[index]?.sha256}  ${name}\n`);
    await replaceText(join(output, 'SHA256SUMS'), lines.join(''));
  });
  return [...names, 'SHA256SUMS'].map((name) => join(output, name));
}
