/** The files in which sshd looks for the keys of an account. */
import { join } from 'node:path';
import type { PasswdEntry } from '../../kit/accounts/passwd.ts';
import { toPath } from '../../kit/files/latin1-text.ts';
import type { Setting } from '../../kit/sshd/config.ts';
import { isDecided, type SshdConnection, settingsFor } from '../../kit/sshd/effective.ts';

const defaults = ['.ssh/authorized_keys', '.ssh/authorized_keys2'];

/** Without a file for an unknown token, which sshd refuses. */
export function expandTokens(
  pattern: string,
  { name, uid, home }: Pick<PasswdEntry, 'name' | 'uid' | 'home'>,
): string | undefined {
  const tokens: Readonly<Record<string, string>> = { '%': '%', h: home, u: name, U: String(uid) };
  let isKnown = true;
  const path = pattern.replaceAll(/%(.?)/g, (_, token: string) => {
    isKnown &&= Object.hasOwn(tokens, token);
    return tokens[token] ?? '';
  });
  return isKnown ? path : undefined;
}

/** Absolute, each once. */
export function keyFilesOf(settings: readonly Setting[], user: PasswdEntry, groups: readonly string[]): string[] {
  const connection: SshdConnection = { user: { name: user.name, groups } };
  const found = settingsFor(settings, 'authorizedkeysfile', connection);
  const patterns = found.flatMap(({ values }) => (values[0]?.toLowerCase() === 'none' ? [] : values));
  const all = isDecided(found, connection) ? patterns : [...patterns, ...defaults];
  const paths = all.flatMap((pattern) => {
    const path = expandTokens(pattern, user);
    if (path === undefined || path === '') return [];
    const absolute = path.startsWith('/') ? path : join('/', user.home, path);
    return [toPath(absolute)];
  });
  return [...new Set(paths)];
}
