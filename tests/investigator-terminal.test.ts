/** `mig` on a real terminal (a pty, by util-linux's script) and in pipes: the live line, its width, Ctrl-C, no codes in pipes. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { generateKey } from 'openpgp';
import { exitCodes } from '../investigator/cli/exit-codes.ts';
import { countsOf } from '../investigator/commands/follow.ts';
import type { RelayScript } from '../investigator/testing/scripted-relay.ts';
import type { ToyPlatform } from '../investigator/testing/toy-platform.ts';
import { runProgram } from '../tools/lab/child.ts';
import { migCommand, projectRoot } from '../tools/lab/lab.ts';
import { NothingFound } from './nothing-found.ts';
import { noTerminal, runOnTerminal, type Typing } from './run-on-terminal.ts';

const question = ['file', '-t', 'all', '-path', '/srv', '-name', '^x$', '-y'];
const controlSequence = '\u001b[';

describe('mig on a terminal', { skip: noTerminal }, () => {
  let asked: NothingFound;
  let platform: ToyPlatform;

  before(async () => {
    asked = await NothingFound.start();
    ({ platform } = asked);
  });
  after(() => platform?.close());

  const environment = () => asked.environment();

  const onTerminal = (columns: number, words: readonly string[], typing: Typing = []) =>
    runOnTerminal({ command: [migCommand, ...words], env: environment(), columns, typing });

  const drawnIn = (screen: string): string[] =>
    screen
      .split(`\r${controlSequence}K`)
      .slice(1)
      .map((text) => text.split('\r', 1).join(''));

  test('draws one live line that ends complete, in the width that there is', async () => {
    const { code, screen } = await onTerminal(30, question);
    assert.equal(code, 1, screen);
    const drawn = drawnIn(screen);
    assert.ok(drawn.length > 0 && drawn.every((line) => line.length < 30), screen);
    assert.match(drawn.at(-1) ?? '', /^1 \/ 1 \[=+/);
  });

  test('stops following on ctrl+c, and says how to come back', async () => {
    asked.endless = true;
    const { code, screen } = await onTerminal(120, question, [['0 / 1 [', '\u0003']]).finally(() => {
      asked.endless = false;
    });
    assert.equal(code, 130, screen);
    assert.match(screen, /come back to it with: mig follow [0-9a-f]{32}/);
  });

  test('draws no wider than a window that becomes smaller', async () => {
    asked.endless = true;
    const shrink = (terminal: string): void => {
      spawnSync('stty', ['-F', terminal, 'cols', '20']);
    };
    const { code, screen } = await onTerminal(120, question, [
      ['0 / 1 [                    ] 0.00%', shrink],
      // The next drawing, which ends where the window does.
      [`0 / 1 [            ${'\r'}`, '\u0003'],
    ]).finally(() => {
      asked.endless = false;
    });
    assert.equal(code, 130, screen);
    assert.ok(
      drawnIn(screen).some((line) => line.length === 19),
      screen,
    );
  });

  test('has colours, unless NO_COLOR says otherwise', async () => {
    /** Whether there is a Select Graphic Rendition (ECMA-48, SGR). */
    const isColoured = (screen: string): boolean => screen.split(controlSequence).some((text) => /^[\d;]*m/.test(text));
    assert.ok(isColoured((await onTerminal(120, question)).screen));
    platform.environment.NO_COLOR = '1';
    try {
      assert.ok(!isColoured((await onTerminal(120, question)).screen));
    } finally {
      delete platform.environment.NO_COLOR;
    }
  });

  test('composes an action file step by step, and says at once what is wrong', async () => {
    const file = join(platform.folder, 'composed.json');
    mkdirSync(join(platform.folder, 'mig'), { recursive: true });
    platform.write('mig/config.json', JSON.stringify({ targets: { webservers: "tags->>'team' = 'web'" } }));
    const { code, screen } = await onTerminal(
      200,
      ['new', file],
      [
        ['name', 'Web shells\r'],
        ['Ticket', 'INC-7\r'],
        ['Whom', "nmae = 'x'\r"],
        ['did you mean name?', '\u0015webserver\r'],
        ['did you mean webservers?', '\u0015found:7\r'],
        ['expected found:ID', `\u0015found:${'0'.repeat(32)} AND nmae = 'web1'\r`],
        ['expected a column', '\u0015webservers\r'],
        ['look at?', 'file\r'],
        ['look for?', '-path\r'],
        ['-path (', '/srv/www\r'],
        ['look for?', '-size\r'],
        ['-size (', 'big\r'],
        ['expected a size', '\u0015<10k\r'],
        ['= <10k', '\r'],
        ['as well?', '\r'],
      ],
    );
    assert.equal(code, 0, screen);
    const { name, threat, target, operations } = JSON.parse(readFileSync(file, 'utf8'));
    assert.deepEqual([name, threat, target], ['Web shells', { ref: 'INC-7' }, "tags->>'team' = 'web'"]);
    assert.equal(operations.length, 1);
    assert.deepEqual(operations[0].parameters.searches.s1.sizes, ['<10k']);
    const again = await runProgram(migCommand, ['run', file, '-print'], { env: environment() });
    assert.equal(again.code, 0, again.stderr);
    // What stays on the screen of each question.
    const stayed = stripVTControlCharacters(screen)
      .split(/\r?\n/)
      .filter((line) => line.includes('✔') || line.startsWith('next: '))
      .map((line) => line.slice(Math.max(0, line.lastIndexOf('✔'))).trimEnd());
    const transcript = ['$ mig new /srv/question.json', ...stayed].join('\n').replaceAll(file, '/srv/question.json');
    const page = readFileSync(join(projectRoot, 'docs', 'investigator.md'), 'utf8');
    assert.ok(page.includes(`\`\`\`text\n${transcript}\n\`\`\`\n`), `expected in the page:\n${transcript}`);
  });

  test('asks for a passphrase without showing it, and ends on ctrl+c', async () => {
    const { privateKey } = await generateKey({
      userIDs: [{ name: 'locked' }],
      passphrase: 'a secret',
      format: 'armored',
    });
    const key = platform.environment.MIG_KEY ?? '';
    platform.environment.MIG_KEY = platform.write('locked.asc', privateKey);
    try {
      const opened = await onTerminal(120, question, [['passphrase of', 'a secret\r']]);
      assert.equal(opened.code, 1, opened.screen);
      assert.ok(!opened.screen.includes('a secret'));
      const left = await onTerminal(120, question, [['passphrase of', '\u0003']]);
      assert.equal(left.code, 130, left.screen);
    } finally {
      platform.environment.MIG_KEY = key;
    }
  });

  describe('says by its exit code', () => {
    const endings: readonly (readonly [string, number, readonly string[], RelayScript['counts']])[] = [
      ['that it helped', exitCodes.found, ['help'], countsOf('succeeded', 1)],
      ['that nothing was found', exitCodes.nothingFound, question, countsOf('succeeded', 1)],
      ['that a flag is wrong', exitCodes.error, [...question, '-nmae', 'x'], countsOf('succeeded', 1)],
      ['that an agent is silent', exitCodes.incomplete, question, countsOf('succeeded', 2)],
    ];
    for (const [name, expected, words, counts] of endings)
      test(name, async () => {
        const before = platform.relay.script.counts;
        platform.relay.script.counts = counts;
        const { code, stderr } = await runProgram(migCommand, words, { env: environment() });
        platform.relay.script.counts = before;
        assert.equal(code, expected, stderr);
      });
  });

  test('writes no control codes into a pipe', async () => {
    const { code, stdout, stderr } = await runProgram(migCommand, question, { env: environment() });
    assert.equal(code, 1, stderr);
    assert.ok(!(stdout + stderr).includes(controlSequence) && !stderr.includes('\r'));
  });
});
