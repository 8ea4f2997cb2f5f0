/** `mig` with a key that gpg holds, on a real terminal: where the passphrase is asked for, and by whom the screen is written. */
import assert from 'node:assert/strict';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { type FakePinentry, installPinentry } from '../investigator/testing/fake-pinentry.ts';
import { type GpgHome, makeGpgHome } from '../investigator/testing/gpg-home.ts';
import { migCommand } from '../tools/lab/lab.ts';
import { NothingFound } from './nothing-found.ts';
import { noTerminal, runOnTerminal } from './run-on-terminal.ts';

const passphrase = 'correct horse';
const question = ['file', '-t', 'all', '-path', '/srv', '-name', '^x$', '-y'];

describe('a passphrase that gpg asks for', { skip: noTerminal }, () => {
  let asked: NothingFound;
  let home: GpgHome;
  let pinentry: FakePinentry;

  before(async () => {
    asked = await NothingFound.start();
    home = makeGpgHome();
    pinentry = installPinentry(home.directory);
    asked.platform.environment.MIG_KEY = home.newKey('locked', 'ed25519', 'cv25519', 'sign', passphrase);
  });
  beforeEach(() => pinentry.answer(passphrase));
  after(async () => {
    home.remove();
    await asked.platform.close();
  });

  const ask = (env: NodeJS.ProcessEnv = {}) => {
    const { GPG_TTY: _, ...given } = asked.environment();
    const all = { ...given, GNUPGHOME: home.directory, ...env };
    return runOnTerminal({ command: [migCommand, ...question], env: all, columns: 120, typing: [] });
  };

  for (const [name, env] of [
    ['is asked for on this terminal, without GPG_TTY', {}],
    ['and with one that names none, as of a cron job', { GPG_TTY: 'not a tty' }],
  ] as const)
    test(name, async () => {
      const { code, screen } = await ask(env);
      assert.equal(code, 1, screen);
      const terminal = screen.split('\r', 1).join('');
      assert.match(terminal, /^\/dev\//);
      assert.ok(pinentry.told().includes(`OPTION ttyname=${terminal}`), pinentry.told().join('\n'));
    });

  // The shell behind it was left on the second screen, as after an editor that was killed.
  test('gives the terminal back when ctrl+c ends it', async () => {
    const files = ['holds', 'windows'].map((name) => join(home.directory, name));
    for (const file of files) writeFileSync(file, '');
    try {
      const { GPG_TTY: _, ...given } = asked.environment();
      const script = `trap : INT; ${migCommand} ${question.join(' ')}; echo code $?; stty -a; echo end`;
      const { screen } = await runOnTerminal({
        command: ['sh', '-c', script],
        env: { ...given, GNUPGHOME: home.directory },
        columns: 120,
        typing: [['PINENTRY UP', '\u0003']],
      });
      const [, after = ''] = screen.split('PINENTRY UP');
      assert.ok(after.includes('\u001b[?1049l\u001b[?25h'), after);
      assert.match(after, /interrupted\r\ncode 130/);
      assert.match(after, / icrnl .* icanon .* echo /s);
    } finally {
      for (const file of files) rmSync(file);
    }
  });

  test('has the screen for itself while it is asked for', async () => {
    const file = (name: string): string => join(home.directory, name);
    // The session is there: the question is signed while the relay counts agents, and what it counts is to be said.
    await ask();
    pinentry.answer(passphrase);
    writeFileSync(file('holds'), '');
    const { script } = asked.platform.relay;
    const before = script.override;
    const prompts = (): number => pinentry.told().filter((line) => line === 'GETPIN').length;
    const promptsBefore = prompts();
    script.override = (request, response) => {
      if (request.url?.endsWith('/agents/search') !== true) return false;
      const waiting = setInterval(() => {
        if (prompts() === promptsBefore) return;
        clearInterval(waiting);
        response.end(JSON.stringify({ agents: [], total: 1, next: null }));
      }, 20);
      response.once('finish', () => setTimeout(() => writeFileSync(file('lets-go'), ''), 1000));
      return true;
    };
    try {
      const { code, screen } = await ask();
      assert.equal(code, 1, screen);
      assert.ok(existsSync(file('lets-go')));
      const [during] = /(?<=PINENTRY UP).*?(?=PINENTRY DOWN)/s.exec(screen) ?? assert.fail(screen);
      assert.equal(during, '');
      assert.match(screen, /PINENTRY DOWN.*1 agent will be targeted, and any that comes up within 5m\. GO/s);
    } finally {
      script.override = before;
      for (const name of ['holds', 'lets-go']) rmSync(file(name), { force: true });
    }
  });
});
