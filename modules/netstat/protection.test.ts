/** A process that must not be told of holds a socket like any other: the socket is told, its process is not. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { realpathSync } from 'node:fs';
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
