/** Attacks by an intruder's code in a module process on the keys of agents, by other ways than their own path. */
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { withBindMount } from '../../lab/bind-mount.ts';
import { type Attack, must } from '../attack.ts';
import { isRefused, keyFile } from './confinement.ts';

function listDisks(): string[] {
  return readdirSync('/dev')
    .map((name) => join('/dev', name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isBlockDevice() === true);
}

/** Only the attack's own file is there. */
function removeFolder(path: string): void {
  rmSync(join(path, 'identity.json'), { force: true });
  rmdirSync(path);
}

/** The packages' folders of agents and relays; one agent's folder belongs to a user other than root. */
function agentFolders(): string[] {
  if (process.getuid?.() === 0) return ['/var/lib/mig-agent', '/var/lib/mig-server'];
  const home = process.env.HOME;
  return home === undefined ? [] : [join(process.env.XDG_STATE_HOME ?? join(home, '.local', 'state'), 'mig-agent')];
}

export const closedPlaceAttacks: readonly Attack[] = [
  {
    name: "module that reads the agent's key by a bind mount of the whole system",
    tried: 'the root folder is mounted a second time; code in a module process opens the key by both paths',
    run: (stage) =>
      withBindMount('/', (place) => {
        const key = realpathSync(keyFile(stage));
        const paths = place === null ? [key] : [key, join(place, key)];
        return isRefused(stage, { attempts: paths.map((path) => ({ kind: 'read', path })) });
      }),
  },
  {
    name: "module that reads the agent's key by a bind mount of its folder",
    tried: 'the state folder, and the one that it is in, are mounted a second time',
    run: (stage) => {
      const key = realpathSync(keyFile(stage));
      const folder = dirname(key);
      return withBindMount(folder, (own) =>
        withBindMount(dirname(folder), (above) => {
          const paths = [
            key,
            ...(own === null ? [] : [join(own, 'identity.json')]),
            ...(above === null ? [] : [join(above, 'agent', 'identity.json')]),
          ];
          return isRefused(stage, { attempts: paths.map((path) => ({ kind: 'read', path })) });
        }),
      );
    },
  },
  {
    name: "module that reads the disk on which the agent's key is",
    tried: 'code in a module process opens every disk, by its own path and by a second mount of /dev',
    run: (stage) => {
      const disks = listDisks();
      must(disks.length > 0, 'expected a disk in /dev');
      return withBindMount('/dev', (place) => {
        const again = place === null ? [] : disks.map((path) => join(place, path.slice('/dev/'.length)));
        return isRefused(stage, { attempts: [...disks, ...again].map((path) => ({ kind: 'open', path })) });
      });
    },
  },
  {
    name: 'module that reads the key of another agent of the host',
    tried: 'code in a module process opens files in the folders where agents and relays keep their keys',
    run: async (stage) => {
      const made: string[] = [];
      try {
        const attempts = agentFolders().map((folder) => {
          if (mkdirSync(folder, { recursive: true, mode: 0o700 }) !== undefined) made.unshift(folder);
          const one = mkdtempSync(join(folder, 'drill-'));
          made.unshift(one);
          const path = join(one, 'identity.json');
          writeFileSync(path, 'a key\n');
          return { kind: 'read', path } as const;
        });
        return await isRefused(stage, { attempts });
      } finally {
        for (const one of made) removeFolder(one);
      }
    },
  },
];
