/** A user's folders for settings and state, as each platform has them. */
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

export interface UserFolders {
  readonly config: string;
  readonly state: string;
}

type Variables = Readonly<Record<string, string | undefined>>;

/** As Debian names the home of those who have none: nothing is there, and nothing can be made there. */
const noHome = '/nonexistent';

/** Node throws for a user whom the system does not know, and takes an empty HOME for the current folder. */
export function findHome(): string {
  try {
    const home = homedir();
    return isAbsolute(home) ? home : noHome;
  } catch {
    return noHome;
  }
}

/**
 * Linux and others: the XDG base directories (https://specifications.freedesktop.org/basedir-spec), where a relative path
 * counts as not set; macOS: the same where they are set, else Library/Application Support; Windows: the known folders.
 */
export function findUserFolders(
  env: Variables,
  platform: NodeJS.Platform = process.platform,
  home: string = findHome(),
): UserFolders {
  const folderOf = (variable: string, fallback: readonly string[]): string => {
    const given = env[variable];
    return given !== undefined && isAbsolute(given) ? given : join(home, ...fallback);
  };
  if (platform === 'win32')
    return {
      config: folderOf('APPDATA', ['AppData', 'Roaming']),
      state: folderOf('LOCALAPPDATA', ['AppData', 'Local']),
    };
  const library = ['Library', 'Application Support'];
  const isMac = platform === 'darwin';
  return {
    config: folderOf('XDG_CONFIG_HOME', isMac ? library : ['.config']),
    state: folderOf('XDG_STATE_HOME', isMac ? library : ['.local', 'state']),
  };
}
