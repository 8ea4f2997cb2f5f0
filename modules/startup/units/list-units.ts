/** The units of systemd: of the system, and of all users. */
import type { Host } from '../../kit/files/host.ts';
import { Units } from '../../kit/systemd/effective-unit.ts';
import { globalUserFolders, systemFolders } from '../../kit/systemd/search-folders.ts';
import type { StartupEntry } from '../entry.ts';
import { readActivity } from './activity.ts';
import { UnitEntries } from './unit-entries.ts';

/** Made anew each time that systemd reads its units. */
const generated = ['/run/systemd/generator', '/run/systemd/generator.early', '/run/systemd/generator.late'];

/** When systemd read its units, since 1970; undefined where no generator has made any. */
function findReadMs(host: Host): number | undefined {
  const times = generated.flatMap((path) => {
    const found = host.status('systemd', path);
    return found.state === 'there' ? [found.status.touchedMs] : [];
  });
  return times.length === 0 ? undefined : Math.max(...times);
}

export function* listUnits(host: Host): Generator<StartupEntry> {
  const running = readActivity(host);
  const system = new Units(host, 'systemd', systemFolders);
  const now = { running: running?.system, readMs: findReadMs(host) };
  yield* new UnitEntries(host, system, { first: 'boot', user: 'root', ...now }).list();
  const ofUsers = new Units(host, 'systemd-user', globalUserFolders);
  const unknown = { running: undefined, readMs: undefined };
  yield* new UnitEntries(host, ofUsers, { first: 'login', user: undefined, ...unknown }).list();
}
