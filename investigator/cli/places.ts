/** Folders for settings and state, as each platform has them. */
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

export interface Places {
  /** Folder of the config file. */
  readonly config: string;
  /** Folder for session tokens and the agents that are known. */
  readonly state: string;
}

type Variables = Readonly<Record<string, string | undefined>>;

const name = 'mig';

/**
 * Linux and others: the XDG base directories (https://specifications.freedesktop.org/basedir-spec), where a relative path
 * counts as not set; macOS: the same where they are set, else Library/Application Support; Windows: the known folders.
 */
export function findPlaces(
  env: Variables,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): Places {
  const placeOf = (variable: string, fallback: readonly string[]): string => {
    const given = env[variable];
    return join(given !== undefined && isAbsolute(given) ? given : join(home, ...fallback), name);
  };
  if (platform === 'win32')
    return {
      config: placeOf('APPDATA', ['AppData', 'Roaming']),
      state: placeOf('LOCALAPPDATA', ['AppData', 'Local']),
    };
  const library = ['Library', 'Application Support'];
  const isMac = platform === 'darwin';
  return {
    config: placeOf('XDG_CONFIG_HOME', isMac ? library : ['.config']),
    state: placeOf('XDG_STATE_HOME', isMac ? library : ['.local', 'state']),
  };
}
