/** The folders in which systemd looks for units, highest first. @see systemd.unit(5), Unit File Load Path */

export interface SearchFolder {
  readonly path: string;
  /** `config`: where `systemctl enable` makes its links. */
  readonly role: 'config' | 'generator' | 'transient' | 'other';
}

function toFolders(places: readonly (readonly [path: string, role?: SearchFolder['role']])[]): SearchFolder[] {
  return places.map(([path, role = 'other']) => ({ path, role }));
}

/** Of the system. */
export const systemFolders: readonly SearchFolder[] = toFolders([
  ['/etc/systemd/system.control'],
  ['/run/systemd/system.control'],
  ['/run/systemd/transient', 'transient'],
  ['/run/systemd/generator.early', 'generator'],
  ['/etc/systemd/system', 'config'],
  ['/etc/systemd/system.attached'],
  ['/run/systemd/system'],
  ['/run/systemd/system.attached'],
  ['/run/systemd/generator', 'generator'],
  ['/usr/local/lib/systemd/system'],
  ['/lib/systemd/system'],
  ['/usr/lib/systemd/system'],
  ['/run/systemd/generator.late', 'generator'],
]);

/** Of all users. */
export const globalUserFolders: readonly SearchFolder[] = toFolders([
  ['/etc/systemd/user', 'config'],
  ['/run/systemd/user'],
  ['/usr/local/share/systemd/user'],
  ['/usr/share/systemd/user'],
  ['/usr/local/lib/systemd/user'],
  ['/usr/lib/systemd/user'],
]);

/** Of one user: the own folders, and those of all users behind them. */
export function foldersOfUser(home: string, uid: number): readonly SearchFolder[] {
  const runtime = `/run/user/${uid}/systemd`;
  const ownOrGlobal = globalUserFolders.map(({ path }) => [path] as const);
  const [etc = ['/etc/systemd/user'], run = ['/run/systemd/user'], ...vendor] = ownOrGlobal;
  return toFolders([
    [`${home}/.config/systemd/user.control`],
    [`${runtime}/user.control`],
    [`${runtime}/transient`, 'transient'],
    [`${runtime}/generator.early`, 'generator'],
    [`${home}/.config/systemd/user`, 'config'],
    [`${home}/.config/systemd/user.attached`],
    etc,
    [`${runtime}/user`],
    run,
    [`${runtime}/generator`, 'generator'],
    [`${home}/.local/share/systemd/user`],
    ...vendor,
    [`${runtime}/generator.late`, 'generator'],
  ]);
}
