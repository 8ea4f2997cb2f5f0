/** The units of systemd: of the system, and of all users. */
import type { Host } from '../../kit/files/host.ts';
import { Units } from '../../kit/systemd/effective-unit.ts';
import { foldersOfUser, globalUserFolders, systemFolders } from '../../kit/systemd/search-folders.ts';
import type { StartupEntry } from '../entry.ts';
import { type Account, Accounts } from '../mechanisms/accounts.ts';
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

/** Files whose names are accounts: the units of these start with the system. */
const lingerFolder = '/var/lib/systemd/linger';

/** Units in the folders of one user, and those of all users that links there start. */
function* listUnitsOfUser(
  host: Host,
  { name, uid, home }: Account,
  lingering: ReadonlySet<string>,
  running: ReadonlyMap<string, string> | undefined,
): Generator<StartupEntry> {
  const folders = foldersOfUser(home, uid);
  const units = new Units(host, 'systemd-user', folders);
  const isOwn = (path: string): boolean => path.startsWith(`${home}/`) || path.startsWith(`/run/user/${uid}/`);
  const own = units.files.folders.filter(({ path }) => isOwn(path));
  const pulled = new Set(own.flatMap(({ pulls }) => pulls.map((pull) => pull.name)));
  const isMeant = (unit: string, path: string): boolean =>
    isOwn(path) || pulled.has(unit) || (running?.has(unit) ?? false);
  const first = lingering.has(name) ? 'boot' : 'login';
  yield* new UnitEntries(host, units, { first, user: name, running, readMs: undefined, isMeant }).list();
}

export function* listUnits(host: Host): Generator<StartupEntry> {
  const activity = readActivity(host);
  const system = new Units(host, 'systemd', systemFolders);
  const now = { running: activity?.system, readMs: findReadMs(host) };
  yield* new UnitEntries(host, system, { first: 'boot', user: 'root', ...now }).list();
  const ofUsers = new Units(host, 'systemd-user', globalUserFolders);
  const unknown = { running: undefined, readMs: undefined };
  yield* new UnitEntries(host, ofUsers, { first: 'login', user: undefined, ...unknown }).list();
  const lingering = new Set(host.list('linger', lingerFolder));
  for (const name of lingering)
    yield { kind: 'login', name, path: `${lingerFolder}/${name}`, states: ['enabled'], trigger: 'boot', user: name };
  for (const account of new Accounts(host).homes)
    if (hasUnits(host, account) || activity?.users.has(account.uid) === true)
      yield* listUnitsOfUser(host, account, lingering, activity?.users.get(account.uid));
}

/** Most homes have none, and then nothing else is looked at. */
function hasUnits(host: Host, { home, uid }: Account): boolean {
  const places = [`${home}/.config/systemd`, `${home}/.local/share/systemd`, `/run/user/${uid}/systemd`];
  return places.some((path) => host.status('systemd-user', path).state === 'there');
}
