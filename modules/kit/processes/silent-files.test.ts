/** Every module that reads processes skips and reports files on a file system that never answers. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { askAll as askAllMemory, ask as askMemory, type SearchInput } from '../../memory/testing/ask.ts';
import { askAll as askAllProcess, ask as askProcess } from '../../process/testing/ask.ts';
import type { Protection } from '../gate.ts';
import { mountSilentFiles, noFuse, type SilentFiles } from '../testing/fuse.ts';

describe('of a file system that never answers', { skip: noFuse ?? false }, () => {
  const scratch = mkdtempSync(join(tmpdir(), 'mig-silent-'));
  let files: SilentFiles;
  before(async () => {
    files = await mountSilentFiles(scratch);
  });
  after(async () => {
    await files?.end();
    rmSync(scratch, { recursive: true, force: true });
  });

  const filters: readonly Pick<SearchInput, 'contents' | 'bytes' | 'signs'>[] = [
    { contents: ['no such thing'] },
    { bytes: ['deadbeef00112233'] },
    { signs: ['altered-code'] },
  ];
  for (const filter of filters)
    test(`mapped pages are not read for ${Object.keys(filter)[0]}`, async () => {
      for (let round = 0; round < 20; round += 1) {
        const { receipt } = await askMemory({ names: ['^fuse-server$'], ...filter, options: { matchall: true } });
        assert.ok(receipt.skipped.some(({ reason }) => reason === 'remote-file'));
        assert.equal(receipt.cutshort, null);
      }
    });

  test('an executable is not digested', async () => {
    const { receipt } = await askProcess({ exes: [`^${files.folder}/held$`], options: { returnsha256: true } });
    // Other processes of this machine may be skipped for other reasons.
    assert.ok(receipt.skipped.some(({ reason }) => reason === 'remote-file'));
  });

  // Opening the executable to look for the mark blocked the module in the kernel, and its findings were lost.
  test('an executable is not asked whether it is an agent, which no agent looks into', async () => {
    const protection: Protection = {
      rules: [],
      contents: [{ kind: 'agent-executable', mayRead: false }],
      questions: 0,
    };
    const { signal } = new AbortController();
    const digests = { exes: [`^${files.folder}/held$`], options: { returnsha256: true } };
    const processes = await askAllProcess({ s1: digests }, signal, {}, protection);
    assert.ok(processes.receipt.skipped.some(({ reason }) => reason === 'remote-file'));
    const contents = { names: ['^held$'], contents: ['no such thing'] };
    const memory = await askAllMemory({ s1: contents }, signal, {}, protection);
    assert.ok(memory.receipt.skipped.some(({ reason }) => reason === 'remote-file'));
    assert.deepEqual([processes.receipt.cutshort, memory.receipt.cutshort], [null, null]);
  });
});
