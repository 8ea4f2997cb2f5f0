/** `mig web` as the page docs/console.md says: the program prints a link, serves the page, and ends with Ctrl-C. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { generateKey } from 'openpgp';
import { countsOf } from '../investigator/commands/follow.ts';
import { type ScriptedRelay, startScriptedRelay } from '../investigator/testing/scripted-relay.ts';
import { migCommand } from '../tools/lab/lab.ts';

let relay: ScriptedRelay;
let folder: string;
let child: ChildProcess;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mig-web-'));
  relay = await startScriptedRelay({
    agents: 1,
    counts: countsOf('succeeded', 1),
    unreported: [],
    answer: async () => [],
    breaks: 0,
    clockAheadMs: 0,
    refusesLogins: false,
    override: undefined,
  });
  const { privateKey } = await generateKey({ userIDs: [{ name: 'alice' }], format: 'armored' });
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
    return join(folder, name);
  };
  child = spawn(migCommand, ['web'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      MIG_SERVER: relay.url,
      MIG_CA: write('ca.pem', relay.ca),
      MIG_FLEET: 'production',
      MIG_KEY: write('alice.asc', privateKey),
      XDG_CONFIG_HOME: folder,
      XDG_STATE_HOME: folder,
    },
  });
});
after(async () => {
  child.kill('SIGKILL');
  await relay.close();
  rmSync(folder, { recursive: true, force: true });
});

it('prints a link, serves the page that was built in, and ends with Ctrl-C', async () => {
  const [line] = await once(child.stdout ?? process.stdin, 'data');
  const link = new URL(String(line).trim());
  assert.match(link.href, /^http:\/\/127\.0\.0\.1:\d+\/#[\w-]{43}$/);
  const textOf = async (path: string): Promise<string> => (await fetch(new URL(path, link))).text();
  assert.match(await textOf('/'), /<script type="module" src="\/page\.js">/);
  assert.ok((await textOf('/page.js')).length > 10_000);
  assert.ok((await textOf('/page.css')).length > 1000);
  assert.deepEqual(relay.requests.slice(-1), ['GET /actions']);
  const ended = once(child, 'exit');
  child.kill('SIGINT');
  assert.deepEqual(await ended, [0, null]);
});
