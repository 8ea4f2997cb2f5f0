/** Other implementations of OpenPGP, behind the same two verbs. Absent ones are null. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One implementation's verbs, each call in a folder of its own. */
export interface Implementation {
  readonly name: string;
  /** The Debian package that has it. */
  readonly debian: string;
  /** Armored detached signature over `data` with the default hash; null when it refuses to sign with this key. */
  readonly sign: (secretKey: string, data: Uint8Array) => string | null;
  /** Whether it accepts the signature now. */
  readonly verifies: (publicKey: string, signature: string, data: Uint8Array) => boolean;
}

interface Run {
  /** Runs a program in the call's folder. */
  readonly run: (command: string, args: readonly string[], input?: Uint8Array) => { ok: boolean; stdout: string };
  /** Writes a file into the call's folder. @returns its path. */
  readonly file: (name: string, content: string | Uint8Array) => string;
  readonly folder: string;
}

function inFolder<T>(work: (call: Run) => T): T {
  // Short, for gpg-agent's socket must fit into a socket address.
  const folder = mkdtempSync(join(tmpdir(), 'mig-pgp-'));
  try {
    return work({
      folder,
      file: (name, content) => {
        const path = join(folder, name);
        writeFileSync(path, content, { mode: 0o600 });
        return path;
      },
      run: (command, args, input) => {
        const { status, stdout } = spawnSync(command, args, { input: input ?? '', cwd: folder, encoding: 'utf8' });
        return { ok: status === 0, stdout };
      },
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The Stateless OpenPGP command line: draft-dkg-openpgp-stateless-cli. */
function stateless(command: string, debian: string): Implementation {
  return {
    name: command,
    debian,
    sign: (secretKey, data) =>
      inFolder(({ run, file }) => {
        const { ok, stdout } = run(command, ['sign', file('key', secretKey)], data);
        return ok ? stdout : null;
      }),
    verifies: (publicKey, signature, data) =>
      inFolder(({ run, file }) => {
        const { ok, stdout } = run(command, ['verify', file('sig', signature), file('key', publicKey)], data);
        return ok && stdout.trim() !== '';
      }),
  };
}

const gpgOptions = ['--batch', '--quiet', '--no-tty', '--homedir', '.'];

/** Runs gpg in a home of its own that has this key. */
export function withGpg<T>(key: string | null, work: (gpg: Run['run'], call: Run) => T): T {
  return inFolder((call) => {
    const options = [...gpgOptions, '--pinentry-mode', 'loopback', '--passphrase', ''];
    const gpg: Run['run'] = (_command, args, input) => call.run('gpg', [...options, ...args], input);
    try {
      if (key !== null) gpg('gpg', ['--import', call.file('key', key)]);
      return work(gpg, call);
    } finally {
      call.run('gpgconf', ['--homedir', call.folder, '--kill', 'all']);
    }
  });
}

const gnupg: Implementation = {
  name: 'gpg',
  debian: 'gnupg',
  sign: (secretKey, data) =>
    withGpg(secretKey, (gpg) => {
      const { ok, stdout } = gpg('gpg', ['--armor', '--detach-sign'], data);
      return ok ? stdout : null;
    }),
  verifies: (publicKey, signature, data) =>
    withGpg(publicKey, (gpg, { file }) => {
      const { ok, stdout } = gpg('gpg', ['--status-fd', '1', '--verify', file('sig', signature), file('data', data)]);
      return ok && stdout.includes('[GNUPG:] GOODSIG');
    }),
};

const rnp: Implementation = {
  name: 'rnp',
  debian: 'rnp',
  sign: (secretKey, data) =>
    inFolder(({ run, file }) => {
      const key = file('key.asc', secretKey);
      const args = ['--homedir', '.', '--keyfile', key, '--password', '', '--detach', '--armor', '--sign'];
      const { ok, stdout } = run('rnp', [...args, file('data', data), '--output', '-']);
      return ok ? stdout : null;
    }),
  verifies: (publicKey, signature, data) =>
    inFolder(({ run, file }) => {
      const key = file('key.asc', publicKey);
      const args = ['--homedir', '.', '--keyfile', key, '--source', file('data', data)];
      return run('rnp', [...args, '--verify', file('data.sig', signature)]).ok;
    }),
};

const known = [gnupg, stateless('sqop', 'sqop'), rnp, stateless('gosop', 'gosop')];

function isInstalled({ name }: Implementation): boolean {
  return spawnSync(name, [name === 'gpg' || name === 'rnp' ? '--version' : 'version']).status === 0;
}

export const implementations: readonly Implementation[] = known.filter(isInstalled);
export const missingImplementations: readonly Implementation[] = known.filter((one) => !implementations.includes(one));
