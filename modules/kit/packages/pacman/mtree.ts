/** What a pacman package says of its files: a packed list, with a line for each. @see mtree(5) */
import { gunzipSync } from 'node:zlib';
import type { ExpectedFile } from '../expected-file.ts';

const mostBytes = 256 * 1024 * 1024;
const types: Readonly<Record<string, ExpectedFile['type']>> = { file: 'file', dir: 'folder', link: 'link' };

/** Bytes that are not plain are three octal digits behind a backslash. */
function decode(written: string): string {
  return written.replaceAll(/\\([0-3][0-7]{2})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}

function parseWords(words: readonly string[]): [string, string][] {
  return words.map((word) => {
    const end = word.indexOf('=');
    return end < 0 ? [word, ''] : [word.slice(0, end), word.slice(end + 1)];
  });
}

function toDigest(values: ReadonlyMap<string, string>): ExpectedFile['digest'] {
  const [sha256, md5] = [values.get('sha256digest'), values.get('md5digest')];
  if (sha256 !== undefined && /^[0-9a-f]{64}$/.test(sha256)) return { algorithm: 'sha256', hex: sha256 };
  return md5 !== undefined && /^[0-9a-f]{32}$/.test(md5) ? { algorithm: 'md5', hex: md5 } : undefined;
}

function toNumber(text: string | undefined, base: 8 | 10): number | undefined {
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number.parseInt(text, base) : undefined;
}

function toExpected(
  path: string,
  values: ReadonlyMap<string, string>,
  isConfig: (path: string) => boolean,
): ExpectedFile {
  const type = types[values.get('type') ?? ''];
  const [mode, user, group] = [
    toNumber(values.get('mode'), 8),
    toNumber(values.get('uid'), 10),
    toNumber(values.get('gid'), 10),
  ];
  const [digest, link] = [toDigest(values), values.get('link')];
  return {
    path,
    role: isConfig(path) ? 'config' : path.startsWith('/usr/share/doc/') ? 'doc' : 'other',
    ...(type === undefined ? {} : { type }),
    ...(type === 'file' && digest !== undefined ? { digest } : {}),
    ...(type === 'link' && link !== undefined ? { link: decode(link) } : {}),
    ...(mode === undefined || type === 'link' ? {} : { mode }),
    ...(user === undefined ? {} : { user }),
    ...(group === undefined ? {} : { group }),
  };
}

/** Undefined for what is not packed, or too large. */
export function unpackMtree(bytes: Buffer): string | undefined {
  try {
    return gunzipSync(bytes, { maxOutputLength: mostBytes }).toString('latin1');
  } catch {
    return undefined;
  }
}

/** @param text in Latin-1. @param isConfig by the path of a file. */
export function* expectedOfMtree(text: string, isConfig: (path: string) => boolean): Generator<ExpectedFile> {
  let common: readonly [string, string][] = [];
  for (const line of text.split('\n')) {
    const [first = '', ...words] = line.trim().split(/\s+/);
    if (first === '/set') common = parseWords(words);
    // Files about the package itself stand at the top, with a dot in front.
    if (!first.startsWith('./') || /^\.\/\.[A-Z]+$/.test(first)) continue;
    yield toExpected(decode(first.slice(1)), new Map([...common, ...parseWords(words)]), isConfig);
  }
}
