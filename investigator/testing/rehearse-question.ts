/**
 * `node rehearse-question.ts COMMAND …` runs a command of `mig` as somebody who asks a question of the module file: with a
 * key file, a relay that knows one agent, and that agent's answer.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileAnswer } from './file-answer.ts';
import { startScriptedSetting } from './scripted-setting.ts';
import { ToyAgent } from './toy-agent.ts';

const [command = '', ...args] = process.argv.slice(2);
const { environment, close } = await startScriptedSetting(
  { answer: async (action, digest) => [new ToyAgent('web1').result(action, digest, [fileAnswer])] },
  'rehearsal',
);
try {
  const child = spawn(command, [...args, 'file', '-path', '/usr/bin', '-name', '^wget$', '-y'], {
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  });
  const [exitCode] = await once(child, 'exit');
  process.exitCode = exitCode ?? 1;
} finally {
  await close();
}
