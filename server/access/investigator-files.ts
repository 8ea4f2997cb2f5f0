/** The operator's investigators: one armored public key per file, the person's name is the file's. */
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { PublicKey } from 'openpgp';
import type { Log } from '../../host/log.ts';
import { readTextFile } from '../../host/text-file.ts';
import { CodedError, toMessage } from '../../protocol/base/coded-error.ts';
import type { Fingerprint } from '../../protocol/base/identifiers.ts';
import { findKeyProblems, fingerprintOf, readPublicKey } from '../../protocol/signatures/openpgp-keys.ts';

type InvestigatorsCode = 'investigators-unreadable' | 'admin-unknown';

export interface InvestigatorFile {
  readonly name: string;
  readonly fingerprint: Fingerprint;
  readonly armored: string;
  readonly key: PublicKey;
  readonly isAdmin: boolean;
}

function assertDistinct(files: readonly InvestigatorFile[]): void {
  const names = new Map<Fingerprint, string>();
  for (const { name, fingerprint } of files) {
    const other = names.get(fingerprint);
    if (other !== undefined) throw new Error(`the key ${fingerprint} is also that of ${other}`);
    names.set(fingerprint, name);
  }
}

/** @throws CodedError<InvestigatorsCode> when the folder or one of its keys cannot be read, or an admin has no file */
export async function readInvestigatorFiles(folder: string, admins: readonly string[]): Promise<InvestigatorFile[]> {
  const files: InvestigatorFile[] = [];
  let file = folder;
  try {
    for (const entry of readdirSync(folder).sort()) {
      if (!entry.endsWith('.asc')) continue;
      file = join(folder, entry);
      const armored = readTextFile(file);
      const key = await readPublicKey(armored);
      const name = basename(entry, '.asc');
      files.push({ name, fingerprint: fingerprintOf(key), armored, key, isAdmin: admins.includes(name) });
      assertDistinct(files);
    }
  } catch (cause) {
    throw new CodedError<InvestigatorsCode>('investigators-unreadable', `${file}: ${toMessage(cause)}`, {
      hint: 'MIG_INVESTIGATORS_DIR names a folder with one armored public key per *.asc file',
      cause,
    });
  }
  const missing = admins.find((admin) => files.every(({ name }) => name !== admin));
  if (missing !== undefined)
    throw new CodedError<InvestigatorsCode>('admin-unknown', `expected ${missing}.asc in ${folder}, found none`, {
      hint: 'MIG_ADMINS lists names of files in MIG_INVESTIGATORS_DIR, without .asc',
    });
  return files;
}

/** Says in the log which keys cannot log in or receive answers, and why. */
export async function reportUnfitKeys(files: readonly InvestigatorFile[], log: Log): Promise<void> {
  for (const { name, fingerprint, key } of files) {
    const problems = await findKeyProblems(key, new Date());
    if (problems.length > 0) log.warn({ investigator: name, fingerprint, problems }, 'key is unfit');
  }
}
