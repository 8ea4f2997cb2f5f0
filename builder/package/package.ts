/** Puts bundle and addon into the base executable: one file that needs no installation. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { deflateRawSync } from 'node:zlib';
import { CodedError } from '../../protocol/base/coded-error.ts';
import { signAdHoc } from '../mach-o/code-signature.ts';
import { type Base, type PackageCode, placeBase } from './base.ts';
import type { InjectOrder } from './inject.ts';
import { markAgent } from './mark.ts';

const run = promisify(execFile);
export const injectScript = join(dirname(fileURLToPath(import.meta.url)), 'inject.ts');
const timeoutMs = 5 * 60 * 1000;

export interface PackageInput {
  readonly base: Base;
  /** Its name in the signature: `mig-agent`. */
  readonly program: string;
  readonly bundle: Uint8Array;
  /** Path of the compiled addon. */
  readonly addon: string;
  /** Folder for what is kept between builds: `<root>/.cache`. */
  readonly cache: string;
  /** Its folder is worked in. */
  readonly output: string;
}

/** The addon is packed in the executable: a megabyte less on every host, for 5 ms of CPU in each module process. */
export function packAddon(bytes: Uint8Array): Uint8Array {
  return deflateRawSync(bytes, { level: 9 });
}

function stderrOf(error: unknown): string {
  return error instanceof Error && 'stderr' in error ? String(error.stderr).trim().slice(-4000) : String(error);
}

/**
 * The same input gives the same bytes, whatever the folders are called.
 * @throws CodedError package-failed
 */
export async function packageExecutable({ base, program, bundle, addon, cache, output }: PackageInput): Promise<void> {
  const home = join(cache, 'pkg-home');
  const folder = await mkdtemp(join(dirname(output), 'package-'));
  try {
    await mkdir(home, { recursive: true, mode: 0o700 });
    await placeBase(base, home);
    const order: InjectOrder = {
      bundle: join(folder, 'agent.cjs'),
      addon: join(folder, 'mig-native.node'),
      output: join(folder, 'mig-agent'),
      nodeVersion: base.nodeVersion,
      platform: base.target.platform,
      arch: base.target.arch,
    };
    await writeFile(order.bundle, bundle);
    await writeFile(order.addon, packAddon(await readFile(addon)));
    await run(process.execPath, [injectScript, JSON.stringify(order)], {
      env: { HOME: home, TMPDIR: folder },
      timeout: timeoutMs,
    });
    if (program === 'mig-agent') await writeFile(order.output, markAgent(await readFile(order.output)));
    if (base.target.os === 'darwin') await writeFile(order.output, signAdHoc(await readFile(order.output), program));
    await rename(order.output, output);
  } catch (cause) {
    throw new CodedError<PackageCode>('package-failed', `expected pkg to make an executable, got: ${stderrOf(cause)}`, {
      hint: 'check the free space, then run npm ci and try again',
      cause,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
