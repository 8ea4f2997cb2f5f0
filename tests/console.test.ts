/** `mig web` as the page docs/console.md says: the program prints a link, serves the page, and ends with Ctrl-C. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, it } from 'node:test';
import { type ScriptedSetting, startScriptedSetting } from '../investigator/testing/scripted-setting.ts';
import { migCommand } from '../tools/lab/lab.ts';

let setting: ScriptedSetting;
let child: ChildProcess;

before(async () => {
  setting = await startScriptedSetting({ answer: async () => [] });
  child = spawn(migCommand, ['web'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...setting.environment },
  });
});
after(async () => {
  child.kill('SIGKILL');
  await setting.close();
});

it('prints a link, serves the page that was built in, and ends with Ctrl-C', async () => {
  const [line] = await once(child.stdout ?? process.stdin, 'data');
  const link = new URL(String(line).trim());
  assert.match(link.href, /^http:\/\/127\.0\.0\.1:\d+\/#[\w-]{43}$/);
  const textOf = async (path: string): Promise<string> => (await fetch(new URL(path, link))).text();
  assert.match(await textOf('/'), /<script type="module" src="\/page\.js">/);
  assert.ok((await textOf('/page.js')).length > 10_000);
  assert.ok((await textOf('/page.css')).length > 1000);
  assert.deepEqual(setting.relay.requests.slice(-1), ['GET /actions']);
  const ended = once(child, 'exit');
  child.kill('SIGINT');
  assert.deepEqual(await ended, [0, null]);
});
