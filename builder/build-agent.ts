/** `npm run build:agent`: from the name of an environment to executables that were checked, and their manifest. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BakedEnvironment } from '../protocol/environment.ts';
import { type Fingerprint, sha256Hex } from '../protocol/identifiers.ts';
import { type BuiltFile, configHashOf, type Manifest } from '../protocol/manifest.ts';
import { buildAddon } from './addon/compile.ts';
import { bundleAgent } from './bundle.ts';
import { checkExecutable } from './check-executable.ts';
import { makePackages } from './distribution/packages.ts';
import { loadEnvironment } from './load-config.ts';
import { measureFile, replaceText, writeManifest } from './manifest.ts';
import { findBase, type Target, targetName } from './package/base.ts';
import { ExecutableCache, executableKey } from './package/cache.ts';
import { packageExecutable } from './package/package.ts';
import type { Progress } from './progress.ts';
import { makeSbom } from './sbom.ts';
import { signManifest } from './sign-manifest.ts';
import { readVersion } from './version.ts';

export interface AgentBuildOrder {
  /** Absolute path of the checkout. */
  readonly root: string;
  readonly environmentName: string;
  /** Absolute path of build.config.ts. */
  readonly configFile: string;
  /** Absolute path of the folder for executables, manifest and bill of materials. */
  readonly output: string;
  readonly targets: readonly Target[];
  /** Added to the environment's tags. */
  readonly tags: Readonly<Record<string, string>>;
  /** Also make .deb, .rpm and tarball of each executable for Linux. */
  readonly withPackages: boolean;
  /** Of a key that gpg holds, to sign the manifest with. */
  readonly signingKey: Fingerprint | null;
  /** Also accept the modules that only tests may have. */
  readonly testModules: boolean;
}

/** What every target's executable is made of. */
interface Ingredients {
  readonly root: string;
  readonly output: string;
  readonly environment: BakedEnvironment;
  readonly version: string;
}

interface TargetBuild {
  readonly file: BuiltFile;
  /** The npm packages inside, see `Bundle`. */
  readonly packages: readonly string[];
}

async function buildTarget(ingredients: Ingredients, target: Target, progress: Progress): Promise<TargetBuild> {
  const { root, output, environment, version } = ingredients;
  const onProgress = (line: string): void => progress.note(`  ${line}`);
  const base = await progress.step(`Node for ${targetName(target)}`, () => findBase(root, target, onProgress));
  const addon = await progress.step(`build the native addon for ${targetName(target)}`, () =>
    buildAddon({ target, onProgress }, root),
  );
  const { contents, packages } = await progress.step('bundle', () =>
    bundleAgent({ root, entry: 'agent/main.ts', environment, addonSha256: addon.sha256, version }),
  );
  const name = `mig-agent-${targetName(target)}`;
  const executable = join(output, name);
  const cache = join(root, '.cache');
  await progress.step(`package for ${targetName(target)}`, async () => {
    const key = await executableKey(base, contents, addon.sha256);
    const origin = await new ExecutableCache(join(cache, 'agents')).provide(key, executable, (path) =>
      packageExecutable({ base, bundle: contents, addon: addon.path, cache, output: path }),
    );
    if (origin === 'cached') progress.note('  nothing changed: taken from .cache/agents');
  });
  const [measured, checked] = await progress.step('check and hash it', () =>
    Promise.all([
      measureFile(executable),
      checkExecutable(executable, target, [
        { parameters: ['--version'], expects: [version, environment.name, configHashOf(environment).slice(0, 16)] },
        { parameters: ['config'], expects: [`"name": "${environment.name}"`] },
      ]),
    ]),
  );
  const { os, arch } = target;
  return {
    file: { file: name, os, arch, ...measured, checked, node: base.nodeVersion, addon: addon.sha256 },
    packages,
  };
}

/**
 * @returns the paths of what was made.
 * @throws CodedError of the parts: ConfigCode, AddonBuildCode, BuildCode, PackageCode, SigningCode
 */
export async function buildAgent(order: AgentBuildOrder, progress: Progress): Promise<string[]> {
  const { root, output, environmentName, tags, testModules } = order;
  const version = await readVersion(root);
  const { environment, warnings } = await progress.step(`check environment ${environmentName}`, () =>
    loadEnvironment(order.configFile, environmentName, { root, now: new Date(), testModules, tags }),
  );
  for (const warning of warnings) progress.note(`warning: ${warning}`);
  await mkdir(output, { recursive: true });
  const builds: TargetBuild[] = [];
  for (const target of order.targets)
    builds.push(await buildTarget({ root, output, environment, version }, target, progress));
  const files = builds.map(({ file }) => file);
  const sbom = await makeSbom({
    root,
    version,
    packages: builds.flatMap(({ packages }) => packages),
    nodeVersion: files[0]?.node ?? '',
  });
  const sbomFile = 'sbom.cdx.json';
  await replaceText(join(output, sbomFile), sbom);
  const packages: Manifest['packages'] = [];
  if (order.withPackages)
    for (const executable of files.filter(({ os }) => os === 'linux'))
      packages.push(...(await makePackages({ environment, version, sbom, output, executable }, progress)));
  const manifestFile = join(output, 'manifest.json');
  await writeManifest(manifestFile, {
    environment: environment.name,
    version,
    confighash: configHashOf(environment),
    tags: environment.tags,
    files,
    packages,
    sbom: { file: sbomFile, sha256: sha256Hex(sbom) },
  });
  const made = [...files, ...packages].map(({ file }) => join(output, file));
  if (order.signingKey !== null) {
    const key = order.signingKey;
    made.push(await progress.step('sign the manifest', () => signManifest(manifestFile, key)));
  } else await rm(`${manifestFile}.asc`, { force: true });
  return [...made, manifestFile, join(output, sbomFile)];
}
