/** A GnuPG home of its own for a test, with real keys in it. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Fingerprint } from '../../protocol/base/identifiers.ts';

export interface GpgHome {
  readonly directory: string;
  /** Runs gpg in this home. */
  readonly gpg: (...args: readonly string[]) => string;
  /** Generates a key: primary for `usage`, and an encryption subkey unless that is null; without passphrase unless given. */
  readonly newKey: (
    name: string,
    primary: string,
    subkey: string | null,
    usage?: 'sign' | 'cert',
    passphrase?: string,
  ) => Fingerprint;
  /** Imports the revocation certificate that gpg makes with each key. */
  readonly revoke: (fingerprint: Fingerprint) => void;
  /** Stops the home's gpg-agent and deletes the home. */
  readonly remove: () => void;
}

/** GNUPGHOME of this process points to it from now on. */
export function makeGpgHome(): GpgHome {
  // Short, for gpg-agent's socket must fit into a socket address.
  const directory = mkdtempSync(join(tmpdir(), 'mig-gpg-'));
  const before = process.env.GNUPGHOME;
  process.env.GNUPGHOME = directory;
  const gpg = (...args: readonly string[]): string =>
    execFileSync('gpg', ['--batch', '--quiet', '--pinentry-mode', 'loopback', '--passphrase', '', ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  return {
    directory,
    gpg,
    newKey: (name, primary, subkey, usage = 'sign', passphrase = '') => {
      const locked = ['--passphrase', passphrase];
      gpg(...locked, '--quick-gen-key', `${name} <${name}@example.org>`, primary, usage, '1d');
      const listed = gpg('--list-secret-keys', '--with-colons', `${name}@example.org`);
      const fingerprint = Fingerprint.parse(/^fpr:{9}([0-9A-F]{40}):/m.exec(listed)?.[1]);
      if (subkey !== null) gpg(...locked, '--quick-add-key', fingerprint, subkey, 'encr', '1d');
      return fingerprint;
    },
    revoke: (fingerprint) => {
      const certificate = join(directory, 'openpgp-revocs.d', `${fingerprint}.rev`);
      // A colon in front keeps it from being imported by mistake.
      const armored = readFileSync(certificate, 'utf8').replace(':-----BEGIN', '-----BEGIN');
      writeFileSync(certificate, armored);
      gpg('--import', certificate);
    },
    remove: () => {
      execFileSync('gpgconf', ['--kill', 'gpg-agent']);
      rmSync(directory, { recursive: true, force: true });
      if (before === undefined) delete process.env.GNUPGHOME;
      else process.env.GNUPGHOME = before;
    },
  };
}
