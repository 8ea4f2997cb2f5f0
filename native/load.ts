/** Loads the addon from the build folder of a checkout or from the single executable. */
import { createHash } from 'node:crypto';
import {
  closeSync,
  constants,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { constants as osConstants, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { CodedError } from '../protocol/base/coded-error.ts';
import type { NativeCode } from './native-code.ts';

/** The SHA-256 of the addon in the executable, set by the bundler. */
declare const MIG_ADDON_SHA256: string | undefined;

const assetName = 'mig-native.node';
/** Far larger than the addon. */
const maximumAddonBytes = 64 * 1024 * 1024;
const damagedHint = 'this executable was damaged or changed; install it again';

function dlopen(path: string): unknown {
  const module: { exports: unknown } = { exports: {} };
  // Resolves all symbols now: a missing one must be an error here, not a crash later.
  process.dlopen(module, path, osConstants.dlopen.RTLD_NOW);
  return module.exports;
}

/** The addon inside this executable, packed with raw deflate (RFC 1951); undefined outside of a single executable. */
function readAsset(): Buffer | undefined {
  const sea = process.getBuiltinModule('node:sea');
  if (!sea?.isSea()) return undefined;
  try {
    return inflateRawSync(Buffer.from(sea.getRawAsset(assetName)), { maxOutputLength: maximumAddonBytes });
  } catch (cause) {
    throw new CodedError<NativeCode>('addon-altered', 'expected the native addon to unpack', {
      hint: damagedHint,
      cause,
    });
  }
}

/** Directories where a file can be made and perhaps executed; any may be mounted noexec. */
function candidateDirectories(): string[] {
  // Windows also searches for DLLs beside the loaded one, so a folder where others may write is not safe.
  if (process.platform === 'win32') return [tmpdir()];
  return [...new Set([tmpdir(), '/run', '/var/tmp', '/dev/shm', '/tmp', dirname(process.execPath)])];
}

/** Loads from a file without a name in any directory: nobody else can open or replace it. */
function loadUnnamed(bytes: Uint8Array, directory: string): unknown {
  // O_TMPFILE of linux/fcntl.h; Node has no name for it.
  const unnamed = 0o20000000 | constants.O_DIRECTORY;
  const descriptor = openSync(directory, unnamed | constants.O_RDWR, 0o700);
  try {
    for (let offset = 0; offset < bytes.length; ) offset += writeSync(descriptor, bytes, offset);
    return dlopen(`/proc/self/fd/${descriptor}`);
  } finally {
    closeSync(descriptor);
  }
}

/** For systems and file systems without O_TMPFILE: a file in a private folder, removed once it is mapped. */
function loadNamed(bytes: Uint8Array, directory: string): unknown {
  const folder = mkdtempSync(join(directory, 'mig-'));
  try {
    const path = join(folder, assetName);
    writeFileSync(path, bytes, { mode: 0o700, flag: 'wx' });
    return dlopen(path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const keptPrefix = 'mig-native-';

/**
 * For Windows, where a loaded file cannot be removed: one file for all processes. Files of other builds are removed.
 */
function loadKept(bytes: Uint8Array, directory: string): unknown {
  const name = `${keptPrefix}${createHash('sha256').update(bytes).digest('hex')}.node`;
  const path = join(directory, name);
  if (!existsSync(path) || !readFileSync(path).equals(bytes)) {
    const temporary = `${path}.${process.pid}`;
    writeFileSync(temporary, bytes, { mode: 0o700, flag: 'wx' });
    renameSync(temporary, path);
  }
  const addon = dlopen(path);
  for (const other of readdirSync(directory))
    if (other.startsWith(keptPrefix) && other !== name)
      try {
        rmSync(join(directory, other));
      } catch {
        // Still loaded by another process: a later start removes it.
      }
  return addon;
}

type Load = (bytes: Uint8Array, directory: string) => unknown;

function loadersFor(platform: NodeJS.Platform): readonly Load[] {
  if (platform === 'win32') return [loadKept];
  return platform === 'linux' ? [loadUnnamed, loadNamed] : [loadNamed];
}

/** @throws CodedError<NativeCode> addon-altered, addon-not-loadable */
export function loadFromBytes(
  bytes: Uint8Array,
  sha256: string,
  directories: readonly string[] = candidateDirectories(),
  platform: NodeJS.Platform = process.platform,
): unknown {
  const actual = createHash('sha256').update(bytes).digest('hex');
  if (actual !== sha256)
    throw new CodedError<NativeCode>(
      'addon-altered',
      `expected the native addon with SHA-256 ${sha256}, got ${actual}`,
      {
        hint: damagedHint,
      },
    );
  const failures: unknown[] = [];
  for (const load of loadersFor(platform)) {
    for (const directory of directories) {
      try {
        return load(bytes, directory);
      } catch (failure) {
        failures.push(failure);
      }
    }
  }
  throw new CodedError<NativeCode>(
    'addon-not-loadable',
    'expected a directory from which the native addon can be loaded, got none',
    {
      hint: `one of ${directories.join(', ')} must be writable and mounted without noexec; or set TMPDIR`,
      cause: new AggregateError(failures),
    },
  );
}

/** @throws CodedError<NativeCode> addon-missing */
export function loadFromFile(path: string): unknown {
  try {
    return dlopen(path);
  } catch (cause) {
    throw new CodedError<NativeCode>('addon-missing', `expected the native addon at ${path}`, {
      hint: 'build it with: node tools/run.mjs builder/addon/main.ts',
      cause,
    });
  }
}

function loadFromCheckout(): unknown {
  return loadFromFile(join(import.meta.dirname, 'build', `${process.platform}-${process.arch}`, assetName));
}

/** @throws CodedError<NativeCode> */
export function loadAddon(): unknown {
  const asset = readAsset();
  if (asset === undefined) return loadFromCheckout();
  return loadFromBytes(asset, typeof MIG_ADDON_SHA256 === 'string' ? MIG_ADDON_SHA256 : '');
}
