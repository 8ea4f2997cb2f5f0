/** A throw-away OpenPGP key for one investigator of a laboratory platform, made without gpg. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateKey } from 'openpgp';

export interface LabInvestigator {
  readonly name: string;
  readonly fingerprint: string;
  /** Armored secret key without a passphrase, 0600. */
  readonly secretKeyFile: string;
  readonly publicKeyFile: string;
}

/** A person of a build configuration. */
export function toPerson({ publicKeyFile: file, fingerprint }: LabInvestigator) {
  return { keys: [{ file, fingerprint }] };
}

export interface KeyOptions {
  /** 0 for ever. */
  readonly lifetimeSeconds?: number;
}

/** @param folder private to this process; @param publicFolder where the relay and the builder find the public half. */
export async function makeInvestigator(
  name: string,
  folder: string,
  publicFolder: string,
  { lifetimeSeconds = 0 }: KeyOptions = {},
): Promise<LabInvestigator> {
  const { privateKey, publicKey } = await generateKey({
    userIDs: [{ name, email: `${name}@example.org` }],
    type: 'ecc',
    curve: 'ed25519Legacy',
    format: 'object',
    date: new Date(Date.now() - 60_000),
    keyExpirationTime: lifetimeSeconds,
  });
  const secretKeyFile = join(folder, `${name}.secret.asc`);
  const publicKeyFile = join(publicFolder, `${name}.asc`);
  writeFileSync(secretKeyFile, privateKey.armor(), { mode: 0o600 });
  writeFileSync(publicKeyFile, publicKey.armor(), { mode: 0o644 });
  return { name, fingerprint: publicKey.getFingerprint().toUpperCase(), secretKeyFile, publicKeyFile };
}
