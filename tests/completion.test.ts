/** Completion as people use it: installed as in docs/investigator.md, in an interactive shell on a real terminal. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { migCommand } from '../tools/lab/lab.ts';

interface Shell {
  readonly name: string;
  readonly command: string;
  /** Typed first, to install the completion. */
  readonly install: readonly string[];
}

const shells: readonly Shell[] = [
  { name: 'bash', command: 'bash --norc --noprofile -i', install: ['source <(mig completion bash)'] },
  {
    name: 'zsh',
    command: 'zsh -f -i',
    install: [
      // biome-ignore lint/suspicious/noTemplateCurlyInString: zsh's own.
      'fpath=($HOME/zsh $fpath); mig completion zsh > "${fpath[1]}/_mig"',
      'autoload -Uz compinit; compinit -u -d $HOME/zsh/dump',
    ],
  },
  { name: 'fish', command: 'fish', install: ['mig completion fish > ~/.config/fish/completions/mig.fish'] },
];

const missing = ['tmux', ...shells.map(({ name }) => name)].filter(
  (name) => spawnSync(name, [name === 'tmux' ? '-V' : '--version']).status !== 0,
);

/** The typed text, and the expected screen after a tab. A second tab lists the choices that the first one left open. */
const completions: readonly (readonly [typed: string, expected: RegExp, ...tabs: 'Tab'[]])[] = [
  ['mig netst', /mig netstat$/m, 'Tab'],
  ['mig withd', /mig withdraw$/m, 'Tab'],
  ['mig file -decom', /mig file -decompress$/m, 'Tab'],
  ['mig file -t onl', /mig file -t online$/m, 'Tab'],
  ['mig file -path /usr/bi', /mig file -path \/usr\/bin/, 'Tab'],
  ['mig show -f nd', /mig show -f ndjson$/m, 'Tab'],
  ['mig trust pub', /mig trust publish$/m, 'Tab'],
  ['mig run /etc/hostn', /mig run \/etc\/hostname$/m, 'Tab'],
  ['mig policy expl', /mig policy explain$/m, 'Tab'],
  ['mig policy /etc/hostn', /mig policy \/etc\/hostname$/m, 'Tab'],
  ['mig policy check /etc/hostn', /mig policy check \/etc\/hostname$/m, 'Tab'],
  ['mig propos', /proposals[\s\S]*propose|propose[\s\S]*proposals/, 'Tab', 'Tab'],
];

describe('completion in an interactive shell', () => {
  let home: string;
  let socket: string;
  before(() => {
    home = mkdtempSync(join(tmpdir(), 'mig-completion-'));
    socket = join(home, 'tmux');
    mkdirSync(join(home, 'zsh'));
    mkdirSync(join(home, '.config', 'fish', 'completions'), { recursive: true });
    // Otherwise fish makes completions of all man pages, in a process that outlives it.
    mkdirSync(join(home, '.local', 'share', 'fish', 'generated_completions'), { recursive: true });
    // Without a greeting, and without suggestions from the history.
    const quiet = 'set -g fish_greeting; set -g fish_autosuggestion_enabled 0\n';
    writeFileSync(join(home, '.config', 'fish', 'config.fish'), quiet);
  });
  after(async () => {
    const shellIds = tmux('list-panes', '-a', '-F', '#{pane_pid}').split('\n').filter(Boolean);
    tmux('kill-server');
    // They still write their histories.
    while (shellIds.some((id) => existsSync(`/proc/${id}`))) await setImmediate();
    rmSync(home, { recursive: true, force: true });
  });

  function tmux(...words: readonly string[]): string {
    const env = {
      PATH: `${dirname(migCommand)}:${process.env.PATH}`,
      HOME: home,
      PS1: '$ ',
      LANG: 'C.UTF-8',
      TERM: 'xterm',
    };
    return spawnSync('tmux', ['-S', socket, '-f', '/dev/null', ...words], { env, encoding: 'utf8' }).stdout;
  }

  /** @returns the screen once it matches. */
  async function waitFor(shell: string, sign: RegExp, signal: AbortSignal): Promise<string> {
    for (;;) {
      const screen = tmux('capture-pane', '-p', '-t', shell);
      if (sign.test(screen)) return screen;
      if (signal.aborted) assert.fail(`expected ${sign} on the screen:\n${screen}`);
      await setImmediate();
    }
  }

  const type = (shell: string, text: string, ...keys: readonly string[]): void => {
    tmux('send-keys', '-t', shell, '-l', text);
    if (keys.length > 0) tmux('send-keys', '-t', shell, ...keys);
  };

  for (const { name, command, install } of shells) {
    const isMissing = missing.some((one) => one === name || one === 'tmux');
    const skip = isMissing ? `NOT TESTED: ${missing.join(', ')} not installed` : false;
    describe(name, { skip }, () => {
      before(() => {
        tmux('new-session', '-d', '-s', name, '-x', '160', '-y', '50', command);
      });

      test('is installed as the page says', { timeout: 20_000 }, async ({ signal }) => {
        for (const [index, line] of install.entries()) {
          // The typed text has the word in two pieces.
          type(name, `${line}; echo in''stalled-${index}`, 'Enter');
          await waitFor(name, new RegExp(`installed-${index}`), signal);
        }
      });

      for (const [typed, expected, ...tabs] of completions)
        test(`completes ${typed}`, { timeout: 20_000 }, async ({ signal }) => {
          type(name, "clear; echo cle''ared", 'Enter');
          await waitFor(name, /cleared/, signal);
          type(name, typed);
          // Zsh takes a tab that comes with other keys for a paste.
          await waitFor(name, new RegExp(`${typed}$`, 'm'), signal);
          tmux('send-keys', '-t', name, ...tabs);
          const screen = await waitFor(name, expected, signal);
          assert.doesNotMatch(screen, /command not found|parse error|syntax error|_arguments:|compdef:/);
          tmux('send-keys', '-t', name, 'C-u');
        });
    });
  }
});
