/** What the programs do where nothing can be kept, in places that containers, rescue systems and cron really have. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { runProgram } from '../tools/lab/child.ts';
import { migCommand, projectRoot } from '../tools/lab/lab.ts';
import { NothingFound } from './nothing-found.ts';

const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
const onlyRoot = isRoot ? false : 'only root can mount, and be another user';
/** Of nobody: no line of passwd(5) has it. */
const strangerId = 54_321;

describe('mig where nothing can be kept', () => {
  let asked: NothingFound;
  let scratch: string;
  before(async () => {
    asked = await NothingFound.start();
    scratch = mkdtempSync(join(tmpdir(), 'mig-lost-'));
    chmodSync(scratch, 0o755);
  });
  after(async () => {
    await asked.platform.close();
    rmSync(scratch, { recursive: true, force: true });
  });

  const ask = (env: NodeJS.ProcessEnv) => {
    const given = { ...asked.environment(), ...env };
    return runProgram(migCommand, ['file', '-t', 'all', '-path', '/srv', '-name', '^x$'], { env: given });
  };

  function assertAnswered({ code, stderr }: Awaited<ReturnType<typeof ask>>, reason: RegExp): void {
    assert.equal(code, 1, stderr);
    assert.match(stderr, /^answered: 1 fully/m);
    const told = stderr.split('\n').filter((line) => line.startsWith('nothing can be kept in '));
    assert.equal(told.length, 1, stderr);
    assert.match(told[0] ?? '', reason);
    assert.doesNotMatch(stderr, / {4}at /);
  }

  test('as below a file, or in /proc, answers and says so once', async () => {
    writeFileSync(join(scratch, 'file'), '');
    assertAnswered(await ask({ XDG_STATE_HOME: join(scratch, 'file') }), /no such file or folder/);
    if (process.platform === 'linux')
      assertAnswered(await ask({ XDG_STATE_HOME: '', HOME: '/proc/x' }), /\/proc\/x\/\.local\/state\/mig \(no such/);
  });

  test('as on a full, or a read-only, file system answers and says so once', { skip: onlyRoot }, async () => {
    const folder = join(scratch, 'mounted');
    mkdirSync(folder);
    for (const [options, fill, reason] of [
      ['size=64k', true, /a full file system/],
      ['ro', false, /cannot be written to/],
    ] as const) {
      assert.equal(spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]).status, 0);
      try {
        if (fill) {
          mkdirSync(join(folder, 'mig'));
          spawnSync('dd', ['if=/dev/zero', `of=${join(folder, 'filler')}`, 'bs=4k']);
        }
        assertAnswered(await ask({ XDG_STATE_HOME: folder }), reason);
      } finally {
        spawnSync('umount', [folder]);
      }
    }
  });

  test('with an unreadable config file goes by the variables, and names the file where one is missing', async () => {
    writeFileSync(join(scratch, 'in-the-way'), '');
    const env = { XDG_CONFIG_HOME: join(scratch, 'in-the-way'), XDG_STATE_HOME: scratch };
    assert.equal((await ask(env)).code, 1);
    mkdirSync(join(scratch, 'mig', 'config.json'), { recursive: true });
    const { code, stderr } = await ask({ XDG_CONFIG_HOME: scratch, XDG_STATE_HOME: scratch, MIG_FLEET: '' });
    assert.equal(code, 2);
    assert.match(stderr, /config\.json, which could not be read \(a folder\)/);
  });

  test('a user whom the system does not know asks of this machine', { skip: onlyRoot }, () => {
    const program = join(projectRoot, 'dist', 'tools', 'mig.cjs');
    const words = [
      process.execPath,
      program,
      'file',
      '-t',
      'local',
      '-path',
      '/etc',
      '-name',
      '^hostname$',
      '-maxdepth',
      '1',
    ];
    const own = ['--reuid', `${strangerId}`, '--regid', `${strangerId}`, '--clear-groups'];
    for (const env of [{}, { HOME: '' }, { TMPDIR: '/nonexistent' }]) {
      const { status, stderr } = spawnSync('setpriv', [...own, ...words], {
        env: { PATH: process.env.PATH, ...env },
        encoding: 'utf8',
      });
      assert.ok(status === 0 || status === 1, stderr);
      assert.match(stderr, /^answered: .* 0 failed, 0 silent/m);
    }
  });
});

describe('mig-server where nothing can be kept', { skip: process.platform === 'linux' ? false : 'needs /proc' }, () => {
  test('ends at once with a plain line', () => {
    const { status, stderr } = spawnSync(join(projectRoot, 'dist', 'bin', 'mig-server'), [], {
      env: { PATH: process.env.PATH, HOME: '/proc/x', MIG_INVESTIGATORS_DIR: tmpdir() },
      encoding: 'utf8',
      timeout: 30_000,
    });
    assert.equal(status, 2, stderr);
    assert.match(stderr, /^error: expected a folder to write to: .*\/proc\/x/m);
    assert.match(stderr, /^hint: set MIG_STATE_DIR/m);
  });
});
