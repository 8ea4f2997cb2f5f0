/** A hidden process holds a socket like any other: the socket is reported, its process is not. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { carryOut } from '../kit/carry-out.ts';
import type { Protection } from '../kit/gate.ts';
import { limits } from '../kit/testing/limits.ts';
import { module } from './module.ts';
import { run } from './run.ts';

const listen =
  "const s = require('node:net').createServer().listen(0, '127.0.0.1', () => console.log(s.address().port))";

async function askAbout(mayTell: boolean) {
  const child = spawn(process.execPath, ['-e', listen], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [line] = await once(child.stdout, 'data');
    const rules = [{ glob: realpathSync(process.execPath), mayRead: false, mayTell }];
    const protection: Protection = { rules, contents: [], questions: 0 };
    const context = { signal: new AbortController().signal, limits, protection };
    const port = String(line).trim();
    const result = await carryOut(module, run, { listeningport: [port] }, context);
    const [element] = module.elements.parse(result.elements).listeningport?.[port] ?? [];
    return { element, skipped: result.receipt.skipped.find(({ reason }) => reason === 'protected')?.count ?? 0 };
  } finally {
    child.kill('SIGKILL');
  }
}

/** @param below the folder in the socket's path. */
async function askAboutPath(mayTell: boolean, below: 'real' | 'link' = 'real') {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'mig-socket-')));
  mkdirSync(join(folder, 'real'));
  symlinkSync('real', join(folder, 'link'));
  const path = join(folder, below, 'listener');
  const server = createServer().listen(path);
  try {
    await once(server, 'listening');
    const rules = [{ glob: `${folder}/real/**`, mayRead: false, mayTell }];
    const protection: Protection = { rules, contents: [], questions: 0 };
    const context = { signal: new AbortController().signal, limits, protection };
    const result = await carryOut(module, run, { unixsocket: ['/listener$'] }, context);
    const elements = module.elements.parse(result.elements).unixsocket?.['/listener$'] ?? [];
    return { paths: elements.map((element) => element.path === path), receipt: result.receipt };
  } finally {
    server.close();
    rmSync(folder, { recursive: true });
  }
}

describe('a socket below a folder', () => {
  it('is told', async () => {
    assert.deepEqual((await askAboutPath(true)).paths, [true]);
  });

  it('is not told when what is in there must not be told of, and the receipt says so', async () => {
    const { paths, receipt } = await askAboutPath(false);
    assert.deepEqual(paths, []);
    assert.deepEqual(
      receipt.skipped.filter(({ reason }) => reason === 'protected'),
      [{ reason: 'protected', count: 1 }],
    );
  });
});

describe('a socket below a link to a folder', () => {
  it('is told', async () => {
    assert.deepEqual((await askAboutPath(true, 'link')).paths, [true]);
  });

  it('is not told when what is in the folder must not be told of', async () => {
    assert.deepEqual((await askAboutPath(false, 'link')).paths, []);
  });
});

describe('the holder of a socket', () => {
  it('is told', async () => {
    const { element, skipped } = await askAbout(true);
    assert.equal(element?.process?.name, 'node');
    assert.equal(skipped, 0);
  });

  it('is not told when it must not be told of, and the receipt says so', async () => {
    const { element, skipped } = await askAbout(false);
    assert.equal(element?.state, 'LISTEN');
    assert.equal(element?.process, undefined);
    assert.equal(skipped, 1);
  });
});
