/**
 * `node rehearse-question.ts COMMAND …` runs a command of `mig` as somebody who asks a question of the module file: with a
 * key file, a relay that knows one agent, and that agent's answer.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKey } from 'openpgp';
import { countsOf } from '../commands/follow.ts';
import { fileAnswer } from './file-answer.ts';
import { startScriptedRelay } from './scripted-relay.ts';
import { ToyAgent } from './toy-agent.ts';

const [command = '', ...args] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'mig-rehearsal-'));
const { privateKey } = await generateKey({ userIDs: [{ name: 'alice' }], format: 'armored' });
const relay = await startScriptedRelay({
  agents: 1,
  counts: countsOf('succeeded', 1),
  unreported: [],
  answer: async (action, digest) => [new ToyAgent('web1').result(action, digest, [fileAnswer])],
  breaks: 0,
  clockAheadMs: 0,
  refusesLogins: false,
  override: undefined,
});
const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text, { mode: 0o600 });
  return join(folder, name);
};
try {
  const child = spawn(command, [...args, 'file', '-path', '/usr/bin', '-name', '^wget$', '-y'], {
    stdio: 'inherit',
    env: {
      ...process.env,
      MIG_SERVER: relay.url,
      MIG_CA: write('ca.pem', relay.ca),
      MIG_FLEET: 'rehearsal',
      MIG_KEY: write('alice.asc', privateKey),
      XDG_CONFIG_HOME: folder,
      XDG_STATE_HOME: folder,
    },
  });
  const [exitCode] = await once(child, 'exit');
  process.exitCode = exitCode ?? 1;
} finally {
  await relay.close();
  rmSync(folder, { recursive: true, force: true });
}
