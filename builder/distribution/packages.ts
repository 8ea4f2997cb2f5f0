/** Makes the packages of one Linux executable: .deb, .rpm and a plain tarball. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { serviceName } from '../../host/systemd-unit.ts';
import type { BakedEnvironment } from '../../protocol/environment/environment.ts';
import type { BuiltFile, Manifest } from '../../protocol/environment/manifest.ts';
import { measureFile } from '../manifest.ts';
import type { Progress } from '../progress.ts';
import { debArchitecture, makeDeb } from './deb.ts';
import { toFiles, toRelease, toTarball } from './file-tree.ts';
import { canMakeRpm, makeRpm, rpmArchitecture } from './rpm.ts';

const compress = promisify(gzip);

export interface PackagesOrder {
  readonly environment: BakedEnvironment;
  readonly version: string;
  /** See `toRelease`. */
  readonly revision: number;
  readonly sbom: string;
  /** Folder of the executable; the packages go there, too. */
  readonly output: string;
  readonly executable: BuiltFile;
}

/** @throws CodedError bundle-failed */
export async function makePackages(order: PackagesOrder, progress: Progress): Promise<Manifest['packages']> {
  const { environment, version, revision, sbom, output, executable } = order;
  const { arch } = executable;
  const content = await readFile(join(output, executable.file));
  const files = toFiles(environment, content, sbom);
  const input = { environment, version, release: toRelease(environment, revision), arch, files };
  const name = serviceName(environment.name);
  const made: Manifest['packages'] = [];
  const add = async (file: string, make: () => Promise<Uint8Array>): Promise<void> => {
    const path = join(output, file);
    await progress.step(`package ${file}`, async () => writeFile(path, await make(), { mode: 0o600 }));
    made.push({ file, ...(await measureFile(path)) });
  };
  await add(`${name}_${version}_${debArchitecture(arch)}.deb`, () => makeDeb(input));
  await add(`${name}-${version}-linux-${arch}.tar.gz`, async () => compress(toTarball(environment, content, sbom)));
  if (await canMakeRpm()) await add(`${name}-${version}.${rpmArchitecture(arch)}.rpm`, () => makeRpm(input));
  else progress.note('warning: no rpmbuild was found: there is no .rpm');
  return made;
}
