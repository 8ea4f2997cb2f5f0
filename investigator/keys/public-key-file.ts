/** Other people's public keys in armored files: to check their signatures, and to let them open answers. */
import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createMessage, encrypt, type PublicKey } from 'openpgp';
import { readTextFile } from '../../host/text-file.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import { escapeWord } from '../../protocol/base/escape.ts';
import type { Fingerprint } from '../../protocol/base/identifiers.ts';
import {
  fingerprintOf,
  maximumKeyCharacters,
  openpgpConfig,
  readPublicKey,
} from '../../protocol/signatures/openpgp-keys.ts';

type PublicKeyFileCode = 'public-key-unreadable';

export interface PublicKeyFile {
  readonly path: string;
  /** Name of the file, without `.asc`. */
  readonly name: string;
  readonly fingerprint: Fingerprint;
  readonly armored: string;
  readonly key: PublicKey;
}

function listFiles(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .filter((name) => name.endsWith('.asc'))
    .sort()
    .map((name) => join(path, name));
}

/** @throws Error of node:fs, or when it is too long for a key. */
function readBounded(path: string): string {
  if (statSync(path).size > maximumKeyCharacters) throw new Error('too long for a public key');
  return readTextFile(path);
}

/** @param paths files with one key each, or folders of such `*.asc` files. @throws CodedError<PublicKeyFileCode> */
export async function readPublicKeyFiles(paths: readonly string[]): Promise<PublicKeyFile[]> {
  const files: PublicKeyFile[] = [];
  for (const path of paths)
    try {
      for (const file of listFiles(path)) {
        const armored = readBounded(file);
        const key = await readPublicKey(armored);
        files.push({
          path: file,
          name: escapeWord(basename(file, '.asc')),
          fingerprint: fingerprintOf(key),
          armored,
          key,
        });
      }
    } catch (cause) {
      throw new CodedError<PublicKeyFileCode>('public-key-unreadable', `expected an armored public key in ${path}`, {
        hint: 'export one with: gpg --armor --export FINGERPRINT > name.asc',
        cause,
      });
    }
  return files;
}

/** @returns an armored message that any of these keys opens. */
export async function encryptTo(armoredKeys: readonly string[], bytes: Uint8Array): Promise<string> {
  const encryptionKeys = await Promise.all(armoredKeys.map(readPublicKey));
  const message = await createMessage({ binary: bytes });
  return encrypt({ message, encryptionKeys, format: 'armored', config: openpgpConfig });
}
