/** RPM packages, by rpmbuild where it is installed: Debian and Fedora both have it. */

import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { serviceName } from '../../host/systemd-unit.ts';
import { makeTemporaryFolder } from '../../host/temporary-folder.ts';
import { CodedError, toMessage } from '../../protocol/base/coded-error.ts';
import type { BuildCode } from '../bundle.ts';
import { type PackageInput, summary, toScripts } from './file-tree.ts';

const run = promisify(execFile);
const architectures: Readonly<Record<string, string>> = { x64: 'x86_64', arm64: 'aarch64' };

/** Not 0: rpmbuild takes that for no date. */
const epoch = '1';

/** As RPM names it. */
export function rpmArchitecture(arch: string): string {
  return architectures[arch] ?? arch;
}

export async function canMakeRpm(): Promise<boolean> {
  return run('rpmbuild', ['--version']).then(
    () => true,
    () => false,
  );
}

/** Stripping would damage the executable. Nothing of this machine may get into the package. */
function toSpec({ environment, version, release, files }: PackageInput): string {
  const name = serviceName(environment.name);
  const scripts = toScripts(environment.name);
  const fileLines = files.map(({ path, mode }) => `%attr(${mode.toString(8)}, root, root) "${path}"`);
  return `%global __os_install_post %{nil}
%global debug_package %{nil}
%global _build_id_links none
%global source_date_epoch_from_changelog 0
%global use_source_date_epoch_as_buildtime 1
%global clamp_mtime_to_source_date_epoch 1
%global _buildhost reproducible
%global _binary_payload w6.gzdio
Name: ${name}
Version: ${version.replaceAll('-', '~')}
Release: ${release}
Summary: MIG agent (${environment.name}): ${summary}
License: MPL-2.0
AutoReqProv: no
Requires: glibc >= 2.28, libstdc++, libgcc

%description
It ${summary}.

%post
if [ "$1" -eq 1 ]; then ${scripts.onFirstInstall}; fi
${scripts.onInstallOrUpgrade}

%preun
if [ "$1" -eq 0 ]; then
${scripts.onRemove}
fi

%postun
if [ "$1" -eq 0 ]; then
${scripts.afterRemove}
fi

%files
${fileLines.join('\n')}
`;
}

/** @throws CodedError bundle-failed */
export async function makeRpm(input: PackageInput): Promise<Buffer> {
  const folder = makeTemporaryFolder('mig-rpm-');
  try {
    const tree = join(folder, 'tree');
    for (const { path, mode, content } of input.files) {
      await mkdir(join(tree, dirname(path)), { recursive: true });
      await writeFile(join(tree, path), content, { mode });
    }
    const spec = join(folder, 'agent.spec');
    await writeFile(spec, toSpec(input));
    const defines = [`_topdir ${folder}`, `_rpmdir ${join(folder, 'out')}`, `_dbpath ${join(folder, 'db')}`];
    await run(
      'rpmbuild',
      [
        '-bb',
        '--noclean',
        '--buildroot',
        tree,
        '--target',
        `${rpmArchitecture(input.arch)}-linux`,
        ...defines.flatMap((define) => ['--define', define]),
        spec,
      ],
      { env: { PATH: process.env.PATH ?? '', HOME: folder, SOURCE_DATE_EPOCH: epoch } },
    );
    const names = await readdir(join(folder, 'out'), { recursive: true });
    const name = names.find((path) => path.endsWith('.rpm'));
    if (name === undefined) throw new Error('rpmbuild wrote no package');
    return await readFile(join(folder, 'out', name));
  } catch (cause) {
    throw new CodedError<BuildCode>('bundle-failed', `expected rpmbuild to make a package, got: ${toMessage(cause)}`, {
      cause,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
