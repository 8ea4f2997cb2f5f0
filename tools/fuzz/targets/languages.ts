/** The parsers of files that tell of packages of languages: any user of an endpoint may have written them. */
import assert from 'node:assert/strict';
import { deflateSync } from 'node:zlib';
import { parseDeploy } from '../../../modules/package/flatpak/list-flatpak.ts';
import { parseAudit, parseCrates } from '../../../modules/package/languages/cargo.ts';
import { ElfFile } from '../../../modules/package/languages/elf.ts';
import { type FoundPackage, isPlain } from '../../../modules/package/languages/found-package.ts';
import { parseGemspec } from '../../../modules/package/languages/gem.ts';
import { readGo } from '../../../modules/package/languages/go.ts';
import { readJar } from '../../../modules/package/languages/jar.ts';
import { parseNpm } from '../../../modules/package/languages/npm.ts';
import { parseMetadata } from '../../../modules/package/languages/pip.ts';
import { ByteArraySource } from '../../../modules/package/languages/zip.ts';
import { parseState } from '../../../modules/package/snap/list-snap.ts';
import { toElf, toGoBuildInfo } from '../../../modules/package/testing/elf.ts';
import { toZip } from '../../../modules/package/testing/zip.ts';
import { type FuzzTarget, type PreparedTarget, takenOrRefused, toSeeds } from '../target.ts';

/** @param parse returns packages, or throws that the file is malformed. */
function languageTarget(
  name: string,
  seeds: PreparedTarget['seeds'],
  parse: (input: Buffer) => readonly FoundPackage[],
): FuzzTarget {
  return {
    name,
    side: 'agent',
    holds: 'a package has a plain name, and a plain version or none',
    prepare: async () => ({
      seeds,
      take: (input) => {
        const packages = takenOrRefused(['database-malformed'], () => parse(input)) ?? [];
        for (const one of packages) {
          assert.ok(isPlain(one.name));
          assert.ok(one.version === null || isPlain(one.version));
        }
        return packages.length > 0;
      },
    }),
  };
}

const pom = { 'META-INF/maven/g/a/pom.properties': 'groupId=g\nartifactId=a\nversion=1\n' };
const manifest = { 'META-INF/MANIFEST.MF': 'Manifest-Version: 1.0\r\nBundle-Version: 1\r\n .2\r\n\r\n' };
const audit = deflateSync(
  '{"packages":[{"name":"serde","version":"1.0.1"},{"name":"cc","version":"1","kind":"build"}]}',
);
const modules = 'path\ta\nmod\ta\tv1.0.0\th1:\ndep\tb\tv1.2.3\n=>\tc\tv1.2.4\th1:\n';

const snapState: FuzzTarget = {
  name: 'snap-state',
  side: 'agent',
  holds: 'a name and a revision are parts of a path without a slash',
  prepare: async () => ({
    seeds: toSeeds('{"data":{"snaps":{"core":{"current":"1","active":true,"channel":"latest/stable"}}}}'),
    take: (input) => {
      const snaps = Object.entries(parseState(input) ?? {});
      for (const [name, { current }] of snaps) assert.ok(!/[/.\0]/.test(`${name}${current}`));
      return snaps.length > 0;
    },
  }),
};

const flatpakDeploy: FuzzTarget = {
  name: 'flatpak-deploy',
  side: 'agent',
  holds: 'origin and version are short',
  prepare: async () => ({
    seeds: toSeeds(`flathub\0${'a1'.repeat(32)}\0\0appdata-version\x002.10\0\0s`),
    take: (input) => {
      const { origin = '', version = '' } = parseDeploy(input.toString('latin1'));
      assert.ok(origin.length <= 256 && version.length <= 256);
      return origin !== '' || version !== '';
    },
  }),
};

export const languageTargets: readonly FuzzTarget[] = [
  snapState,
  flatpakDeploy,
  languageTarget('npm-description', toSeeds('{"name":"@a/b","version":"1.0.0-rc.1"}'), parseNpm),
  languageTarget(
    'python-metadata',
    toSeeds('Metadata-Version: 2.1\r\nName: a\r\nVersion: 1.0\r\n\r\ntext'),
    parseMetadata,
  ),
  languageTarget('gemspec', toSeeds('# -*- encoding: utf-8 -*-\n# stub: a 1.0 x86_64-linux lib\n'), (input) =>
    parseGemspec('/specifications/a-1.0.gemspec', input),
  ),
  languageTarget(
    'cargo-crates',
    toSeeds('{"installs":{"a 1.0.0 (registry+u)":{}}}', '[v1]\n"a 1.0.0 (u)" = ["a"]\n'),
    parseCrates,
  ),
  languageTarget('cargo-audit', [audit], parseAudit),
  languageTarget(
    'jar',
    [toZip({ ...pom, 'b.jar': toZip(manifest) }), toZip({ ...pom, ...manifest }, { packs: false })],
    (input) => readJar(new ByteArraySource(input), '/opt/a-1.jar').packages,
  ),
  languageTarget(
    'go-build-info',
    [
      toElf({ '.go.buildinfo': toGoBuildInfo('go1.22.3', modules) }),
      toElf({ '.go.buildinfo': toGoBuildInfo('go1.22.3', modules) }, { is64: false }),
    ],
    (input) => {
      const elf = ElfFile.open(new ByteArraySource(input));
      return elf === undefined ? [] : readGo(elf);
    },
  ),
];
