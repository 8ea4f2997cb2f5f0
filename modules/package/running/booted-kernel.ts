/** The newest kernel of the packages, where another one runs: it is patched on disk, and waits for a restart. */
import type { PackageRow } from '../columns.ts';
import { compareVersions } from '../versions/comparison.ts';

/** As uname(2) says it of the kernel that runs. */
export interface BootedKernel {
  /** `6.1.0-18-amd64` */
  readonly release: string;
  /** `#1 SMP PREEMPT_DYNAMIC Debian 6.1.76-1 (2024-02-01)` */
  readonly version: string;
}

interface Kernel {
  readonly row: PackageRow;
  readonly version: string;
  readonly type: 'dpkg' | 'rpm';
  readonly isBooted: boolean;
  /** `amd64`, `cloud-amd64`, `rt`; kernels of another flavour are no upgrade. */
  readonly flavour: string;
}

/** `6.1.0-18-cloud-amd64` */
function flavourOf(release: string): string {
  return /^[\d.]+(?:-\d[\d.]*)*-?(.*)$/.exec(release)?.[1] ?? '';
}

function toDpkgKernel(row: PackageRow, name: string, version: string, booted: BootedKernel): Kernel | undefined {
  const release = /^linux-image-(?:unsigned-)?(\d.*?)(?:-unsigned)?$/.exec(name)?.[1];
  if (release === undefined || /-dbg(?:sym)?$/.test(release)) return undefined;
  // An upgrade without a new name leaves the version that was built into the running one.
  const built = / Debian (\S+) \(/.exec(booted.version)?.[1];
  const isBooted = release === booted.release && (built === undefined || built === version);
  return { row, version, type: 'dpkg', isBooted, flavour: flavourOf(release) };
}

const rpmName = /^kernel(?:-(rt|uek|default|azure|lt|ml|64k|debug))?(?:-core)?$/;

function toRpmKernel(row: PackageRow, name: string, version: string, { release }: BootedKernel): Kernel | undefined {
  const found = rpmName.exec(name);
  if (found === null) return undefined;
  const flavour = found[1] ?? '';
  // `5.14.0-362.8.1.el9_3.x86_64+rt`; SUSE's `5.14.21-150500.55.7-default` leaves out the last number.
  const own = release.replace(/\+[a-z0-9]+$/, '');
  const isBooted =
    own === `${version}.${row.arch}` ||
    (flavour !== '' && version.startsWith(release.slice(0, -flavour.length - 1)) && release.endsWith(`-${flavour}`));
  return { row, version, type: 'rpm', isBooted, flavour };
}

function rpmFlavour(release: string): string {
  return /(?:\+|-)(rt|uek|default|azure|64k|debug)$/.exec(release)?.[1] ?? '';
}

export class InstalledKernels {
  readonly #booted: BootedKernel;
  readonly #kernels: Kernel[] = [];

  constructor(booted: BootedKernel) {
    this.#booted = booted;
  }

  /** Gets every package. */
  add(row: PackageRow): void {
    const { name, version, type, status, file } = row;
    if (file !== undefined || typeof name !== 'string' || typeof version !== 'string' || status === 'removed') return;
    const kernel =
      type === 'dpkg'
        ? toDpkgKernel(row, name, version, this.#booted)
        : type === 'rpm'
          ? toRpmKernel(row, name, version, this.#booted)
          : undefined;
    if (kernel !== undefined) this.#kernels.push(kernel);
  }

  /** The newest kernel of the flavour that runs, unless it is the one that runs. */
  *rows(): Generator<PackageRow> {
    const { release } = this.#booted;
    const own = this.#kernels.filter(
      ({ type, flavour }) => flavour === (type === 'dpkg' ? flavourOf(release) : rpmFlavour(release)),
    );
    const [newest] = own.sort((a, b) => (a.type === b.type ? (compareVersions(a.type, b.version, a.version) ?? 0) : 0));
    if (newest === undefined) return;
    // rpm has several packages of one version.
    const isBooted = own.some((one) => one.isBooted && one.type === newest.type && one.version === newest.version);
    if (!isBooted) yield { ...newest.row, is: 'unbooted', process: `kernel ${release}` };
  }
}
