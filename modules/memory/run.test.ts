import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { describe, it } from 'node:test';
import { Receipt } from '../../protocol/result.ts';
import { copyPath, emptyLibrary, startTarget } from '../shared/testing/target.ts';
import type { SignName } from './signs.ts';
import { ask, askAll, toPids } from './testing/ask.ts';

/** All signs but that of compilers, which a machine with Node on it always has. */
const signs: readonly SignName[] = ['anonymous-code', 'deleted-code', 'altered-code', 'preload', 'false-kernel-thread'];

/** Signs of the processes of that name, as `name: detail`. */
async function findSigns(name: string, asked: readonly SignName[] = signs): Promise<string[]> {
  const { hits } = await ask({ names: [`^${name}$`], signs: [...asked], options: { matchall: true } });
  return hits.flatMap(({ search }) => (search.signs ?? []).map(({ value, detail }) => `${value}: ${detail}`));
}

describe('the signs of an implant', () => {
  it('are none in a process that does nothing wrong', async () => {
    const target = await startTarget(['wait'], { name: 'mig-clean' });
    assert.deepEqual(await findSigns('mig-clean'), []);
    assert.deepEqual(toPids((await ask({ names: ['^mig-clean$'] })).hits), [target.pid]);
  });

  it('are seen in code that no file stands behind', async () => {
    await startTarget(['anonymous-code'], { name: 'mig-anonymous' });
    assert.deepEqual(await findSigns('mig-anonymous'), ['anonymous-code: 1 mappings, 4 KiB, writable']);
  });

  it('are not explained by a file that is only called like a compiler', async () => {
    await startTarget(['anonymous-code'], { name: 'luajit', env: {} });
    const found = await findSigns('luajit', ['anonymous-code', 'jit-code']);
    // The copy belongs to whoever runs the tests: only root's files are trusted.
    const expected = process.getuid?.() === 0 ? 'jit-code' : 'anonymous-code';
    assert.deepEqual(found, [`${expected}: 1 mappings, 4 KiB, writable`]);
  });

  it('are seen in a program that was deleted', async () => {
    await startTarget(['wait'], { name: 'mig-deleted' });
    assert.deepEqual(await findSigns('mig-deleted'), []);
    rmSync(copyPath('mig-deleted'));
    assert.deepEqual(await findSigns('mig-deleted'), [`deleted-code: ${copyPath('mig-deleted')}`]);
  });

  it('are seen in a program that never was on disk', async () => {
    const target = await startTarget(['memory-file']);
    const { hits } = await ask({ signs: [...signs], names: ['memfd:mig-test'], options: { matchall: true } });
    assert.deepEqual(hits, [
      {
        process: { pid: target.pid, name: hits[0]?.process.name, path: '/memfd:mig-test' },
        search: {
          names: [{ value: 'memfd:mig-test' }],
          signs: [{ value: 'deleted-code', detail: '/memfd:mig-test' }],
        },
      },
    ]);
  });

  it('are seen in code that was patched in memory', async () => {
    await startTarget(['altered-code'], { name: 'mig-altered' });
    assert.deepEqual(await findSigns('mig-altered'), [`altered-code: ${copyPath('mig-altered')}, 1 pages`]);
  });

  it('are seen in a preloaded library', async () => {
    const library = await emptyLibrary();
    await startTarget(['wait'], { name: 'mig-preloaded', env: { LD_PRELOAD: library } });
    assert.deepEqual(await findSigns('mig-preloaded'), [`preload: LD_PRELOAD=${library}`]);
  });

  it('are seen in a program that calls itself a thread of the kernel', async () => {
    await startTarget(['wait'], { name: 'mig-argument', argv0: '[kworker/0:1]' });
    await startTarget(['named', 'kworker/0:1-ev'], { name: 'mig-named' });
    const { hits } = await ask({ signs: ['false-kernel-thread'] });
    const details = hits.flatMap(({ search }) => (search.signs ?? []).map(({ detail }) => detail));
    assert.ok(details.includes('[kworker/0:1]'), String(details));
    assert.ok(details.includes('kworker/0:1-ev, mig-named'), String(details));
  });
});

