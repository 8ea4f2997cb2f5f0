import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { arch } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import * as z from 'zod';
import { Receipt } from '../../protocol/result/result.ts';
import { copyPath, emptyLibrary, startTarget, targetProgram } from '../kit/testing/target.ts';
import { rareSigns, signNames } from './signs.ts';
import { ask, askAll, toPids } from './testing/ask.ts';

/** Signs of the processes with that name, each requested alone, as `name: detail`. */
async function findSigns(name: string): Promise<string[]> {
  const found: string[] = [];
  for (const sign of signNames) {
    const { hits } = await ask({ names: [`^${name}$`], signs: [sign], options: { matchall: true } });
    found.push(...hits.flatMap(({ search }) => (search.signs ?? []).map(({ value, detail }) => `${value}: ${detail}`)));
  }
  return found;
}

const CleanMachine = z.strictObject({
  started: z.array(z.string()),
  processes: z.number(),
  rare: z.array(z.string()),
  jit: z.array(z.string()),
});

const isRoot = process.getuid?.() === 0;

describe('the signs of an implant', () => {
  it('are none in a process that does nothing wrong', async () => {
    const target = await startTarget(['wait'], { name: 'mig-clean' });
    assert.deepEqual(await findSigns('mig-clean'), []);
    assert.deepEqual(toPids((await ask({ names: ['^mig-clean$'] })).hits), [target.pid]);
  });

  it('are seen in code that no file stands behind', async () => {
    await startTarget(['anonymous-code', '4096'], { name: 'mig-anonymous' });
    assert.deepEqual(await findSigns('mig-anonymous'), ['anonymous-code: 1 mapping, 4 KiB, writable']);
  });

  it('are not explained by a file that is only called like a compiler', async () => {
    await startTarget(['anonymous-code', '4096'], { name: 'luajit' });
    // The copy belongs to the tests' user: only root's files are trusted.
    const expected = isRoot ? 'jit-code' : 'anonymous-code';
    assert.deepEqual(await findSigns('luajit'), [`${expected}: 1 mapping, 4 KiB, writable`]);
  });

  it('are not explained by a library whose code looks otherwise', async () => {
    // Named like a server with PCRE, with as much code as PCRE generates.
    await startTarget(['anonymous-code', '65536'], { name: 'haproxy' });
    assert.deepEqual(await findSigns('haproxy'), ['anonymous-code: 1 mapping, 64 KiB, writable']);
  });

  it('are seen in a program that was deleted', async () => {
    await startTarget(['wait'], { name: 'mig-deleted' });
    assert.deepEqual(await findSigns('mig-deleted'), []);
    rmSync(copyPath('mig-deleted'));
    assert.deepEqual(await findSigns('mig-deleted'), [`deleted-code: ${copyPath('mig-deleted')}`]);
  });

  it('are seen in a program in whose place anybody put another', async () => {
    await startTarget(['wait'], { name: 'mig-exchanged' });
    rmSync(copyPath('mig-exchanged'));
    copyFileSync(await targetProgram(), copyPath('mig-exchanged'));
    assert.deepEqual(await findSigns('mig-exchanged'), [`deleted-code: ${copyPath('mig-exchanged')}`]);
  });

  for (const [what, after] of [
    ['a program of the same name', 'mig-updated.so.1.2'],
    ['a library of a later version', 'mig-updated.so.1'],
  ] as const)
    it(`are common ones after an update to ${what}`, {
      skip: isRoot ? false : 'needs a folder that only root can write to',
    }, async (context) => {
      const folder = mkdtempSync('/var/lib/mig-test-');
      context.after(() => rmSync(folder, { recursive: true }));
      const path = join(folder, 'mig-updated.so.1.2');
      const target = await startTarget(['wait'], { name: 'mig-updated.so.1.2', folder });
      rmSync(path);
      assert.deepEqual(await findSigns('mig-updated.so.1.2'), [`deleted-code: ${path}`]);
      copyFileSync(await targetProgram(), join(folder, after));
      assert.deepEqual(await findSigns('mig-updated.so.1.2'), [`replaced-code: ${path}`]);
      await target.end();
    });

  it('are seen in a program that never was on disk', async () => {
    const target = await startTarget(['memory-file']);
    const { hits } = await ask({ signs: ['deleted-code'], names: ['memfd:mig-test'], options: { matchall: true } });
    assert.deepEqual(hits, [
      {
        process: { pid: target.pid, name: hits[0]?.process.name, path: '/memfd:mig-test' },
        search: {
          names: [{ value: 'memfd:mig-test' }],
          signs: [{ value: 'deleted-code', detail: '/memfd:mig-test' }],
        },
      },
    ]);
    assert.deepEqual(await findSigns('/memfd:mig-test'), ['deleted-code: /memfd:mig-test']);
  });

  it('are seen in code that was patched in memory', async () => {
    await startTarget(['altered-code', 'e9'], { name: 'mig-altered' });
    assert.deepEqual(await findSigns('mig-altered'), [`altered-code: ${copyPath('mig-altered')}, 1 page`]);
  });

  it('are seen in code with breakpoints, and called so', { skip: arch() === 'x64' ? false : 'needs x64' }, async () => {
    await startTarget(['altered-code', 'cc'], { name: 'mig-probed' });
    const expected = `altered-code: ${copyPath('mig-probed')}, 1 page, breakpoints only`;
    assert.deepEqual(await findSigns('mig-probed'), [expected]);
  });

  it('are seen in a library that a variable preloads', async () => {
    const library = await emptyLibrary();
    await startTarget(['wait'], { name: 'mig-preloaded', env: { LD_PRELOAD: library } });
    assert.deepEqual(await findSigns('mig-preloaded'), [`preload: LD_PRELOAD=${library}`]);
  });

  it('are seen in a library that /etc/ld.so.preload preloads', {
    skip: isRoot ? false : 'needs root for an /etc of its own',
  }, async () => {
    const library = await emptyLibrary();
    const script = `mount -t tmpfs mig /etc && echo ${library} > /etc/ld.so.preload && exec "$0" "$@"`;
    await startTarget(['wait'], { name: 'mig-listed', prefix: ['unshare', '-m', 'sh', '-c', script] });
    assert.deepEqual(await findSigns('mig-listed'), [`preload: /etc/ld.so.preload: ${library}`]);
  });

  it('are seen in a program that calls itself a thread of the kernel', async () => {
    await startTarget(['wait'], { name: 'mig-argument', argv0: '[kworker/0:1]' });
    await startTarget(['named', 'kworker/0:1-ev'], { name: 'mig-named' });
    assert.deepEqual(await findSigns('mig-argument'), ['false-kernel-thread: [kworker/0:1]']);
    assert.deepEqual(await findSigns('kworker/0:1-ev'), ['false-kernel-thread: kworker/0:1-ev, mig-named']);
  });
});

