/** Runs the commands of README.md and of keys/README.md as their readers would, with a person who makes a key. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Lab, projectRoot } from '../tools/lab/lab.ts';
import { runCommands } from './page-commands.ts';
import { type PageSystem, startPageSystem, whyNoPageSystem } from './page-system.ts';

const reason = await whyNoPageSystem();
if (reason !== null) process.stderr.write(`SKIPPED: ${reason}; no command of README.md and keys/README.md was run\n`);

const readPage = (name: string): string => readFileSync(join(projectRoot, name), 'utf8');

describe('the commands of', { skip: reason ?? false }, () => {
  let lab: Lab;
  let system: PageSystem;
  before(async () => {
    lab = new Lab();
    system = await startPageSystem(lab);
  });
  after(async () => {
    await system?.stop();
    await lab?.close();
  });
  const run = (command: string, env: NodeJS.ProcessEnv = {}) => system.run(projectRoot, command, env);

  test('README.md work', async () => {
    assert.equal(await runCommands(readPage('README.md'), run), 2);
  });

  test('keys/README.md work, and the builder takes the key', async () => {
    // The person at the terminal would be asked for a passphrase.
    await system.writeFile('/root/pages/gpg.conf', 'batch\npinentry-mode loopback\npassphrase-file /dev/null\n');
    const env = { GNUPGHOME: '/root/pages' };
    await run('chmod 700 /root/pages', env);
    let fingerprint = 'unknown';
    const count = await runCommands(readPage('keys/README.md'), async (command) => {
      const finished = await run(command.replaceAll('FINGERPRINT', fingerprint), env);
      fingerprint = /\b[0-9A-F]{40}\b/.exec(finished.stdout)?.[0] ?? fingerprint;
      return finished;
    });
    assert.equal(count, 4);
    const { stdout } = await run('gpg --show-keys --with-colons keys/alice.asc', env);
    assert.deepEqual(
      [...stdout.matchAll(/^(pub|sub):/gm)].map(([, kind]) => kind),
      ['pub', 'sub'],
    );
    await run('gpgconf --kill all', env);
  });
});