describe('a search in all processes', () => {
  it('says what matched and in which kind of memory, and nothing of the memory', async () => {
    const bytes = randomBytes(12).toString('hex');
    const target = await startTarget(['plant', '65536'], { name: 'mig-answer' });
    await target.send(`put 100 ${bytes}`, `put 9000 ${Buffer.from('mig-secret-4711').toString('hex')}`);
    const answer = await ask({
      names: ['^mig-answer$'],
      libraries: ['/libc\\.so'],
      bytes: [bytes],
      contents: ['mig-secret-[0-9]+', 'mig-(?:secret)-47'],
      options: { matchall: true },
    });
    const [library] = answer.hits[0]?.search.libraries ?? [];
    assert.deepEqual(answer.elements, {
      s1: [
        {
          process: { pid: target.pid, name: 'mig-answer', path: copyPath('mig-answer') },
          search: {
            names: [{ value: '^mig-answer$' }],
            libraries: [{ value: '/libc\\.so', detail: library?.detail }],
            bytes: [{ value: bytes, mapping: 'anonymous' }],
            contents: [
              { value: 'mig-secret-[0-9]+', mapping: 'anonymous' },
              { value: 'mig-(?:secret)-47', mapping: 'anonymous' },
            ],
          },
        },
      ],
    });
    assert.match(library?.detail ?? '', /\/libc\.so/);
    assert.ok(!JSON.stringify(answer).includes('secret-4711'));
    assert.deepEqual(
      { found: answer.foundanything, cutshort: answer.receipt.cutshort, errors: answer.errors },
      { found: true, cutshort: null, errors: [] },
    );
    assert.ok(Receipt.safeParse(answer.receipt).success);
  });

  it('lists a process for any filter unless all must match', async () => {
    const one = await startTarget(['plant', '65536'], { name: 'mig-any-one' });
    const two = await startTarget(['plant', '65536'], { name: 'mig-any-two' });
    const text = `mig-${randomBytes(8).toString('hex')}`;
    await two.send(`put 0 ${Buffer.from(text).toString('hex')}`);
    const search = { names: ['^mig-any-one$'], contents: [`${text.slice(0, -1)}[${text.slice(-1)}]`] };
    const any = await ask(search);
    assert.deepEqual(toPids(any.hits).sort(), [one.pid, two.pid].sort());
    assert.deepEqual((await ask({ ...search, options: { matchall: true } })).hits, []);
  });

  it('never finds its own patterns in itself', async () => {
    const text = `mig-${randomBytes(8).toString('hex')}`;
    const { hits, receipt } = await ask({ contents: [text], bytes: [Buffer.from(text).toString('hex')] });
    assert.deepEqual(hits, []);
    assert.ok(receipt.skipped.some(({ reason, count }) => reason === 'protected' && count >= 1));
  });

  it('reads each process once for all searches', async () => {
    const target = await startTarget(['plant', '65536'], { name: 'mig-once' });
    await target.send(`put 0 ${Buffer.from('mig-once-text').toString('hex')}`);
    const search = { names: ['^mig-once$'], options: { matchall: true } };
    const absent = 'mig-not-in-any-[p]rocess';
    const one = await askAll({ a: { ...search, contents: [absent] } });
    const three = await askAll({
      a: { ...search, contents: [absent] },
      b: { ...search, contents: ['mig-once-tex[t]'] },
      c: { ...search, bytes: ['00112233445566778899aabbccddeeff00'] },
    });
    assert.deepEqual(toPids(three.elements.b ?? []), [target.pid]);
    assert.equal(three.statistics.memoryread, one.statistics.memoryread);
  });

  it('reads no memory for names, libraries and signs', async () => {
    const { statistics } = await ask({ names: ['.'], libraries: ['libc'], signs: ['anonymous-code', 'deleted-code'] });
    assert.equal(statistics.memoryread, 0);
    assert.ok(statistics.totalhits > 0);
  });

  it('ends at its match limit and says so', async () => {
    const { hits, receipt, errors } = await ask({ names: ['.'], options: { matchlimit: 3 } });
    assert.equal(hits.length, 3);
    assert.equal(receipt.cutshort, 'match-limit');
    assert.match(errors.join('\n'), /'s1' ended at its match limit of 3/);
  });

  it('ends when the result is full and says so', async () => {
    const { receipt } = await askAll({ s1: { names: ['.'] } }, undefined, { resultBytes: 1000 });
    assert.equal(receipt.cutshort, 'result-size');
  });

  it('ends with a signal and says why', async () => {
    const { receipt } = await askAll(
      { s1: { contents: ['zzz'] } },
      AbortSignal.abort(new DOMException('', 'TimeoutError')),
    );
    assert.equal(receipt.cutshort, 'time');
  });

  it('takes zombies and threads of the kernel as they are', async () => {
    await startTarget(['zombie'], { name: 'mig-zombie' });
    const { hits, success } = await ask({
      contents: ['mig-not-in-any-[p]rocess'],
      signs: [...signs],
      names: ['^mig-zombie$'],
    });
    assert.equal(success, true);
    assert.equal(hits.filter(({ process }) => process.name === 'mig-zombie').length, 2);
  });
});
