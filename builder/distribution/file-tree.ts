/** The files that an agent's package puts on a host, and the shell that its package manager runs; the same in every format. */

import type { BakedEnvironment } from '../../protocol/environment.ts';
import { serviceName, toUnit } from '../../protocol/systemd-unit.ts';

export interface PackagedFile {
  /** Absolute on the host. */
  readonly path: string;
  readonly mode: number;
  readonly content: Uint8Array;
}

export interface PackageInput {
  readonly environment: BakedEnvironment;
  /** A number to compare by, such as `0.1.0`. */
  readonly version: string;
  /** As Node names it. */
  readonly arch: string;
  readonly files: readonly PackagedFile[];
}

export const summary = 'answers signed questions of the security team about this host';

/** Root alone may read the executable: the relay's password is in it. */
export function toFiles(environment: BakedEnvironment, executable: Uint8Array, sbom: string): PackagedFile[] {
  const service = serviceName(environment.name);
  const path = `/usr/sbin/${service}`;
  return [
    { path, mode: 0o700, content: executable },
    {
      path: `/usr/lib/systemd/system/${service}.service`,
      mode: 0o644,
      content: Buffer.from(toUnit(environment, path)),
    },
    { path: `/usr/share/doc/${service}/sbom.cdx.json`, mode: 0o644, content: Buffer.from(sbom) },
  ];
}

/** Shell for the moments of a package's life; each must do nothing where systemd does not run, as in the making of an image. */
export interface Scripts {
  readonly onFirstInstall: string;
  readonly onInstallOrUpgrade: string;
  readonly onRemove: string;
  readonly afterRemove: string;
  readonly onPurge: string;
}

export function toScripts(environment: string): Scripts {
  const unit = `${serviceName(environment)}.service`;
  const wants = '/etc/systemd/system/multi-user.target.wants';
  const whereRunning = 'if [ -d /run/systemd/system ]; then';
  return {
    // What systemctl enable does, which an image under construction may not have yet.
    onFirstInstall: `mkdir -p ${wants} && ln -sf /usr/lib/systemd/system/${unit} ${wants}/${unit}`,
    onInstallOrUpgrade: `${whereRunning} systemctl daemon-reload && systemctl restart ${unit}; fi`,
    onRemove: `${whereRunning} systemctl stop ${unit}; fi`,
    afterRemove: `rm -f ${wants}/${unit}; ${whereRunning} systemctl daemon-reload; fi`,
    onPurge: `rm -rf /var/lib/mig-agent/${environment}`,
  };
}
