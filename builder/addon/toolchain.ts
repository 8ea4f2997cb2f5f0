/** Which C++ compiler builds the addon and with which flags; the flags are part of every cache key. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CodedError } from '../../protocol/coded-error.ts';

export type AddonBuildCode = 'compiler-missing' | 'compile-failed' | 'platform-unsupported';

/** What the addon is compiled for, as Node names it. */
export interface AddonTarget {
  readonly os: string;
  readonly arch: string;
}

export interface Toolchain {
  readonly compiler: string;
  /** First line of `--version`: another compiler makes other objects. */
  readonly version: string;
  readonly compileFlags: readonly string[];
}

/** By `<os>-<arch>`: what compiles for it here, and how to get it. */
interface CompilerChoice {
  readonly candidates: readonly string[];
  /** Debian's package. */
  readonly debianPackage: string;
  /** What makes an attacker's life harder on that processor. */
  readonly flags: readonly string[];
}

const isArm = process.arch === 'arm64';
const choices: Readonly<Record<string, CompilerChoice>> = {
  'linux-x64': {
    candidates: isArm ? ['x86_64-linux-gnu-g++'] : ['g++', 'clang++'],
    debianPackage: isArm ? 'g++-x86-64-linux-gnu' : 'g++',
    flags: ['-fcf-protection'],
  },
  'linux-arm64': {
    candidates: isArm ? ['g++', 'clang++'] : ['aarch64-linux-gnu-g++'],
    debianPackage: isArm ? 'g++' : 'g++-aarch64-linux-gnu',
    // The old versions of symbols that glibc 2.34 gave new ones, as native/platform/glibc_floor.h does for x64.
    flags: ['-mbranch-protection=standard', '-include', 'builder/addon/glibc_floor_arm64.h'],
  },
};

const run = promisify(execFile);

/** C++ is ours and RE2's, C that of the other libraries; one compiler takes both. */
export function languageFlags(source: string): readonly string[] {
  return source.endsWith('.c') ? ['-x', 'c', '-std=gnu11'] : ['-std=c++17', '-fvisibility-inlines-hidden'];
}

/**
 * Speed, then what makes an attacker's life harder.
 * @param protection what the processor itself can do against that.
 */
const toCompileFlags = (protection: readonly string[]): readonly string[] => [
  '-O2',
  '-g0',
  '-fPIC',
  '-pthread',
  '-fvisibility=hidden',
  '-ffunction-sections',
  '-fdata-sections',
  '-fno-strict-aliasing',
  '-fstack-protector-strong',
  '-fstack-clash-protection',
  ...protection,
  '-D_FORTIFY_SOURCE=2',
  '-D_GLIBCXX_ASSERTIONS',
  '-DNDEBUG',
  '-DNAPI_VERSION=8',
  '-DNAPI_DISABLE_CPP_EXCEPTIONS',
  '-DCHROMIUM_ZLIB_NO_CHROMECONF',
];

/** Only for our own sources; vendored ones are not ours to tidy. */
export const warningFlags: readonly string[] = ['-Wall', '-Wextra', '-Wshadow', '-Wno-restrict'];

/** Which symbols the addon shows; relative to the repository. */
export const exportsFile = 'native/platform/exports.map';

/** libstdc++ stays dynamic: the static one of a new distribution needs a newer glibc than Node itself does. */
export const linkFlags: readonly string[] = [
  '-shared',
  '-pthread',
  '-s',
  '-Wl,--build-id=none',
  '-Wl,--gc-sections',
  '-Wl,--as-needed',
  '-Wl,-z,relro',
  '-Wl,-z,now',
  '-Wl,-z,noexecstack',
  `-Wl,--version-script=${exportsFile}`,
];

/**
 * The compiler for a target; CXX in the environment names another one for this very machine.
 * @throws CodedError<AddonBuildCode> compiler-missing, platform-unsupported
 */
export async function findToolchain({ os, arch }: AddonTarget): Promise<Toolchain> {
  const choice = choices[`${os}-${arch}`];
  if (choice === undefined)
    throw new CodedError<AddonBuildCode>(
      'platform-unsupported',
      `expected ${Object.keys(choices).join(' or ')}, got ${os}-${arch}`,
      { hint: 'build for another target' },
    );
  const named = arch === process.arch ? process.env.CXX : undefined;
  const candidates = named === undefined || named === '' ? choice.candidates : [named];
  for (const compiler of candidates) {
    try {
      const { stdout } = await run(compiler, ['--version']);
      const version = stdout.split('\n', 1)[0] ?? compiler;
      return { compiler, version, compileFlags: toCompileFlags(choice.flags) };
    } catch {
      // Not there or not a compiler: the next candidate may be.
    }
  }
  throw new CodedError<AddonBuildCode>(
    'compiler-missing',
    `expected a C++17 compiler for ${os}-${arch}, got none of ${candidates.join(', ')}`,
    {
      hint: `install one (Debian: apt-get install ${choice.debianPackage}) or name it in CXX`,
    },
  );
}
