/** `npm run build:cli`: makes `mig` as one executable per target, its man page and its bill of materials. */

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeFolder } from '../host/make-folder.ts';
import { replaceFile } from '../host/replace-file.ts';
import { buildExecutable, type ExecutableOrder } from './build-executable.ts';
import { bundle } from './bundle.ts';
import type { Trial } from './check-executable/check-executable.ts';
import { measureFile } from './manifest.ts';
import { modulesFor, readModules, type TrialQuestion, trialQuestions } from './modules.ts';
import type { BuildTarget } from './package/target.ts';
import { bundlePage, definePage } from './page.ts';
import type { Progress } from './progress.ts';
import { makeSbom } from './sbom.ts';
import { readVersion } from './version.ts';

const run = promisify(execFile);
const entry = 'investigator/main.ts';
const sbomFile = 'mig.cdx.json';

export interface CliBuildOrder {
  /** Absolute path of the checkout. */
  readonly root: string;
  /** Absolute path of the output folder. */
  readonly output: string;
  readonly targets: readonly BuildTarget[];
  /** See `ExecutableOrder`. */
  readonly signer: string | null;
}

/** Questions need the addon inside the executable. */
function trialsOf(version: string, questions: readonly TrialQuestion[]): Trial[] {
  return [
    { asks: ['--version'], expects: [version] },
    ...questions.map(({ module, parameters, words, finds }) => ({
      asks: { module, parameters, words: [module, '-t', 'local', ...words] },
      expects: [finds],
    })),
  ];
}

/**
 * @returns the paths of what was made.
 * @throws CodedError of the parts: AddonBuildCode, BuildCode, PackageCode
 */
export async function buildCli(
  { root, output, targets, signer }: CliBuildOrder,
  progress: Progress,
): Promise<string[]> {
  makeFolder(output);
  const version = await readVersion(root);
  const declared = await readModules(root);
  const names: string[] = [];
  const page = await bundlePage(root);
  const packages: string[] = [...page.packages];
  let nodeVersion = '';
  for (const target of targets) {
    const order = {
      root,
      output,
      program: 'mig',
      target,
      makeBundle: (addonSha256) =>
        bundle(root, entry, {
          define: {
            MIG_ADDON_SHA256: JSON.stringify(addonSha256),
            MIG_VERSION: JSON.stringify(version),
            ...definePage(page),
          },
        }),
      trials: trialsOf(
        version,
        trialQuestions(declared, modulesFor(declared, [...declared.keys()], target.os), target.os),
      ),
      signer,
    } as const satisfies ExecutableOrder;
    const built = await buildExecutable(order, progress);
    names.push(built.name);
    packages.push(...built.packages);
    nodeVersion = built.nodeVersion;
  }
  await progress.step('man page, bill of materials and digests', async () => {
    const { stdout } = await run(process.execPath, [join(root, entry), 'man']);
    replaceFile(join(output, 'mig.1'), stdout, 0o644);
    replaceFile(
      join(output, sbomFile),
      await makeSbom({ root, program: 'mig', version, packages, nodeVersion }),
      0o644,
    );
    names.push('mig.1', sbomFile);
    const measured = await Promise.all(names.map((name) => measureFile(join(output, name))));
    // In the form of `sha256sum`, for `sha256sum -c`.
    const lines = names.map((name, index) => `${measured[index]?.sha256}  ${name}\n`);
    replaceFile(join(output, 'SHA256SUMS'), lines.join(''), 0o644);
  });
  return [...names, 'SHA256SUMS'].map((name) => join(output, name));
}
