/** Everything beside systemd that starts something by itself. */
import type { Host } from '../../kit/files/host.ts';
import type { StartupEntry } from '../entry.ts';
import { listAtJobs } from './at.ts';
import { listAutostart } from './autostart.ts';
import { listCron } from './cron.ts';
import { listInit } from './init.ts';
import { listPam } from './pam.ts';
import { listProfiles } from './profiles.ts';
import { listUdevRules } from './udev.ts';

export const otherMechanisms: readonly ((host: Host) => Generator<StartupEntry>)[] = [
  listCron,
  listAtJobs,
  listInit,
  listProfiles,
  listAutostart,
  listPam,
  listUdevRules,
];
