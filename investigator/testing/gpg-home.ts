/** A GnuPG home of its own for a test, with real keys in it. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Fingerprint } from '../../protocol/identifiers.ts';

export interface GpgHome {
  readonly directory: string;
  /** Runs gpg in this home. */
  readonly gpg: (...args: readonly string[]) => string;
  /** Generates a key without passphrase: primary for signing, and an encryption subkey unless that is null. */
  readonly newKey: (name: string, primary: string, subkey: string | null) => Fingerprint;
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
    newKey: (name, primary, subkey) => {
      gpg('--quick-gen-key', `${name} <${name}@example.org>`, primary, 'sign', '1d');
      const listed = gpg('--list-secret-keys', '--with-colons', `${name}@example.org`);
      const fingerprint = Fingerprint.parse(/^fpr:{9}([0-9A-F]{40}):/m.exec(listed)?.[1]);
      if (subkey !== null) gpg('--quick-add-key', fingerprint, subkey, 'encr', '1d');
      return fingerprint;
    },
    remove: () => {
      execFileSync('gpgconf', ['--kill', 'gpg-agent']);
      rmSync(directory, { recursive: true, force: true });
      if (before === undefined) delete process.env.GNUPGHOME;
      else process.env.GNUPGHOME = before;
    },
  };
}
