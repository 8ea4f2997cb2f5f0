/** `mig` on a real terminal (a pty, by util-linux's script) and in pipes: the live line, its width, Ctrl-C, no codes in pipes. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { countsOf } from '../investigator/investigation/follow.ts';
import { ToyAgent } from '../investigator/testing/toy-agent.ts';
import { startToyPlatform, type ToyPlatform } from '../investigator/testing/toy-platform.ts';
import { emptyReceipt } from '../protocol/result.ts';
import { runProgram } from '../tools/lab/child.ts';
import { migCommand } from '../tools/lab/lab.ts';

const hasScript = spawnSync('script', ['--version']).status === 0;
const question = ['file', '-t', 'all', '-path', '/srv', '-name', '^x$', '-y'];
const controlSequence = '\u001b[';

describe('mig on a terminal', { skip: hasScript ? false : 'script is not installed' }, () => {
  let platform: ToyPlatform;
  /** Whether the action goes on for ever. */
  let endless = false;

  before(async () => {
    platform = await startToyPlatform();
    platform.relay.script.counts = countsOf('succeeded', 1);
    platform.relay.script.answer = async (action, digest) => {
      const nothing = { success: true, foundanything: false, elements: { s1: [] }, statistics: {}, errors: [] };
      const receipt = { ...emptyReceipt(), examined: { files: 1 } };
      return [await new ToyAgent('web1').result(action, digest, [{ ...nothing, receipt }])];
    };
    platform.relay.script.override = (request, response) => {
      if (!endless || request.url?.endsWith('/events') !== true) return false;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(`event: progress\ndata: ${JSON.stringify(countsOf('running', 1))}\n\n`);
      return true;
    };
  });
  after(() => platform?.close());

  const environment = () => ({ PATH: process.env.PATH, TERM: 'xterm', ...platform.environment });

  /** @param interruptAt text after which ctrl+c is typed. */
  async function onTerminal(columns: number, interruptAt?: string) {
    const command = `stty cols ${columns}; exec '${migCommand}' ${question.map((word) => `'${word}'`).join(' ')}`;
    const child = spawn('script', ['-qec', command, '/dev/null'], {
      env: environment(),
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let screen = '';
    let typed = false;
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      screen += chunk;
      if (typed || interruptAt === undefined || !screen.includes(interruptAt)) return;
      typed = true;
      child.stdin.write('\u0003');
    });
    const [code] = await once(child, 'close');
    return { code, screen };
  }

  test('draws one live line that ends complete, in the width that there is', async () => {
    const { code, screen } = await onTerminal(30);
    assert.equal(code, 1, screen);
    const drawn = screen
      .split(`\r${controlSequence}K`)
      .slice(1)
      .map((text) => text.split('\r', 1).join(''));
    assert.ok(drawn.length > 0 && drawn.every((line) => line.length < 30), screen);
    assert.match(drawn.at(-1) ?? '', /^1 \/ 1 \[=+/);
  });

  test('stops following on ctrl+c, and says how to come back', async () => {
    endless = true;
    const { code, screen } = await onTerminal(120, '0 / 1 [').finally(() => {
      endless = false;
    });
    assert.equal(code, 130, screen);
    assert.match(screen, /come back to it with: mig follow [0-9a-f]{32}/);
  });

  test('writes no control codes into a pipe', async () => {
    const { code, stdout, stderr } = await runProgram(migCommand, question, { env: environment() });
    assert.equal(code, 1, stderr);
    assert.ok(!(stdout + stderr).includes(controlSequence) && !stderr.includes('\r'));
  });
});
