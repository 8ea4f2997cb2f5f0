/** Jobs of at that wait. @see at(1), atd(8) */
import { join } from 'node:path';
import type { Host } from '../../kit/files/host.ts';
import type { StartupEntry } from '../entry.ts';
import { Accounts } from './accounts.ts';
import { parseAtJob, parseAtName } from './at-job.ts';
import { readListedEntries } from './config-files.ts';
import { toShellCommand } from './find-program.ts';

const kind = 'at';
/** Of Debian; of others; of SUSE. */
const spools = ['/var/spool/cron/atjobs', '/var/spool/at', '/var/spool/atjobs'];

export function* listAtJobs(host: Host): Generator<StartupEntry> {
  let accounts: Accounts | undefined;
  for (const folder of spools) {
    const jobs = host.list(kind, folder).flatMap((name) => {
      const job = parseAtName(name);
      return job === null ? [] : [{ ...job, path: join(folder, name) }];
    });
    if (jobs.length > 0) host.report(kind, folder, jobs.length);
    for (const { number, time, path } of jobs) {
      const [job] = readListedEntries(host, kind, path, (text) => [parseAtJob(text)]);
      const found = host.status(kind, path);
      // The daemon takes away the right when it starts the job.
      const waits = found.state !== 'there' || (found.status.mode & 0o100) !== 0;
      accounts ??= new Accounts(host);
      yield {
        kind,
        name: String(number),
        path,
        states: [waits ? 'enabled' : 'disabled'],
        trigger: 'timer',
        schedule: time,
        ...(job?.uid === undefined ? {} : { user: accounts.nameOf(job.uid) }),
        ...(job === undefined ? {} : toShellCommand(host, job.command)),
      };
    }
  }
}
