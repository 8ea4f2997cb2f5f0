/** Questions to this machine that meet a file system which never answers: they end in time, and when they are told to. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { mountSilentFiles, noFuse, type SilentFiles } from '../modules/kit/testing/fuse.ts';
import { runProgram } from '../tools/lab/child.ts';
import { migCommand } from '../tools/lab/lab.ts';

describe('a question to this machine that hangs', { skip: noFuse ?? false, timeout: 120_000 }, () => {
  let scratch: string;
  let silent: SilentFiles;
  let question: string[];
  beforeEach(async () => {
    scratch = mkdtempSync(join(tmpdir(), 'mig-hang-'));
    silent = await mountSilentFiles(scratch);
    question = ['file', '-t', 'local', '-path', join(silent.folder, 'held'), '-content', 'x'];
  });
  afterEach(async () => {
    await silent?.end();
    rmSync(scratch, { recursive: true, force: true });
  });

  test('ends when its time is up, and says so', async () => {
    let outcome = await runProgram(migCommand, [...question, '-seconds', '2']);
    // While all of its pages are in memory, the file is read.
    while (outcome.code === 0) outcome = await runProgram(migCommand, [...question, '-seconds', '2']);
    const { code, stderr } = outcome;
    assert.equal(code, 3, stderr);
    assert.match(stderr, /did not end within 2 s/);
  });

  /** Starts it until it hangs: while all pages of the file are in memory, it is answered. */
  async function start() {
    for (;;) {
      const child = spawn(migCommand, question, { stdio: ['ignore', 'ignore', 'pipe'] });
      const ended = once(child, 'exit');
      const hangs = await Promise.race([silent.untilRead().then(() => true), ended.then(() => false)]);
      if (hangs) return { child, ended };
    }
  }

  test('ends on SIGTERM', async () => {
    const { child, ended } = await start();
    child.kill('SIGTERM');
    assert.deepEqual(await ended, [null, 'SIGTERM']);
  });

  test('ends on Ctrl-C', async () => {
    const { child, ended } = await start();
    child.kill('SIGINT');
    assert.deepEqual(await ended, [130, null]);
  });

  test('ends at once on the second Ctrl-C', async () => {
    const { child, ended } = await start();
    child.kill('SIGINT');
    child.kill('SIGINT');
    assert.deepEqual(await ended, [130, null]);
  });
});
