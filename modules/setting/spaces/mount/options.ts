/** Options of mounts. @see mount(8), findmnt(8) */

/** What has no place in the kernel's table: who mounts it, and when. */
const forOthers =
  /^(?:defaults|auto|noauto|nofail|_netdev|user|users|owner|group|nouser|comment=.*|x-.*|X-.*|loop(?:=.*)?|suid|dev|exec|async|diratime|nomand|silent)$/;

/** Each word that undoes another. */
const opposites: Readonly<Record<string, string>> = {
  ro: 'rw',
  rw: 'ro',
  suid: 'nosuid',
  nosuid: 'suid',
  dev: 'nodev',
  nodev: 'dev',
  exec: 'noexec',
  noexec: 'exec',
  auto: 'noauto',
  noauto: 'auto',
};

const implied: Readonly<Record<string, readonly string[]>> = {
  defaults: ['rw', 'suid', 'dev', 'exec', 'auto'],
  user: ['noexec', 'nosuid', 'nodev'],
  users: ['noexec', 'nosuid', 'nodev'],
  owner: ['nosuid', 'nodev'],
  group: ['nosuid', 'nodev'],
};

/** Options that decide what can be done with files there. */
const telling = ['ro', 'nosuid', 'nodev', 'noexec'];

/** Later words undo earlier ones. */
export function settle(words: readonly string[]): string[] {
  const held = new Set<string>(['rw']);
  for (const word of words.flatMap((one) => [...(implied[one] ?? []), one])) {
    held.delete(opposites[word] ?? '');
    held.delete(word);
    held.add(word);
  }
  return [...held];
}

/** The options that hold when something is mounted so. */
export function toHeld(words: readonly string[]): string[] {
  return settle(words).filter((word) => word !== '' && !forOthers.test(word));
}

/** Those of the mount, then those of the file system that the first do not have. */
export function mergeOptions(ofMount: string, ofSystem: string): string[] {
  const first = ofMount.split(',');
  const second = ofSystem.split(',').filter((word) => word !== 'rw' && !first.includes(word));
  // A file system that is read-only is so at every mount.
  const merged = [...first, ...second];
  return second.includes('ro') ? merged.filter((word) => word !== 'rw') : merged;
}

export function differ(left: readonly string[], right: readonly string[]): boolean {
  return telling.some((word) => left.includes(word) !== right.includes(word));
}
