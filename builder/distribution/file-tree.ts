/** The files and the package scripts of an agent's package; the same in every format. */
import { dirname } from 'node:path';
import {
  installedPlacement,
  type Placement,
  packagedPlacement,
  serviceName,
  toUnit,
  wantedLink,
} from '../../host/systemd-unit.ts';
import type { BakedEnvironment } from '../../protocol/environment/environment.ts';
import { configHashOf } from '../../protocol/environment/manifest.ts';
import { makeTar } from './tar.ts';

export interface PackagedFile {
  /** Absolute on the host. */
  readonly path: string;
  readonly mode: number;
  readonly content: Uint8Array;
}

export interface PackageInput {
  readonly environment: BakedEnvironment;
  /** For comparison, such as `0.1.0`. */
  readonly version: string;
  /** Tells packages of one version apart, see `toRelease`. */
  readonly release: string;
  /** As Node names it. */
  readonly arch: string;
  readonly files: readonly PackagedFile[];
}

export const summary = 'answers signed questions of the security team about this host';

/** Only root may read the executable: the relay's password is in it. */
export function toFiles(
  environment: BakedEnvironment,
  executable: Uint8Array,
  sbom: string,
  placed: Placement = packagedPlacement(environment.name),
): PackagedFile[] {
  const documentation = `/usr/share/doc/${serviceName(environment.name)}`;
  return [
    { path: placed.executable, mode: 0o700, content: executable },
    { path: placed.unit, mode: 0o644, content: Buffer.from(toUnit(environment, placed.executable)) },
    { path: `${documentation}/sbom.cdx.json`, mode: 0o644, content: Buffer.from(sbom) },
  ];
}

/**
 * Package managers compare it after the version. It has the digest of the configuration: a package with another one is
 * never taken for the installed package, which would silently keep the old agent.
 * @param revision what the sysadmin counts up, from 1: the digest has no order.
 */
export function toRelease(environment: BakedEnvironment, revision: number): string {
  return `${revision}.${configHashOf(environment).slice(0, 8)}`;
}

/**
 * The tarball has no scripts: a link in it enables the unit. Its files lie where `mig-agent install` puts them, so that one
 * takes the place of the other. It has no folders: unpacking would give those of the system another mode, and replace a link
 * such as /usr/sbin.
 */
export function toTarball(environment: BakedEnvironment, executable: Uint8Array, sbom: string): Buffer {
  const { name } = environment;
  const placed = installedPlacement(name);
  const files = toFiles(environment, executable, sbom, placed);
  const link = { name: `.${wantedLink(name)}`, mode: 0o777, content: new Uint8Array(), linkTo: placed.unit };
  return makeTar(
    [...files.map(({ path, mode, content }) => ({ name: `.${path}`, mode, content })), link],
    'without-folders',
  );
}

/** Package scripts. Each must do nothing where systemd does not run, as in an image under construction. */
export interface Scripts {
  readonly onFirstInstall: string;
  readonly onInstallOrUpgrade: string;
  readonly onRemove: string;
  readonly afterRemove: string;
  readonly onPurge: string;
}

export function toScripts(environment: string): Scripts {
  const service = `${serviceName(environment)}.service`;
  const [wanted, packaged, installed] = [
    wantedLink(environment),
    packagedPlacement(environment),
    installedPlacement(environment),
  ];
  const whereRunning = 'if [ -d /run/systemd/system ]; then';
  return {
    // Replaces the files of mig-agent install, then does the work of systemctl enable: an image under construction may not have it yet.
    onFirstInstall: [
      `rm -f ${installed.unit} ${installed.executable}`,
      `mkdir -p ${dirname(wanted)}`,
      `ln -sf ${packaged.unit} ${wanted}`,
    ].join(' && '),
    onInstallOrUpgrade: `${whereRunning} systemctl daemon-reload && systemctl restart ${service}; fi`,
    onRemove: `${whereRunning} systemctl stop ${service}; fi`,
    afterRemove: `rm -f ${wanted}; ${whereRunning} systemctl daemon-reload; fi`,
    onPurge: `rm -rf /var/lib/mig-agent/${environment}`,
  };
}
