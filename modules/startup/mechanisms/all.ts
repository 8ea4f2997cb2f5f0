/** Everything beside systemd that starts something by itself. */
import type { Host } from '../../kit/files/host.ts';
import type { StartupEntry } from '../entry.ts';
import { listAtJobs } from './at.ts';
import { listAutostart } from './autostart.ts';
import { listBusServices } from './bus.ts';
import { listContainers } from './containers.ts';
import { listCron } from './cron.ts';
import { listHookFiles } from './hook-files.ts';
import { listInit } from './init.ts';
import { listKernel } from './kernel.ts';
import { listLibraries } from './libraries.ts';
import { listPackageHooks } from './package-hooks.ts';
import { listPam } from './pam.ts';
import { listProfiles } from './profiles.ts';
import { listUdevRules } from './udev.ts';
import { listWellKnownFolders } from './well-known-folders.ts';

export const otherMechanisms: readonly ((host: Host) => Generator<StartupEntry>)[] = [
  listCron,
  listAtJobs,
  listInit,
  listProfiles,
  listAutostart,
  listPam,
  listUdevRules,
  listBusServices,
  listContainers,
  listHookFiles,
  listKernel,
  listLibraries,
  listPackageHooks,
  listWellKnownFolders,
];
