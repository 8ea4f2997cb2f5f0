/** `mig console` on a real terminal and in a pipe, before a relay that counts connections. */

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { after, before, beforeEach, describe, test } from 'node:test';
import { generateKey } from 'openpgp';
import { countsOf } from '../investigator/commands/follow.ts';
import type { ToyPlatform } from '../investigator/testing/toy-platform.ts';
import { runProgram } from '../tools/lab/child.ts';
import { migCommand } from '../tools/lab/lab.ts';
import { NothingFound } from './nothing-found.ts';
import { noTerminal, runOnTerminal, type Typing } from './run-on-terminal.ts';

const question = 'file -t all -path /srv -name "^x$" -y';
const noBash = spawnSync('bash', ['--version']).status === 0 ? false : 'bash is not installed';
const answered = '0 agents have found results';
const [enter, tab, up, ctrlC, ctrlD, ctrlZ] = ['\r', '\t', '\u001b[A', '\u0003', '\u0004', '\u001a'];

let asked: NothingFound;
let platform: ToyPlatform;

before(async () => {
  asked = await NothingFound.start();
  ({ platform } = asked);
});
after(() => platform?.close());
beforeEach(() => {
  asked.endless = false;
});

const environment = () => asked.environment();

describe('the console in a pipe', () => {
  const runLines = (...lines: readonly string[]) =>
    runProgram(migCommand, ['console'], { env: environment(), input: lines.map((line) => `${line}\n`).join('') });
  const count = (screen: string, wanted: string): number => screen.split(wanted).length - 1;

  test('logs in once, answers line by line over the connections that there are, and ends as the last one did', async () => {
    await runLines('agents');
    const connections = platform.relay.connections();
    const { stderr, code } = await runLines('# all of them', '', question, `  mig ${question}`, question);
    assert.equal(code, 1, stderr);
    assert.equal(count(stderr, answered), 3);
    // A second one: the next question does not wait until the relay has ended the events of the one before.
    assert.ok(platform.relay.connections() <= connections + 2);
  });

  test('goes on behind an error of a command', async () => {
    const { stdout, stderr, code } = await runLines('file -nmae x', 'fiel', 'version');
    assert.match(stderr, /did you mean -name\?.*did you mean mig file\?/s);
    assert.deepEqual([stdout, code], ['0.1.0\n', 0]);
  });

  test('ends at a line that it cannot read, and at exit', async () => {
    const unread = await runLines('file -name "^x$', 'version');
    assert.deepEqual([unread.stdout, unread.code], ['', 2]);
    assert.match(unread.stderr, /expected the quote " at character 12 to end/);
    assert.deepEqual((await runLines('exit', 'version')).stdout, '');
    assert.match((await runLines('console')).stderr, /got a console in a console/);
    const long = await runLines('x'.repeat(10_000_000), 'version');
    assert.deepEqual([long.stdout, long.code], ['', 2]);
    assert.match(long.stderr, /^error: expected a line of at most 65536 characters, got one of 10000000\n$/);
  });

  test('keeps standard input for itself', async () => {
    const { stderr, code } = await runLines('run -', '{}');
    assert.match(stderr, /^error: expected the path of a file, got -: standard input/);
    assert.equal(code, 2);
  });

  test('ends on ctrl+c, also between two lines', async () => {
    const child = spawn(migCommand, ['console'], { env: environment() });
    child.stdin.write(`${question}\n`);
    let said = '';
    for await (const chunk of child.stderr.setEncoding('utf8')) {
      said += chunk;
      if (said.endsWith(`${answered}\n`)) break;
    }
    // Nothing runs any more after this answer.
    child.stdin.write('version\n');
    await once(child.stdout, 'data');
    setImmediate(() => child.kill('SIGINT'));
    const [code] = await once(child, 'close');
    assert.equal(code, 130);
  });

  test('takes nothing on its own command line', async () => {
    const { stderr } = await runProgram(migCommand, ['console', 'x'], { env: environment() });
    assert.match(stderr, /expected a flag, got "x"/);
  });
});

describe('the console on a terminal', { skip: noTerminal }, () => {
  const converse = (typing: Typing) =>
    runOnTerminal({ command: [migCommand, 'console'], env: environment(), columns: 120, typing });

  test('remembers lines, completes words, and ends on ctrl+d', async () => {
    const connections = platform.relay.connections();
    const { code, screen } = await converse([
      ['mig> ', `fi${tab}`],
      ['file ', `-t al${tab}`],
      ['-t all ', `-path /srv -name "^x$" -y${enter}`],
      [answered, ''],
      ['mig> ', `${up}${enter}`],
      [answered, ''],
      ['mig> ', ctrlD],
    ]);
    assert.equal(code, 0, screen);
    assert.equal(platform.relay.connections(), connections + 1);
  });

  test('completes the ids of actions, once somebody is logged in', async () => {
    const id = 'c'.repeat(32);
    const times = { validfrom: '2026-01-31T07:00:00Z', expireafter: '2026-01-31T08:00:00Z', cancelled: null };
    const action = { id, name: 'q', target: 'all', ...times, created: times.validfrom, investigator: 'alice' };
    const { script } = platform.relay;
    const before = script.override;
    script.override = (request, response) => {
      if (request.url?.includes('/actions?') !== true) return before?.(request, response) === true;
      response.end(JSON.stringify({ actions: [{ ...action, counts: countsOf('succeeded', 1) }], next: null }));
      return true;
    };
    try {
      const { code, screen } = await converse([
        ['mig> ', `agents${enter}`],
        ['mig> ', `show c${tab}`],
        [`show ${id} `, ctrlC],
        ['mig> ', ctrlD],
      ]);
      assert.equal(code, 0, screen);
    } finally {
      script.override = before;
    }
  });

  test('stops a question on ctrl+c, clears a line on ctrl+c, and goes on', async () => {
    asked.endless = true;
    const { code, screen } = await converse([
      ['mig> ', `${question}${enter}`],
      ['0 / 1 [', ctrlC],
      ['come back to it with: mig follow', ''],
      ['mig> ', 'file -nmae'],
      ['-nmae', ctrlC],
      ['mig> ', `version${enter}`],
      ['0.1.0', ''],
      ['mig> ', `quit${enter}`],
    ]);
    assert.equal(code, 0, screen);
    assert.doesNotMatch(screen, /did you mean/);
  });

  test('runs each of several lines that were pasted at once', async () => {
    const { code, screen } = await converse([
      ['mig> ', `version${enter}${question}${enter}version${enter}`],
      ['0.1.0', ''],
      [answered, ''],
      ['0.1.0', ''],
      ['mig> ', ctrlD],
    ]);
    assert.equal(code, 0, screen);
  });

  test('loses nothing of what is pasted, whole lines or not', async () => {
    const { code, screen } = await converse([
      ['mig> ', `version${enter}file -nm`],
      ['0.1.0', ''],
      ['mig> ', `ae${enter}`],
      ['expected a known flag, got -nmae', ''],
      ['mig> ', `version${enter}${ctrlD}`],
      ['0.1.0', ''],
    ]);
    assert.equal(code, 0, screen);
  });

  test('stops what was pasted behind a question together with it', async () => {
    asked.endless = true;
    const { screen } = await converse([
      ['mig> ', `${question}${enter}${question}${enter}`],
      ['0 / 1 [', ctrlC],
      ['come back to it with: mig follow', ''],
      ['mig> ', ctrlD],
    ]);
    assert.equal(screen.split('Following action ID').length, 2, screen);
  });

  /** From a shell, which ctrl+z goes back to. */
  const converseInShell = (typing: Typing) =>
    runOnTerminal({
      command: ['bash', '--norc', '--noprofile', '-i'],
      env: { ...environment(), PS1: 'shell: ' },
      columns: 120,
      typing: [
        ['shell: ', `'${migCommand}' console${enter}`],
        ...typing,
        ['mig> ', ctrlD],
        ['shell: ', `exit${enter}`],
      ],
    });

  test('goes on where it was behind ctrl+z', { skip: noBash }, async () => {
    const { screen } = await converseInShell([
      ['mig> ', `vers${ctrlZ}`],
      ['shell: ', `fg${enter}`],
      ['mig> vers', `ion${enter}`],
      ['0.1.0', ''],
    ]);
    assert.match(screen, /0\.1\.0/);
  });

  test('asks for a passphrase once, again when it was wrong, and not for the next question', {
    skip: noBash,
  }, async () => {
    const key = platform.environment.MIG_KEY ?? '';
    const locked = await generateKey({ userIDs: [{ name: 'locked' }], passphrase: 'a secret', format: 'armored' });
    platform.environment.MIG_KEY = platform.write('locked-console.asc', locked.privateKey);
    try {
      const { screen } = await converseInShell([
        ['mig> ', `${question}${enter}`],
        ['passphrase of', `wrong${enter}`],
        ['expected the passphrase of', ''],
        ['mig> ', `${question}${enter}`],
        ['passphrase of', `a se${ctrlZ}`],
        ['shell: ', `fg${enter}`],
        ['console\r\n', `cret${enter}`],
        [answered, ''],
        ['mig> ', `${question}${enter}`],
        [answered, ''],
      ]);
      assert.equal(screen.split(answered).length, 3, screen);
      assert.ok(!screen.includes('a secret'));
    } finally {
      platform.environment.MIG_KEY = key;
    }
  });
});
