/** Settings: the relay and the investigator's key. Read once from the config file and environment variables, which win. */
import { dirname, join, resolve } from 'node:path';
import * as z from 'zod';
import { readTextFile } from '../../host/text-file.ts';
import { findUserFolders } from '../../host/user-folders.ts';
import { strictShape } from '../../modules/kit/strict-shape.ts';
import { Action } from '../../protocol/action/action.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import { Fingerprint } from '../../protocol/base/identifiers.ts';
import { toIssueMessage } from './issue-message.ts';
import { isMissing, toReason } from './named-file.ts';

export type SettingsCode = 'settings-malformed' | 'settings-unreadable' | 'setting-missing';

const maximumFileBytes = 64 * 1024;

const HttpsUrl = z
  .url({
    protocol: /^https$/,
    error: ({ input }) => `expected an https URL such as https://mig.example.org, got ${String(input)}`,
  })
  .max(2048)
  // Also tried on what is no URL at all, of which the line above tells.
  .refine((text) => !URL.canParse(text) || ['', '/'].includes(new URL(text).pathname), 'expected a URL without a path');

/** The value is not printed: it may hold a password. */
const ProxyUrl = z
  .url({ protocol: /^https?$/, error: 'expected a URL such as http://proxy.example.org:3128' })
  .max(2048);

const OneText = z.strictObject({
  server: HttpsUrl.optional(),
  ca: z.string().min(1).max(4096).optional(),
  fleet: Action.shape.fleet.optional(),
  key: z.string().min(1).max(4096).optional(),
  passphrasefile: z.string().min(1).max(4096).optional(),
  proxy: ProxyUrl.optional(),
  keys: z.string().min(1).max(4096).optional(),
});
type SettingName = keyof z.infer<typeof OneText>;

/** Lists are for the file alone. */
const SettingsFile = strictShape({
  ...OneText.shape,
  /** Macros for `-t`: a word for a condition. */
  targets: z.record(z.string().regex(/^[\w-]{1,64}$/, 'expected a word'), Action.shape.target).default({}),
});

/** The variable of each, and what it is, as it reads behind "expected ". */
export const settingTable = {
  server: { variable: 'MIG_SERVER', meaning: "the server's https URL" },
  ca: {
    variable: 'MIG_CA',
    meaning: "a PEM file with the CA of the server's certificate; the operating system's store unless given",
  },
  fleet: { variable: 'MIG_FLEET', meaning: "the environment's name; it is signed into every action" },
  key: {
    variable: 'MIG_KEY',
    meaning: 'the fingerprint of your OpenPGP key in gpg, or the path of an armored secret key file',
  },
  passphrasefile: {
    variable: 'MIG_KEY_PASSPHRASE_FILE',
    meaning: 'a file with the passphrase of the key file; asked for on the terminal unless given',
  },
  proxy: {
    variable: 'MIG_PROXY',
    meaning: 'the HTTP proxy on the way to the server; HTTPS_PROXY unless given, and NO_PROXY is heeded',
  },
  keys: {
    variable: 'MIG_KEYS',
    meaning: 'the folder of public keys (*.asc) of those who sign with you, as you had them from themselves',
  },
} as const satisfies Readonly<Record<SettingName, { readonly variable: string; readonly meaning: string }>>;
const variables = Object.entries(settingTable).map(([name, { variable }]) => ({ name, variable }));

/** The way to the server, where that is not direct. */
export interface ProxySetting {
  readonly url: URL;
  /** Hosts that are reached directly, in the form of NO_PROXY. */
  readonly except: string;
}

export type KeySetting =
  | { readonly kind: 'gpg'; readonly fingerprint: Fingerprint }
  /** An armored secret key; without a passphrase file the passphrase is asked for on the terminal. */
  | { readonly kind: 'file'; readonly path: string; readonly passphraseFile: string | undefined };

export interface Settings {
  readonly server: URL | undefined;
  /** PEM file with the CA of the server's certificate; without it the operating system's store is trusted. */
  readonly caFile: string | undefined;
  readonly fleet: string | undefined;
  readonly key: KeySetting | undefined;
  readonly proxy: ProxySetting | undefined;
  /** Folder, or file, of public keys of other investigators. */
  readonly keysPath: string | undefined;
  /** Conditions by the word that stands for them. */
  readonly targets: Readonly<Record<string, string>>;
  /** Folder for session tokens and the agents that are known. */
  readonly stateDirectory: string;
  /** The file in which settings can be written down; for messages. */
  readonly configFile: string;
  /** Why it could not be read, where nobody has named it; undefined when it was read or is not there. */
  readonly configProblem: string | undefined;
}

type Variables = Readonly<Record<string, string | undefined>>;

