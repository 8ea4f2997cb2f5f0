/** Whose OpenPGP keys may log in: one armored public key per file, the person's name is the file's. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { PublicKey } from 'openpgp';
import type { Role } from '../protocol/access-api.ts';
import { CodedError, toMessage } from '../protocol/coded-error.ts';
import type { Fingerprint } from '../protocol/identifiers.ts';
import { findKeyProblems, fingerprintOf, readPublicKey } from '../protocol/openpgp-keys.ts';
import type { Log } from './log.ts';

export type InvestigatorsCode = 'investigators-unreadable';

export interface Investigator {
  readonly name: string;
  readonly role: Role;
  readonly key: PublicKey;
}

export type Investigators = ReadonlyMap<Fingerprint, Investigator>;

/** @throws CodedError<InvestigatorsCode> when the folder or one of its keys cannot be read */
export async function readInvestigators(folder: string): Promise<Investigators> {
  const investigators = new Map<Fingerprint, Investigator>();
  let file = folder;
  try {
    for (const name of readdirSync(folder).sort()) {
      if (!name.endsWith('.asc')) continue;
      file = join(folder, name);
      const key = await readPublicKey(readFileSync(file, 'utf8'));
      investigators.set(fingerprintOf(key), { name: basename(name, '.asc'), role: 'investigator', key });
    }
  } catch (cause) {
    throw new CodedError<InvestigatorsCode>('investigators-unreadable', `${file}: ${toMessage(cause)}`, {
      hint: 'MIG_INVESTIGATORS_DIR names a folder with one armored public key per *.asc file',
      cause,
    });
  }
  return investigators;
}

/** Says in the log which keys cannot log in or receive answers, and why. */
export async function reportUnfitKeys(investigators: Investigators, log: Log): Promise<void> {
  for (const [fingerprint, { name, key }] of investigators) {
    const problems = await findKeyProblems(key, new Date());
    if (problems.length > 0) log.warn({ investigator: name, fingerprint, problems }, 'key is unfit');
  }
}
