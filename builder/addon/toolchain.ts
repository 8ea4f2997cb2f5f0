/** Which C++ compiler builds the addon and with which flags; the flags are part of every cache key. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CodedError } from '../../protocol/coded-error.ts';

export type AddonBuildCode = 'compiler-missing' | 'compile-failed' | 'platform-unsupported';

export interface Toolchain {
  readonly compiler: string;
  /** First line of `--version`: another compiler makes other objects. */
  readonly version: string;
}

const run = promisify(execFile);

/** The standard that every source is written in, then speed, then what makes an attacker's life harder. */
export const compileFlags: readonly string[] = [
  '-std=c++17',
  '-O2',
  '-g0',
  '-fPIC',
  '-pthread',
  '-fvisibility=hidden',
  '-fvisibility-inlines-hidden',
  '-ffunction-sections',
  '-fdata-sections',
  '-fno-strict-aliasing',
  '-fstack-protector-strong',
  '-fstack-clash-protection',
  '-fcf-protection',
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

/** @throws CodedError<AddonBuildCode> compiler-missing */
export async function findToolchain(): Promise<Toolchain> {
  const chosen = process.env.CXX;
  const candidates = chosen === undefined || chosen === '' ? ['g++', 'clang++'] : [chosen];
  for (const compiler of candidates) {
    try {
      const { stdout } = await run(compiler, ['--version']);
      return { compiler, version: stdout.split('\n', 1)[0] ?? compiler };
    } catch {
      // Not there or not a compiler: the next candidate may be.
    }
  }
  throw new CodedError<AddonBuildCode>(
    'compiler-missing',
    `expected a C++17 compiler, got none of ${candidates.join(', ')}`,
    {
      hint: 'install one (Debian: apt-get install g++) or name it in CXX',
    },
  );
}
