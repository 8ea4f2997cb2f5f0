import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { describe, it } from 'node:test';
import { Receipt } from '../../protocol/result/result.ts';
import { copyPath, startTarget, targetProgram } from '../kit/testing/target.ts';
import { ask, askAll, findPids, type SearchInput } from './testing/ask.ts';

async function programDigest(algorithm: string): Promise<string> {
  return createHash(algorithm)
    .update(readFileSync(await targetProgram()))
    .digest('hex');
}

describe('a name that the kernel cut', { skip: process.platform !== 'linux' }, () => {
  it('is completed from the path of a script', async () => {
    const script = copyPath('mig-long-name-of-a-script.sh');
    writeFileSync(script, '#!/bin/sh\necho ready\nread line\n', { mode: 0o755 });
    const child = spawn(script, { stdio: ['pipe', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    assert.deepEqual(await findPids({ names: ['^mig-long-name-of-a-script\\.sh$'] }), [child.pid]);
    child.stdin.end();
  });
});

describe('each filter', () => {
  const own = String(userInfo().uid);
  const cases: readonly [string, SearchInput, boolean][] = [
    ['name', { names: ['^mig-filter$'] }, true],
    ['names, which must all match', { names: ['^mig', 'other$'] }, false],
    ['name negated', { names: ['!^mig-filter$'] }, false],
    ['command line', { cmds: ['mig-filter wait --flag one two$'] }, true],
    ['command line of another process', { cmds: ['wait --flag two'] }, false],
    ['executable', { exes: ['/mig-filter$'] }, true],
    ['executable negated', { exes: ['!^/usr/'] }, true],
    ['user by number', { users: [`^${own}$`] }, true],
    ['user by name', { users: [`^${userInfo().username}$`] }, true],
    ['user negated', { users: [`!^${own}$`] }, false],
    ['parent', { ppids: [1, process.pid] }, true],
    ['another parent', { ppids: [1] }, false],
    ['age below', { newerthan: '5m' }, true],
    ['age above', { olderthan: '5m' }, false],
    ['executable that is still there', { deleted: false }, true],
    ['executable that is gone', { deleted: true }, false],
    ['all together', { names: ['filter'], users: [own], newerthan: '1h', deleted: false, ppids: [process.pid] }, true],
  ];
  for (const [name, search, isFound] of cases)
    it(`${isFound ? 'finds' : 'leaves out'} by ${name}`, async () => {
      const target = await startTarget(['wait', '--flag', 'one', 'two'], { name: 'mig-filter' });
      const found = await findPids({ ...search, options: { matchlimit: 0 } });
      assert.equal(found.includes(target.pid), isFound);
      await target.end();
    });

  for (const algorithm of ['sha224', 'sha256', 'sha384', 'sha512'])
    it(`finds by ${algorithm} of the executable, whatever it is called`, async () => {
      const target = await startTarget(['wait'], { name: 'mig-digest' });
      const digest = await programDigest(algorithm);
      const other = createHash(algorithm).update('other').digest('hex');
      assert.ok((await findPids({ sha2: [other, digest.toUpperCase()] })).includes(target.pid));
      assert.deepEqual(await findPids({ sha2: [other] }), []);
      await target.end();
    });
});

describe('an executable that is not on disk', () => {
  it('is found and digested after it was deleted', async () => {
    const target = await startTarget(['wait'], { name: 'mig-gone' });
    rmSync(copyPath('mig-gone'));
    const { hits } = await ask({ names: ['^mig-gone$'], deleted: true, options: { returnsha256: true } });
    assert.deepEqual(
      hits.map(({ pid, exe, deleted, sha256 }) => ({ pid, exe, deleted, sha256 })),
      [{ pid: target.pid, exe: copyPath('mig-gone'), deleted: 'deleted', sha256: await programDigest('sha256') }],
    );
    assert.deepEqual(await findPids({ names: ['^mig-gone$'], sha2: [await programDigest('sha256')] }), [target.pid]);
  });

  it('is told from one whose name ends like that of a deleted one', async () => {
    const target = await startTarget(['wait'], { name: 'mig (deleted)' });
    const { hits } = await ask({ exes: ['/mig \\(deleted\\)$'] });
    assert.deepEqual(
      hits.map(({ pid, exe, deleted }) => ({ pid, exe, deleted })),
      [{ pid: target.pid, exe: copyPath('mig (deleted)'), deleted: undefined }],
    );
  });

  it('is found when it only ever was in memory', async () => {
    const target = await startTarget(['memory-file']);
    const { hits } = await ask({ exes: ['^/memfd:mig-test$'], options: { returnsha256: true } });
    assert.deepEqual(
      hits.map(({ pid, deleted, sha256 }) => ({ pid, deleted, sha256 })),
      [{ pid: target.pid, deleted: 'memory', sha256: await programDigest('sha256') }],
    );
  });
});

describe('what is listed', () => {
  it('has all there is to say and a receipt', async () => {
    const before = Math.floor(Date.now() / 1000) - 1;
    const target = await startTarget(['wait', 'ä b', '--password', 'hunter2'], { name: 'mig-listed-with-a-long-name' });
    const answer = await ask({ names: ['^mig-listed-with-a-long-name$'] });
    const [element] = answer.hits;
    assert.deepEqual(
      { ...element, started: null, container: null, capabilities: null },
      {
        pid: target.pid,
        ppid: process.pid,
        name: 'mig-listed-with-a-long-name',
        cmd: `${copyPath('mig-listed-with-a-long-name')} wait ä b --password <redacted>`,
        exe: copyPath('mig-listed-with-a-long-name'),
        user: userInfo().username,
        started: null,
        container: null,
        capabilities: null,
      },
    );
    const started = Date.parse((element?.started ?? '').replace(' +0000 UTC', 'Z').replace(' ', 'T')) / 1000;
    assert.ok(started >= before && started <= Date.now() / 1000 + 1, String(element?.started));
    assert.ok(Receipt.safeParse(answer.receipt).success);
    assert.equal(answer.receipt.examined.processes, answer.statistics.processcount);
  });

  it('matches a secret on the host but does not return it', async () => {
    const target = await startTarget(['wait', '--token=s3cr3t-v4lue'], { name: 'mig-secret' });
    const { hits } = await ask({ cmds: ['--token=s3cr3t-v4lue'], names: ['^mig-secret$'] });
    assert.deepEqual(
      hits.map(({ pid }) => pid),
      [target.pid],
    );
    assert.ok(!JSON.stringify(hits).includes('s3cr3t-v4lue'));
  });

  it('has the ports that the process listens on', async () => {
    const listen =
      "require('node:net').createServer().listen(0, '127.0.0.1', function () { console.log(this.address().port) })";
    const server = spawn(process.execPath, ['-e', listen], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [port] = await once(server.stdout, 'data');
    const { elements } = await askAll({ s1: { names: ['.'], options: { matchlimit: 0 } } });
    const found = elements.s1?.find(({ pid }) => pid === server.pid);
    assert.deepEqual(found?.listening, [{ protocol: 'tcp', address: '127.0.0.1', port: Number(port) }]);
    server.kill();
  });

  it('leaves out the processes that ask, whose arguments hold the pattern', async () => {
    const { hits, receipt } = await ask({ ppids: [process.ppid], options: { matchlimit: 0 } });
    assert.ok(!hits.some(({ pid }) => pid === process.pid));
    assert.ok(!receipt.skipped.some(({ reason }) => reason === 'protected' || reason === 'vanished'));
  });

  it('has threads of the kernel and zombies', async () => {
    await startTarget(['zombie'], { name: 'mig-zombie' });
    const { hits } = await ask({ names: ['^mig-zombie$'] });
    assert.deepEqual(
      hits
        .map(({ exe, cmd }) => ({ hasExe: exe !== null, cmd: cmd.replace(/^.*\//, '') }))
        .sort((a, b) => Number(b.hasExe) - Number(a.hasExe)),
      [
        { hasExe: true, cmd: 'mig-zombie zombie' },
        { hasExe: false, cmd: '' },
      ],
    );
  });

  it('keeps bytes that are not UTF-8, written so that none is lost', async () => {
    const target = await startTarget(['named', 'back\\slash'], { name: 'mig-bytes' });
    const { hits } = await ask({ names: ['^back\\\\slash$'] });
    assert.deepEqual(
      hits.map(({ pid, name }) => ({ pid, name })),
      [{ pid: target.pid, name: 'back\\\\slash' }],
    );
  });
});

describe('a command line that is longer than what is read of it', () => {
  const name = 'mig-long-command';
  const words = ['wait', 'HEADMARK', ...Array.from({ length: 2 }, () => 'x'.repeat(60_000)), 'TAILMARK'];
  let target: ReturnType<typeof startTarget> | undefined;
  /** Patterns of `cmds`; whether the process is listed, or undefined where nobody can know. */
  const cases: readonly (readonly [pattern: string, isFound: boolean | undefined])[] = [
    ['HEADMARK', true],
    ['HEADMARK.*x', true],
    ['!HEADMARK', false],
    ['TAILMARK$', undefined],
    ['!TAILMARK', undefined],
    ['x$', undefined],
    ['!x$', undefined],
    ['^[^T]*$', undefined],
  ];
  for (const [pattern, isFound] of cases)
    it(`is ${isFound === undefined ? 'not decided' : isFound ? 'found' : 'left out'} by ${pattern}`, async () => {
      target ??= startTarget(words, { name });
      const { pid } = await target;
      const { hits, receipt, errors } = await ask({ cmds: [pattern], names: [`^${name}$`] });
      assert.deepEqual(
        hits.map((hit) => hit.pid),
        isFound === true ? [pid] : [],
      );
      const skipped = receipt.skipped.find(({ reason }) => reason === 'undecided');
      assert.equal(skipped?.count, isFound === undefined ? 1 : undefined);
      assert.equal(
        errors.some((error) => error.includes('64 KiB')),
        isFound === undefined,
      );
    });
});

describe('a list of processes', () => {
  it('ends at its match limit and says so', async () => {
    const { hits, receipt, errors } = await ask({ options: { matchlimit: 3 } });
    assert.equal(hits.length, 3);
    assert.equal(receipt.cutshort, 'match-limit');
    assert.match(errors.join('\n'), /'s1' ended at its match limit of 3/);
  });

  it('ends when the result is full and says so', async () => {
    const { receipt } = await askAll({ s1: {} }, undefined, { resultBytes: 4000 });
    assert.equal(receipt.cutshort, 'result-size');
  });

  it('ends with a signal and says why', async () => {
    const { receipt } = await askAll({ s1: {} }, AbortSignal.abort(new DOMException('', 'TimeoutError')));
    assert.equal(receipt.cutshort, 'time');
  });

  it('answers several searches from one reading, an empty list where nothing matched', async () => {
    const target = await startTarget(['wait'], { name: 'mig-several' });
    const { elements } = await askAll({ one: { names: ['^mig-several$'] }, two: { names: ['^mig-none$'] } });
    assert.deepEqual(
      elements.one?.map(({ pid }) => pid),
      [target.pid],
    );
    assert.deepEqual(elements.two, []);
  });
});
