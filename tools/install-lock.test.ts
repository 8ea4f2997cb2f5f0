/** Commands in a fresh clone: two at once install once. Played with tools/run.mjs itself and an npm that only pretends. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, it, type TestContext } from 'node:test';
import { projectRoot } from './lab/lab.ts';

const npm = `import { appendFileSync, existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
appendFileSync('log', 'begin ');
rmSync('node_modules', { recursive: true, force: true });
await setTimeout(500);
if (existsSync('refuse')) process.exit(1);
mkdirSync('node_modules/.bin', { recursive: true });
symlinkSync(process.execPath, 'node_modules/.bin/node');
appendFileSync('log', 'end ');
`;

function makeClone(context: TestContext) {
  const root = mkdtempSync(join(tmpdir(), 'mig-clone-'));
  context.after(() => rmSync(root, { recursive: true }));
  for (const file of ['tools/run.mjs', 'tools/install-lock.mjs', 'builder/toolchain/install.mjs'])
    cpSync(join(projectRoot, file), join(root, file));
  cpSync(join(projectRoot, 'builder/toolchain/library.mjs'), join(root, 'builder/toolchain/library.mjs'));
  for (const folder of ['modules', '.cache']) mkdirSync(join(root, folder));
  writeFileSync(join(root, 'package-lock.json'), '{}');
  writeFileSync(join(root, 'npm.mjs'), npm);
  writeFileSync(join(root, 'hello.mjs'), "console.log('hello');");
  const lock = join(root, '.cache', 'install.lock');
  return {
    root,
    lock,
    log: () => readFileSync(join(root, 'log'), 'utf8').trim(),
    run: async () => {
      const env = { ...process.env, npm_execpath: join(root, 'npm.mjs') };
      const child = spawn(process.execPath, [join(root, 'tools/run.mjs'), 'hello.mjs'], { cwd: root, env });
      const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
      return { stdout, stderr, code };
    },
  };
}

/** Of a process that has ended. */
const deadPid = (): string => String(spawnSync(process.execPath, ['-e', '']).pid);

describe('the first commands in a fresh clone', () => {
  it('install once when there are several at once: the others wait', async (context) => {
    const clone = makeClone(context);
    const results = await Promise.all([clone.run(), clone.run(), clone.run()]);
    for (const { stdout, code, stderr } of results) assert.deepEqual([stdout, code], ['hello\n', 0], stderr);
    assert.equal(clone.log(), 'begin end');
    assert.equal(results.filter(({ stderr }) => /^waiting for process \d+, /m.test(stderr)).length, 2);
    assert.equal(existsSync(clone.lock), false);
  });

  it('take over the lock of an owner that is dead, one of them', async (context) => {
    const clone = makeClone(context);
    writeFileSync(clone.lock, deadPid());
    const results = await Promise.all([clone.run(), clone.run()]);
    for (const { stdout, stderr } of results) assert.equal(stdout, 'hello\n', stderr);
    assert.equal(clone.log(), 'begin end');
  });

  it('take over a lock that its owner left long ago, though another process has its pid', async (context) => {
    const clone = makeClone(context);
    writeFileSync(clone.lock, String(process.pid));
    const longAgo = new Date(Date.now() - 3_600_000);
    utimesSync(clone.lock, longAgo, longAgo);
    assert.equal((await clone.run()).stdout, 'hello\n');
  });

  it('leave no lock behind when the installation fails, and the next one tries again', async (context) => {
    const clone = makeClone(context);
    writeFileSync(join(clone.root, 'refuse'), '');
    assert.equal((await clone.run()).code, 2);
    assert.equal(existsSync(clone.lock), false);
    rmSync(join(clone.root, 'refuse'));
    assert.equal((await clone.run()).stdout, 'hello\n');
    assert.equal(clone.log(), 'begin begin end');
  });
});
