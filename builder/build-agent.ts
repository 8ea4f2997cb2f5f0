/** `npm run build:agent`: makes the checked executables of an environment, and their manifest. */

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../host/make-folder.ts';
import { replaceFile } from '../host/replace-file.ts';
import { type Fingerprint, sha256Hex } from '../protocol/base/identifiers.ts';
import type { BakedEnvironment } from '../protocol/environment/environment.ts';
import { type BuiltFile, configHashOf, type Manifest } from '../protocol/environment/manifest.ts';
import { buildExecutable } from './build-executable.ts';
import { bundleAgent } from './bundle.ts';
import type { Trial } from './check-executable/check-executable.ts';
import { makePackages } from './distribution/packages.ts';
import { loadEnvironment } from './load-config.ts';
import { measureFile, writeManifest } from './manifest.ts';
import { modulesFor, readModules, type TrialQuestion, trialQuestions } from './modules.ts';
import { type BuildTarget, targetName } from './package/target.ts';
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
  readonly targets: readonly BuildTarget[];
  /** Added to the environment's tags. */
  readonly tags: Readonly<Record<string, string>>;
  /** Also make .deb, .rpm and tarball of each executable for Linux. */
  readonly withPackages: boolean;
  /** Revision of the packages, counted up by the sysadmin. */
  readonly revision: number;
  /** Key in gpg that signs the manifest. */
  readonly signingKey: Fingerprint | null;
  /** See `ExecutableOrder`. */
  readonly signer: string | null;
  /** Also accept the modules that only tests may have. */
  readonly testModules: boolean;
}

/** Questions need the addon inside the executable. */
function trialsOf(environment: BakedEnvironment, version: string, questions: readonly TrialQuestion[]): Trial[] {
  return [
    { asks: ['--version'], expects: [version, environment.name, configHashOf(environment).slice(0, 16)] },
    { asks: ['config'], expects: [`"name": "${environment.name}"`] },
    ...questions.map(({ module, parameters, finds }) => ({ asks: { module, parameters }, expects: [finds] })),
  ];
}

interface AgentExecutable {
  readonly file: BuiltFile;
  readonly packages: readonly string[];
}

async function buildTarget(
  { root, output, signer }: AgentBuildOrder,
  environment: BakedEnvironment,
  version: string,
  target: BuildTarget,
  progress: Progress,
): Promise<AgentExecutable> {
  const declared = await readModules(root);
  const modules = modulesFor(declared, environment.modules, target.os);
  for (const module of environment.modules.filter((one) => !modules.includes(one)))
    progress.note(`note: the module ${module} is not for ${targetName(target)}: its agent will not have it`);
  const { name, nodeVersion, addonSha256, packages, checked } = await buildExecutable(
    {
      root,
      output,
      program: 'mig-agent',
      target,
      makeBundle: (addonSha256) =>
        bundleAgent({ root, entry: 'agent/main.ts', environment, modules, addonSha256, version }),
      trials: trialsOf(environment, version, trialQuestions(declared, modules, target.os)),
      signer,
    },
    progress,
  );
  const { os, arch } = target;
  const measured = await measureFile(join(output, name));
  return { file: { file: name, os, arch, ...measured, checked, node: nodeVersion, addon: addonSha256 }, packages };
}

/**
 * @returns the paths of what was made.
 * @throws CodedError of the parts: ConfigCode, AddonBuildCode, BuildCode, PackageCode, SigningCode
 */
export async function buildAgent(order: AgentBuildOrder, progress: Progress): Promise<string[]> {
  const { root, output, environmentName, tags, testModules, revision } = order;
  const version = await readVersion(root);
  const { environment, warnings } = await progress.step(`check environment ${environmentName}`, () =>
    loadEnvironment(order.configFile, environmentName, { root, now: new Date(), testModules, tags }),
  );
  for (const warning of warnings) progress.note(`warning: ${warning}`);
  makeFolder(output);
  const builds: AgentExecutable[] = [];
  for (const target of order.targets) builds.push(await buildTarget(order, environment, version, target, progress));
  const files = builds.map(({ file }) => file);
  const sbom = await makeSbom({
    root,
    program: 'mig-agent',
    version,
    packages: builds.flatMap(({ packages }) => packages),
    nodeVersion: files[0]?.node ?? '',
  });
  const sbomFile = 'sbom.cdx.json';
  replaceFile(join(output, sbomFile), sbom, 0o644);
  const packages: Manifest['packages'] = [];
  if (order.withPackages)
    for (const executable of files.filter(({ os }) => os === 'linux'))
      packages.push(...(await makePackages({ environment, version, revision, sbom, output, executable }, progress)));
  const manifestFile = join(output, 'manifest.json');
  writeManifest(manifestFile, {
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
