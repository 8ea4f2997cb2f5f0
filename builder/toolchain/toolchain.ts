/** The C++ compiler and its flags for every target: one zig from npm. Every machine makes the same bytes. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { CodedError } from '../../protocol/base/coded-error.ts';
import { buildLibrary, findZig, hostTriple, libraryFlags, type ZigFolder } from './library.mjs';
import { provideToolchain } from './provide.ts';

export type AddonBuildCode = 'compile-failed' | 'platform-unsupported';

/** The addon's platform and processor, as Node names them. */
export interface AddonTarget {
  readonly os: string;
  readonly arch: string;
}

export interface Toolchain {
  /** Absolute path. */
  readonly compiler: string;
  /** Builds the C++ library that is linked. */
  readonly buildLibrary: () => Promise<void>;
  /** Name and version: another compiler makes other objects. */
  readonly version: string;
  /** Come before all others: the target first. */
  readonly compileFlags: readonly string[];
  readonly linkFlags: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

interface TargetFlags {
  /** zig's name of the target, with the oldest C library or system. */
  readonly triple: string;
  readonly compile: readonly string[];
  readonly link: readonly string[];
}

/** Lists the exported symbols of the addon; relative to the repository. */
export const exportsFile = 'native/platform/exports.map';

const elfLink: readonly string[] = [
  '-Wl,--build-id=none',
  '-Wl,--gc-sections',
  '-Wl,--as-needed',
  '-Wl,-z,relro',
  '-Wl,-z,now',
  '-Wl,-z,noexecstack',
  `-Wl,--version-script=${exportsFile}`,
];

/** Unresolved symbols are Node's, which are there when the addon is loaded. */
const machLink: readonly string[] = [
  '-Wl,-undefined,dynamic_lookup',
  '-Wl,-dead_strip',
  '-Wl,-install_name,@rpath/mig-native.node',
];

/** The addon's own resolver finds Node's functions, see native/platform/node_symbols_win.cc. */
const windowsDefines: readonly string[] = [
  // Its C library has none of the functions for it.
  '-U_FORTIFY_SOURCE',
  '-D_WIN32_WINNT=0x0A00',
  '-DWIN32_LEAN_AND_MEAN',
  '-DNOMINMAX',
  '-DUNICODE',
  '-DNAPI_EXTERN=',
];

/** glibc 2.28 is what Node itself needs. */
const flagsByTarget: Readonly<Record<string, TargetFlags>> = {
  'linux-x64': {
    triple: hostTriple,
    compile: ['-fPIC', '-fstack-clash-protection', '-fcf-protection'],
    link: elfLink,
  },
  'linux-arm64': {
    triple: 'aarch64-linux-gnu.2.28',
    compile: ['-fPIC', '-fstack-clash-protection', '-mbranch-protection=standard'],
    link: elfLink,
  },
  'darwin-x64': { triple: 'x86_64-macos.11.0-none', compile: ['-fPIC'], link: machLink },
  'darwin-arm64': { triple: 'aarch64-macos.11.0-none', compile: ['-fPIC'], link: machLink },
  'win32-x64': {
    triple: 'x86_64-windows-gnu',
    compile: windowsDefines,
    link: ['-Wl,--gc-sections', '-lntdll', '-ladvapi32', '-lpsapi', '-liphlpapi'],
  },
};

/** C++ is ours and RE2's, C that of the other libraries; one compiler takes both. */
export function languageFlags(source: string): readonly string[] {
  return source.endsWith('.c') ? ['-x', 'c', '-std=gnu11'] : ['-std=c++17', '-fvisibility-inlines-hidden'];
}

/** Speed, then hardening. */
const commonFlags: readonly string[] = [
  '-O2',
  '-g0',
  '-pthread',
  '-fvisibility=hidden',
  '-ffunction-sections',
  '-fdata-sections',
  '-fno-strict-aliasing',
  '-fstack-protector-strong',
  '-D_FORTIFY_SOURCE=2',
  '-DNDEBUG',
  '-DNAPI_VERSION=8',
  '-DNAPI_DISABLE_CPP_EXCEPTIONS',
  '-DCHROMIUM_ZLIB_NO_CHROMECONF',
];

/** First flags of programs for this machine's tests: these use the addon's C++ library. */
export const testProgramFlags: readonly string[] = ['-target', hostTriple, ...libraryFlags];

/** Only for our own sources, not for vendored ones. */
export const warningFlags: readonly string[] = ['-Wall', '-Wextra', '-Wshadow'];

const host = `${process.platform}-${process.arch}`;
const Description = z.object({ version: z.string() });

/** The compiler, and its cache of its own libraries. */
export interface Zig extends ZigFolder {
  readonly path: string;
  readonly version: string;
}

/** @throws CodedError<AddonBuildCode> platform-unsupported; CodedError<ToolchainCode> */
export async function provideZig(root: string, onProgress?: (line: string) => void): Promise<Zig> {
  if (host !== 'linux-x64')
    throw new CodedError<AddonBuildCode>('platform-unsupported', `expected to build on linux-x64, got ${host}`, {
      hint: 'the C++ compiler is pinned for that machine only; build there for every target',
    });
  const zig = findZig(await provideToolchain(root, 'zig', onProgress), root);
  const { version } = Description.parse(JSON.parse(await readFile(join(zig.folder, 'package.json'), 'utf8')));
  return { ...zig, path: join(zig.folder, 'zig'), version: `zig ${version}` };
}

/** @throws CodedError<AddonBuildCode> platform-unsupported; CodedError<ToolchainCode> */
export async function findToolchain(
  root: string,
  { os, arch }: AddonTarget,
  onProgress?: (line: string) => void,
): Promise<Toolchain> {
  const flags = flagsByTarget[`${os}-${arch}`];
  if (flags === undefined)
    throw new CodedError<AddonBuildCode>(
      'platform-unsupported',
      `expected ${Object.keys(flagsByTarget).join(' or ')}, got ${os}-${arch}`,
      { hint: 'build for another target' },
    );
  const zig = await provideZig(root, onProgress);
  const { path, version, env } = zig;
  const target = ['c++', '-target', flags.triple];
  return {
    compiler: path,
    buildLibrary: () => buildLibrary(zig, flags.triple),
    version,
    compileFlags: [...target, ...commonFlags, ...flags.compile],
    linkFlags: [...target, ...libraryFlags, '-shared', '-pthread', '-s', ...flags.link],
    env,
  };
}
