/** What shells, sshd and X read at a login: for all accounts, and in the home of each. */
import { basename, join } from 'node:path';
import type { Host } from '../../kit/files/host.ts';
import type { StartupEntry } from '../entry.ts';
import { type Account, Accounts } from './accounts.ts';
import { listScripts, plainNames, runPartsNames } from './script-folders.ts';

const kind = 'login';
const same = { kind, trigger: 'login', states: ['enabled'] } as const;

/** @see bash(1), dash(1), zsh(1), tcsh(1), fish(1), sshd(8) */
const files = [
  '/etc/profile',
  '/etc/bash.bashrc',
  '/etc/bashrc',
  '/etc/bash/bashrc',
  '/etc/bash.bash_logout',
  '/etc/environment',
  ...['zshenv', 'zprofile', 'zshrc', 'zlogin', 'zlogout'].flatMap((name) => [`/etc/${name}`, `/etc/zsh/${name}`]),
  ...['csh.cshrc', 'csh.login', 'csh.logout', 'tcsh.tcshrc', 'suid_profile', 'ksh.kshrc', 'kshrc'].map(
    (name) => `/etc/${name}`,
  ),
  '/etc/fish/config.fish',
  '/etc/ssh/sshrc',
  '/etc/X11/xinit/xinitrc',
  '/etc/X11/Xsession',
];

const folders = [
  { folders: ['/etc/profile.d', '/usr/share/profile.d'], names: /\.(?:sh|csh|fish|local)$/ },
  { folders: ['/etc/fish/conf.d', '/usr/share/fish/vendor_conf.d'], names: /\.fish$/ },
  { folders: ['/etc/X11/Xsession.d'], names: runPartsNames },
  { folders: ['/etc/X11/xinit/xinitrc.d', '/etc/X11/Xreset.d'], names: plainNames },
];

const homeFiles = [
  ...['.profile', '.bash_profile', '.bash_login', '.bashrc', '.bash_aliases', '.bash_logout', '.inputrc'],
  ...['.zshenv', '.zprofile', '.zshrc', '.zlogin', '.zlogout', '.kshrc', '.mkshrc'],
  ...['.cshrc', '.tcshrc', '.login', '.logout', '.pam_environment'],
  ...['.xinitrc', '.xsession', '.xsessionrc', '.xprofile', '.Xclients'],
];
const homeFolders = [
  { folder: '.ssh', names: /^(?:rc|environment)$/ },
  { folder: '.config/fish', names: /^config\.fish$/ },
  { folder: '.config/fish/conf.d', names: /\.fish$/ },
  { folder: '.config/environment.d', names: /\.conf$/ },
  { folder: '.config/plasma-workspace/env', names: /\.sh$/ },
];

const toTarget = (path: string): string => Buffer.from(path).toString('latin1');

function toEntry(path: string, user?: string): StartupEntry {
  return { ...same, name: basename(path), path, target: toTarget(path), ...(user === undefined ? {} : { user }) };
}

function* listHome(host: Host, { home, name: user }: Account): Generator<StartupEntry> {
  // One look at the folder: a home on a server is in the receipt once.
  const names = new Set(host.list('home', home));
  for (const name of homeFiles) if (names.has(name)) yield toEntry(join(home, name), user);
  for (const { folder, names: fitting } of homeFolders) {
    if (!names.has(folder.split('/')[0] ?? '')) continue;
    for (const name of host.list('home', join(home, folder)))
      if (fitting.test(name)) yield toEntry(join(home, folder, name), user);
  }
}

export function* listProfiles(host: Host): Generator<StartupEntry> {
  for (const path of files) if (host.status(kind, path).state !== 'absent') yield toEntry(path);
  for (const place of folders) yield* listScripts(host, { kind, trigger: 'login', needs: 'any', ...place });
  for (const account of new Accounts(host).homes) yield* listHome(host, account);
}
