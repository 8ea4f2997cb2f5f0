/** What lies beyond the amounts that are read is not known: no match there is no "no". */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { startTarget } from '../kit/testing/target.ts';
import { ask, toPids } from './testing/ask.ts';

const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
const cannot = isRoot ? false : 'only root on Linux may make such processes';
if (cannot !== false) process.stderr.write(`SKIPPED: processes beyond what is read: ${cannot}\n`);

const folder = mkdtempSync(join(tmpdir(), 'mig-caps-'));
after(() => rmSync(folder, { recursive: true }));

type Filter = Partial<Parameters<typeof ask>[0]>;

async function askOf(name: string, filter: Filter) {
  const { hits, receipt } = await ask({ names: [`^${name}$`], ...filter, options: { matchall: true } });
  return { pids: toPids(hits), undecided: receipt.skipped.find(({ reason }) => reason === 'undecided')?.count ?? 0 };
}

describe('beyond what is read', { skip: cannot }, () => {
  it('of the mappings, nothing is ruled out', async () => {
    // Each line of the list has the whole path.
    const path = join(folder, ...Array.from({ length: 15 }, () => 'x'.repeat(240)), 'mapped-file');
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, 'content');
    const { pid } = await startTarget(['many-mappings', '12000', path], { name: 'mig-mappings' });
    const found = { pids: [pid], undecided: 0 };
    const unknown = { pids: [], undecided: 1 };
    assert.deepEqual(await askOf('mig-mappings', { libraries: ['mapped-file$'] }), found);
    assert.deepEqual(await askOf('mig-mappings', { libraries: ['nowhere\\.so$'] }), unknown);
    assert.deepEqual(await askOf('mig-mappings', { contents: ['no such text [0-9]+ anywhere'] }), unknown);
    assert.deepEqual(await askOf('mig-mappings', { signs: ['deleted-code'] }), unknown);
  });

  it('of changed code, nothing is ruled out', async () => {
    const path = join(folder, 'code');
    writeFileSync(path, '');
    truncateSync(path, 5000 * 4096);
    const { pid } = await startTarget(['patched-file', '4096', path], { name: 'mig-patched' });
    await startTarget(['patched-file', '4097', path], { name: 'mig-patched-much' });
    assert.deepEqual(await askOf('mig-patched', { signs: ['altered-code'] }), { pids: [pid], undecided: 0 });
    assert.deepEqual(await askOf('mig-patched-much', { signs: ['altered-code'] }), { pids: [], undecided: 1 });
  });

  it('of the environment, nothing is ruled out', async () => {
    const variable = 'LD_PRELOAD=/tmp/hidden.so';
    const eight = 8 * 1024 * 1024;
    const { pid } = await startTarget(['environment', String(eight - 100), variable], { name: 'mig-environ' });
    await startTarget(['environment', String(eight + 100), variable], { name: 'mig-environ-long' });
    assert.deepEqual(await askOf('mig-environ', { signs: ['preload'] }), { pids: [pid], undecided: 0 });
    assert.deepEqual(await askOf('mig-environ-long', { signs: ['preload'] }), { pids: [], undecided: 1 });
  });
});
