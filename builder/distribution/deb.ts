/**
 * Debian packages (deb(5)): an ar archive of two tar archives. They are written without dpkg: any machine can build one.
 */
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { serviceName } from '../../host/systemd-unit.ts';
import { type PackageInput, summary, toScripts } from './file-tree.ts';
import { makeTar, type TarEntry } from './tar.ts';

const compress = promisify(gzip);
const architectures: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/** As Debian names it. */
export function debArchitecture(arch: string): string {
  return architectures[arch] ?? arch;
}

function toControl({ environment, version, release, arch, files }: PackageInput): string {
  const installedKiB = files.reduce((sum, { content }) => sum + Math.ceil(content.length / 1024), 0);
  return `Package: ${serviceName(environment.name)}
Version: ${version}-${release}
Architecture: ${debArchitecture(arch)}
Maintainer: MIG agent builder <root@localhost>
Installed-Size: ${installedKiB}
Depends: libc6 (>= 2.28), libstdc++6 (>= 5), libgcc-s1 | libgcc1
Section: admin
Priority: optional
Description: MIG agent (${environment.name})
 It ${summary}.
`;
}

function toMaintainerScripts(environment: string): TarEntry[] {
  const scripts = toScripts(environment);
  const bodies: readonly (readonly [string, string])[] = [
    [
      'postinst',
      `if [ "$1" = configure ]; then\nif [ -z "$2" ]; then ${scripts.onFirstInstall}; fi\n${scripts.onInstallOrUpgrade}\nfi`,
    ],
    ['prerm', `if [ "$1" = remove ]; then\n${scripts.onRemove}\nfi`],
    [
      'postrm',
      `if [ "$1" = remove ]; then\n${scripts.afterRemove}\nfi\nif [ "$1" = purge ]; then\n${scripts.onPurge}\nfi`,
    ],
  ];
  return bodies.map(([name, body]) => ({
    name: `./${name}`,
    mode: 0o755,
    content: Buffer.from(`#!/bin/sh\nset -e\n${body}\n`),
  }));
}

/** The common form of ar(5). */
function makeAr(members: readonly (readonly [name: string, content: Uint8Array])[]): Buffer {
  const parts: Uint8Array[] = [Buffer.from('!<arch>\n')];
  for (const [name, content] of members) {
    const size = String(content.length).padEnd(10);
    parts.push(Buffer.from(`${name.padEnd(16)}${'0'.padEnd(12)}${'0'.padEnd(6)}${'0'.padEnd(6)}100644  ${size}\`\n`));
    parts.push(content, Buffer.from(content.length % 2 === 0 ? '' : '\n'));
  }
  return Buffer.concat(parts);
}

/** The same input gives the same bytes. */
export async function makeDeb(input: PackageInput): Promise<Buffer> {
  const { files, environment } = input;
  const data = makeTar(
    files.map(({ path, mode, content }) => ({ name: `.${path}`, mode, content })),
    'with-folders',
  );
  const sums = files.map(
    ({ path, content }) => `${createHash('md5').update(content).digest('hex')}  ${path.slice(1)}\n`,
  );
  const control = makeTar(
    [
      { name: './control', mode: 0o644, content: Buffer.from(toControl(input)) },
      { name: './md5sums', mode: 0o644, content: Buffer.from(sums.join('')) },
      ...toMaintainerScripts(environment.name),
    ],
    'with-folders',
  );
  return makeAr([
    ['debian-binary', Buffer.from('2.0\n')],
    ['control.tar.gz', await compress(control)],
    ['data.tar.gz', await compress(data)],
  ]);
}
