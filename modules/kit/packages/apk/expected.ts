/** What an apk package says of its files, in lines behind those of folders and files. @see apk-installed(5) */
import type { DigestAlgorithm } from '../../../../native/index.ts';
import type { ExpectedFile } from '../expected-file.ts';
import { toFolder } from './database.ts';

type Digest = { readonly algorithm: DigestAlgorithm; readonly hex: string };
type Writable = { -readonly [Field in keyof ExpectedFile]: ExpectedFile[Field] };

/** `Q1` and SHA-1 in base64, or `Q2` and SHA-256. */
function parseDigest(written: string): Digest | undefined {
  const [, kind, base64 = ''] = /^Q([12])([A-Za-z0-9+/]+={0,2})$/.exec(written) ?? [];
  if (kind === undefined) return undefined;
  return { algorithm: kind === '1' ? 'sha1' : 'sha256', hex: Buffer.from(base64, 'base64').toString('hex') };
}

/** `USER:GROUP:MODE`, in numbers, with more behind them. */
function addAttributes(file: Writable, written: string): void {
  const [, user, group, mode = ''] = /^(\d{1,10}):(\d{1,10}):([0-7]{1,5})(?::|$)/.exec(written) ?? [];
  if (user === undefined) return;
  file.user = Number(user);
  file.group = Number(group);
  file.mode = Number.parseInt(mode, 8) & 0o7777;
}

/** Only what differs from these is written. */
const plainFile = { user: 0, group: 0, mode: 0o644 } as const;
const plainFolder = { user: 0, group: 0, mode: 0o755 } as const;

const linkMode = 0o777;

function roleOf(path: string): ExpectedFile['role'] {
  if (path.startsWith('/etc/')) return 'config';
  return path.startsWith('/usr/share/doc/') ? 'doc' : 'other';
}

/** @param paragraph in Latin-1. */
export function* expectedOfApk(paragraph: string): Generator<ExpectedFile> {
  let folder = '';
  let file: Writable | undefined;
  for (const [, letter, value = ''] of paragraph.matchAll(/^([FMRaZ]):(.*)$/gm)) {
    if (letter === 'F' || letter === 'R') {
      if (file !== undefined) yield file;
      file = undefined;
    }
    if (letter === 'F') {
      folder = toFolder(value);
      if (value !== '') file = { path: folder, role: 'other', type: 'folder', ...plainFolder };
    } else if (letter === 'R') {
      const path = `${folder}/${value}`;
      file = { path, role: roleOf(path), ...plainFile };
    } else if (file !== undefined && letter === 'Z') {
      const digest = parseDigest(value);
      if (digest !== undefined) file.digest = digest;
      // Of a link it is the digest of its text, and nothing else tells of one.
      if (digest !== undefined && file.mode === linkMode) file.link = digest;
    } else if (file !== undefined) addAttributes(file, value);
  }
  if (file !== undefined) yield file;
}