function present(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}

/** The variables may say all: only a file that somebody has named must be there. */
function readIfPossible(path: string, isNamed: boolean): { readonly text: string } | { readonly problem?: string } {
  try {
    return { text: readTextFile(path) };
  } catch (cause) {
    const reason = toReason(cause);
    if (isNamed)
      throw new CodedError<SettingsCode>(
        'settings-unreadable',
        `expected a readable config file, got ${reason} at ${path}`,
        { hint: 'MIG_CONFIG names it', cause },
      );
    return isMissing(cause) ? {} : { problem: reason };
  }
}

function parseConfig(text: string, path: string): unknown {
  if (text.length > maximumFileBytes)
    throw new CodedError<SettingsCode>(
      'settings-malformed',
      `expected at most ${maximumFileBytes} bytes of JSON in ${path}, got ${text.length}`,
      { hint: 'MIG_CONFIG names another config file' },
    );
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CodedError<SettingsCode>('settings-malformed', `expected JSON in ${path}`, {
      hint: 'for example {"server": "https://mig.example.org", "fleet": "production", "key": "<fingerprint>"}',
      cause,
    });
  }
}

function malformed(error: z.ZodError, nameOf: (path: readonly PropertyKey[]) => string): CodedError<SettingsCode> {
  const lines = error.issues.map((issue) => {
    const name = nameOf(issue.path);
    const message = toIssueMessage(issue);
    return name === '' ? message : `${name}: ${message}`;
  });
  const known = `the settings are ${Object.keys(SettingsFile.shape).join(', ')}`;
  const isUnknown = error.issues.some(({ code }) => code === 'unrecognized_keys');
  return new CodedError('settings-malformed', lines.join('\n'), isUnknown ? { hint: known } : {});
}

function toKey(key: string | undefined, passphraseFile: string | undefined): KeySetting | undefined {
  if (key === undefined) return undefined;
  const fingerprint = Fingerprint.safeParse(key);
  return fingerprint.success
    ? { kind: 'gpg', fingerprint: fingerprint.data }
    : { kind: 'file', path: key, passphraseFile };
}

/** As curl and others read the variables: the small letters win. @throws CodedError<SettingsCode> settings-malformed */
function readProxy(given: string | undefined, env: Variables): ProxySetting | undefined {
  const url = given ?? present(env.https_proxy) ?? present(env.HTTPS_PROXY);
  if (url === undefined) return undefined;
  const checked = ProxyUrl.safeParse(url);
  if (!checked.success) throw malformed(checked.error, () => 'HTTPS_PROXY');
  return { url: new URL(checked.data), except: env.no_proxy ?? env.NO_PROXY ?? '' };
}

/**
 * Relative paths in the config file are relative to its folder.
 * @throws CodedError<SettingsCode> settings-unreadable, settings-malformed (with all bad fields named)
 */
export function readSettings(env: Variables): Settings {
  const given = present(env.MIG_CONFIG);
  const folders = findUserFolders(env);
  const configFile = given ?? join(folders.config, 'mig', 'config.json');
  const read = readIfPossible(configFile, given !== undefined);
  const fromFile = SettingsFile.safeParse('text' in read ? parseConfig(read.text, configFile) : {});
  if (!fromFile.success) throw malformed(fromFile.error, (path) => [configFile, ...path.map(String)].join(': '));
  const fromVariables = OneText.safeParse(
    Object.fromEntries(variables.map(({ name, variable }) => [name, present(env[variable])])),
  );
  if (!fromVariables.success)
    throw malformed(fromVariables.error, (path) =>
      path.map((key) => variables.find(({ name }) => name === key)?.variable ?? String(key)).join('.'),
    );
  const inFile = fromFile.data;
  const inVariables = fromVariables.data;
  const folder = dirname(configFile);
  const pathOf = (name: 'ca' | 'key' | 'keys' | 'passphrasefile'): string | undefined =>
    inVariables[name] ??
    (inFile[name] === undefined || (name === 'key' && Fingerprint.safeParse(inFile[name]).success)
      ? inFile[name]
      : resolve(folder, inFile[name]));
  const server = inVariables.server ?? inFile.server;
  return Object.freeze({
    server: server === undefined ? undefined : new URL(server),
    caFile: pathOf('ca'),
    fleet: inVariables.fleet ?? inFile.fleet,
    key: toKey(pathOf('key'), pathOf('passphrasefile')),
    proxy: readProxy(inVariables.proxy ?? inFile.proxy, env),
    keysPath: pathOf('keys'),
    targets: inFile.targets,
    stateDirectory: join(folders.state, 'mig'),
    configFile,
    configProblem: 'text' in read ? undefined : read.problem,
  });
}
