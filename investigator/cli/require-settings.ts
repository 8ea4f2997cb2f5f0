/** Settings that a command cannot do without: all that are missing are named at once. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findHome } from '../../host/user-folders.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import { type Settings, type SettingsCode, settingTable } from './settings.ts';

export type RequiredSetting = 'server' | 'fleet' | 'key';

/** The original's config file, and what its settings are here; undefined where there is none. */
export function describeFormerConfig(home = findHome()): string | undefined {
  const path = join(home, '.migrc');
  if (!existsSync(path)) return undefined;
  return `${path} is the original's and is not read: its [api] url is "server", [gpg] keyid is the fingerprint for "key"`;
}

function toHint(names: readonly RequiredSetting[], { configFile, configProblem }: Settings): string {
  const variables = names.map((name) => settingTable[name].variable).join(', ');
  const fields = names.map((name) => `"${name}"`).join(', ');
  const problem = configProblem === undefined ? '' : `, which could not be read (${configProblem})`;
  return `set ${variables}, or ${fields} in ${configFile}${problem}`;
}

function settingsMissing(settings: Settings, names: readonly RequiredSetting[]): CodedError<SettingsCode> {
  const expected = names.map((name) => `expected ${settingTable[name].meaning.split(';', 1).join('')}, got none`);
  const hints = [toHint(names, settings), describeFormerConfig(), 'mig config checks all of them'];
  const hint = hints.filter((line) => line !== undefined).join('\n');
  return new CodedError('setting-missing', expected.join('\n'), { hint });
}

/** @throws CodedError<SettingsCode> setting-missing */
export function assertSettings(settings: Settings, ...names: readonly RequiredSetting[]): void {
  const missing = names.filter((name) => settings[name] === undefined);
  if (missing.length > 0) throw settingsMissing(settings, missing);
}

/** @throws CodedError<SettingsCode> setting-missing */
export function requireSetting<Name extends RequiredSetting>(
  settings: Settings,
  name: Name,
): NonNullable<Settings[Name]> {
  const value = settings[name];
  if (value === undefined || value === null) throw settingsMissing(settings, [name]);
  return value;
}