describe('a clean machine', { skip: isRoot ? false : 'needs root for a PID namespace' }, () => {
  it('shows no sign, whatever ordinary programs have in memory', async () => {
    const script = join(import.meta.dirname, 'testing', 'clean-machine.ts');
    const command = ['-pf', '--mount-proc', '--kill-child', process.execPath, script];
    const { stdout } = await promisify(execFile)('unshare', command);
    const answer = CleanMachine.parse(JSON.parse(stdout));
    // Programs that are not installed cannot be checked.
    assert.ok(answer.started.length >= 3, String(answer.started));
    assert.ok(answer.processes >= answer.started.length);
    assert.deepEqual(answer.rare, []);
    if (answer.started.includes('python with a closure'))
      assert.ok(
        answer.jit.some((line) => line.endsWith(', closures of libffi')),
        String(answer.jit),
      );
    if (answer.started.includes('grep with a compiled pattern'))
      assert.ok(
        answer.jit.some((line) => line.endsWith(', patterns of PCRE')),
        String(answer.jit),
      );
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
    // Every answer of root counted one process as protected, and was partial.
    assert.ok(!receipt.skipped.some(({ reason }) => reason === 'protected' || reason === 'vanished'));
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
    assert.ok((statistics.totalhits ?? 0) > 0);
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
      signs: [...rareSigns],
      names: ['^mig-zombie$'],
    });
    assert.equal(success, true);
    assert.equal(hits.filter(({ process }) => process.name === 'mig-zombie').length, 2);
  });
});
