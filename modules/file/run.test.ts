import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { OperationResult, Receipt } from '../../protocol/result/result.ts';
import { carryOut } from '../kit/carry-out.ts';
import { limits } from '../kit/testing/limits.ts';
import { module } from './module.ts';
import { run } from './run.ts';
import { ask, askAll, findFiles, makeTree, type SearchInput, toPaths } from './testing/ask.ts';

const daySeconds = 86_400;
const emptySha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const abc = {
  md5: '900150983cd24fb0d6963f7d28e17f72',
  sha1: 'a9993e364706816aba3e25717850c26c9cd0d89d',
  sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  sha3: '3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532',
};

function makeSample() {
  const tree = makeTree({
    abc: 'abc',
    empty: '',
    'notes.txt': 'first line\nsecond line\npassword = hunter2\n',
    'deep/one/two/script.sh': '#!/bin/sh\necho hello\n',
    'deep/windows.txt': 'one\r\ntwo\r\n',
    'binary.bin': Buffer.from('00ff4d5a90000300deadbeef', 'hex'),
    'big.log': 'x'.repeat(5000),
  });
  chmodSync(tree.at('deep/one/two/script.sh'), 0o4755);
  const old = Date.now() / 1000 - 100 * daySeconds;
  utimesSync(tree.at('abc'), old, old);
  return tree;
}

describe('each filter', () => {
  const cases: readonly [string, Omit<SearchInput, 'paths'>, readonly string[]][] = [
    ['name', { names: ['^abc$'] }, ['abc']],
    ['name, several must all match', { names: ['\\.txt$', '^n'] }, ['notes.txt']],
    ['name negated', { names: ['!\\.'] }, ['abc', 'empty']],
    ['name mismatch', { names: ['\\.'], options: { mismatch: ['name'] } }, ['abc', 'empty']],
    ['name negated and mismatch cancel', { names: ['!^abc$'], options: { mismatch: ['name'] } }, ['abc']],
    ['exact size', { sizes: ['3'] }, ['abc']],
    ['exact sizes are alternatives', { sizes: ['3', '5000'] }, ['abc', 'big.log']],
    ['a range of sizes, ends included', { sizes: ['>3', '<10'] }, ['abc', 'deep/windows.txt']],
    ['a size in k', { sizes: ['>4k'] }, ['big.log']],
    ['older', { mtimes: ['>90d'] }, ['abc']],
    ['newer', { names: ['^abc$'], mtimes: ['<5m'] }, []],
    ['mode with setuid', { modes: ['^urwxr-xr-x$'] }, ['deep/one/two/script.sh']],
    ['mode mismatch', { modes: ['^-'], options: { mismatch: ['mode'] } }, ['deep/one/two/script.sh']],
    ['content', { contents: ['^password\\s*='] }, ['notes.txt']],
    ['contents in different lines', { contents: ['first', 'second'] }, ['notes.txt']],
    ['content at the end of a line that ends in CRLF', { contents: ['^two$'] }, ['deep/windows.txt']],
    ['content negated', { names: ['txt$'], contents: ['!password'] }, ['deep/windows.txt']],
    [
      'content mismatch',
      { names: ['txt$'], contents: ['password'], options: { mismatch: ['content'] } },
      ['deep/windows.txt'],
    ],
    ['every line', { contents: ['^(one|two)$'], options: { macroal: true } }, ['deep/windows.txt']],
    [
      'every line, but an empty file has none',
      { contents: ['.*'], names: ['^empty$'], options: { macroal: true } },
      [],
    ],
    ['no line, so an empty file counts', { contents: ['!.'], names: ['^empty$'] }, ['empty']],
    ['bytes', { bytes: ['4d5a90'] }, ['binary.bin']],
    ['bytes with an unknown one', { bytes: ['dead??ef'] }, ['binary.bin']],
    ['bytes, not there', { bytes: ['deadbeefff'] }, []],
    ['md5', { md5: [abc.md5] }, ['abc']],
    ['sha1 in upper case', { sha1: [abc.sha1.toUpperCase()] }, ['abc']],
    ['sha256', { sha2: [abc.sha256] }, ['abc']],
    ['sha3', { sha3: [abc.sha3] }, ['abc']],
    ['digests of one filter are alternatives', { sha2: [abc.sha256, emptySha256] }, ['abc', 'empty']],
    ['digests of two filters must both match', { sha2: [abc.sha256, emptySha256], md5: [abc.md5] }, ['abc']],
    ['digest mismatch', { sha2: [abc.sha256], names: ['^(abc|empty)$'], options: { mismatch: ['sha2'] } }, ['empty']],
    [
      'content mismatch beside a digest',
      { contents: ['zzz'], md5: [abc.md5], options: { mismatch: ['content'] } },
      ['abc'],
    ],
    ['depth 1', { names: ['txt$'], options: { maxdepth: 1 } }, ['notes.txt']],
    ['depth 2', { names: ['txt$'], options: { maxdepth: 2 } }, ['deep/windows.txt', 'notes.txt']],
    ['nothing but paths', { options: { maxdepth: 1 } }, ['abc', 'big.log', 'binary.bin', 'empty', 'notes.txt']],
  ];
  for (const [name, search, expected] of cases)
    for (const threads of [1, 3])
      it(`finds by ${name} with ${threads} threads`, async () => {
        const tree = makeSample();
        const found = await findFiles({ ...search, paths: [tree.path] }, { threads });
        assert.deepEqual(found, expected.map(tree.at).sort());
      });
});

describe('what a search answers', () => {
  it('has the shape of the original and a receipt', async () => {
    const tree = makeSample();
    utimesSync(tree.at('abc'), 1467732762, 1467732762);
    chmodSync(tree.at('abc'), 0o755);
    const answer = await ask({ paths: [tree.path], names: ['^abc$'], options: { matchall: true, returnsha256: true } });
    const [{ fileinfo: { lastmodified, mode, size, sha256 } = {}, ...element } = {}, ...others] = answer.hits;
    assert.deepEqual(others, []);
    assert.deepEqual(element, { file: tree.at('abc'), search: {} });
    assert.deepEqual(
      { lastmodified, mode, size, sha256 },
      { lastmodified: '2016-07-05 15:32:42 +0000 UTC', mode: '-rwxr-xr-x', size: 3, sha256: abc.sha256 },
    );
    assert.deepEqual(
      { success: answer.success, found: answer.foundanything, errors: answer.errors },
      { success: true, found: true, errors: [] },
    );
    assert.deepEqual(answer.receipt.examined, { files: 7, directories: 4, bytes: 3 });
    assert.equal(answer.receipt.cutshort, null);
    assert.equal(answer.statistics.totalhits, 1);
    assert.ok(Receipt.safeParse(answer.receipt).success);
  });

  it('has an empty list for a search without hits, and foundanything false', async () => {
    const tree = makeSample();
    const answer = await askAll({
      one: { paths: [tree.path], names: ['^nope$'] },
      two: { paths: [tree.path], sizes: ['99999'] },
    });
    assert.deepEqual(answer.elements, { one: [], two: [] });
    assert.equal(answer.foundanything, false);
  });

  it('says which filter matched when each counts on its own', async () => {
    const tree = makeSample();
    const { elements } = await ask({
      paths: [tree.path],
      names: ['^abc$', '^none$'],
      sizes: ['3'],
      sha2: [emptySha256, abc.sha256],
    });
    const seen = elements.s1?.map(({ file, search }) => [file, search]);
    assert.deepEqual(
      seen?.sort((left, right) => JSON.stringify(left).localeCompare(JSON.stringify(right))),
      [
        [tree.at('abc'), { names: ['^abc$'] }],
        [tree.at('abc'), { sha2: [abc.sha256] }],
        [tree.at('abc'), { sizes: ['3'] }],
        [tree.at('empty'), { sha2: [emptySha256] }],
      ],
    );
  });

  it('adds the digest of what is listed when each filter counts on its own, too', async () => {
    const tree = makeSample();
    const { elements } = await ask({ paths: [tree.path], names: ['^abc$'], options: { returnsha256: true } });
    assert.equal(elements.s1?.[0]?.fileinfo?.sha256, abc.sha256);
  });

  it('ends a search at its match limit, says so, and lets the others go on', async () => {
    const tree = makeTree(Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`file${index}`, 'x'])));
    const answer = await askAll({
      few: { paths: [tree.path], names: ['file'], options: { matchlimit: 3 } },
      all: { paths: [tree.path], names: ['file'] },
    });
    assert.equal(answer.elements.few?.length, 3);
    assert.equal(answer.elements.all?.length, 50);
    assert.equal(answer.receipt.cutshort, 'match-limit');
    assert.match(answer.errors.join(), /'few'/);
  });

  it('stops when the result is full and says so', async () => {
    const tree = makeTree(Object.fromEntries(Array.from({ length: 2000 }, (_, index) => [`file${index}`, ''])));
    const answer = await ask({ paths: [tree.path], options: { matchlimit: 0 } }, { resultBytes: 16_384 });
    assert.equal(answer.receipt.cutshort, 'result-size');
    assert.ok(answer.elements.s1 !== undefined && answer.elements.s1.length > 30);
    // Without the helper's own copy of the first search.
    assert.ok(Buffer.byteLength(JSON.stringify({ ...answer, hits: [] })) < 16_384);
  });

  it('answers the other searches when RE2 refuses a pattern of one', async () => {
    const tree = makeSample();
    const searches = {
      bad: { paths: [tree.path], names: ['a{2000}'] },
      good: { paths: [tree.path], names: ['^abc$'] },
    };
    const result = await carryOut(module, run, { searches }, { signal: new AbortController().signal, limits });
    assert.equal(result.success, true);
    assert.deepEqual(toPaths(module.elements.parse(result.elements).good), [tree.at('abc')]);
    assert.match(result.errors.join(), /^search 'bad': names: RE2 refuses "a\{2000\}"/);
  });

  it('fails with the pattern in the message when RE2 refuses it', async () => {
    const parameters = { searches: { s1: { paths: ['/etc'], names: ['a{2000}'] } } };
    const result = await carryOut(module, run, parameters, { signal: new AbortController().signal, limits });
    assert.equal(result.success, false);
    assert.match(result.errors.join(), /a\{2000\}/);
  });
});

describe('several searches and paths', () => {
  it('reads each file once for all searches and digests', async () => {
    const tree = makeTree({ a: 'a'.repeat(700_000), b: 'b'.repeat(300_000) });
    const search = {
      paths: [tree.path],
      contents: ['zzz'],
      md5: [abc.md5],
      sha1: [abc.sha1],
      sha2: [abc.sha256],
      sha3: [abc.sha3],
    };
    const answer = await askAll({
      one: search,
      two: { ...search, bytes: ['00ff'] },
      three: { ...search, options: { returnsha256: true } },
    });
    assert.equal(answer.statistics.bytesread, 1_000_000);
    assert.deepEqual(answer.receipt.examined, { files: 2, directories: 1, bytes: 1_000_000 });
  });

  it('does not read a file that its name or size rules out', async () => {
    const tree = makeSample();
    const answer = await ask({ paths: [tree.path], sizes: ['3'], sha2: [abc.sha256], options: { matchall: true } });
    assert.equal(answer.statistics.bytesread, 3);
  });

  it('lists a file once when paths overlap, each search by its own depth', async () => {
    const tree = makeTree({ top: '', 'a/x': '', 'a/b/y': '', 'a/b/c/z': '' });
    const answer = await askAll({
      both: { paths: [tree.path, tree.at('a/b'), tree.at('a'), tree.at('a/x')], options: { maxdepth: 1 } },
      inner: { paths: [`${tree.at('a')}/./b/`] },
      all: { paths: [tree.at('a/b/c'), tree.path] },
    });
    assert.deepEqual(toPaths(answer.elements.both), ['a/b/y', 'a/x', 'top'].map(tree.at));
    assert.deepEqual(toPaths(answer.elements.inner), ['a/b/c/z', 'a/b/y'].map(tree.at));
    assert.deepEqual(toPaths(answer.elements.all), ['a/b/c/z', 'a/b/y', 'a/x', 'top'].map(tree.at));
    assert.equal(answer.statistics.directoriescount, 4);
  });

  it('does not take a path for its neighbour with a longer name', async () => {
    const tree = makeTree({ 'etc/a': '', 'etc2/a': '' });
    const answer = await askAll({ one: { paths: [tree.at('etc')] }, two: { paths: [tree.at('etc2')] } });
    assert.deepEqual(
      [toPaths(answer.elements.one), toPaths(answer.elements.two)],
      [[tree.at('etc/a')], [tree.at('etc2/a')]],
    );
  });

  it('takes a file as a path', async () => {
    const tree = makeSample();
    assert.deepEqual(await findFiles({ paths: [tree.at('abc'), tree.at('empty')], sizes: ['3'] }), [tree.at('abc')]);
  });

  it('expands globs, and takes a name that only looks like one as it is', async () => {
    const tree = makeTree({
      'home/a/.ssh/key': 'k',
      'home/b/.ssh/key': 'k',
      'home/c/key': 'k',
      'we[i]rd/key': 'k',
      'wei/key': 'k',
    });
    assert.deepEqual(
      await findFiles({ paths: [tree.at('home/*/.ssh')] }),
      ['home/a/.ssh/key', 'home/b/.ssh/key'].map(tree.at),
    );
    assert.deepEqual(await findFiles({ paths: [tree.at('we[i]rd')] }), [tree.at('we[i]rd/key')]);
    assert.deepEqual(await findFiles({ paths: [tree.at('nothing/*')] }), []);
  });

  // It was opened first: as a user without rights the answer was partial.
  it('does not open a folder below the depth asked for', {
    skip: process.getuid?.() === 0 ? false : 'needs root to become another user',
  }, () => {
    const tree = makeTree({ top: '', 'closed/inside': '' });
    chmodSync(tree.path, 0o755);
    chmodSync(tree.at('closed'), 0o700);
    const parameters = JSON.stringify({ searches: { s1: { paths: [tree.path], options: { maxdepth: 1 } } } });
    const script = join(import.meta.dirname, '..', 'kit', 'testing', 'ask-as.ts');
    const { stdout, stderr } = spawnSync(process.execPath, [script, 'file', parameters], {
      uid: 65_534,
      gid: 65_534,
      cwd: '/',
      encoding: 'utf8',
    });
    assert.ok(stdout !== '', stderr);
    assert.deepEqual(OperationResult.parse(JSON.parse(stdout)).receipt.skipped, [{ reason: 'too-deep', count: 1 }]);
  });

  it('counts a path that is not there as an answer, notes one of another system, and goes on', async () => {
    const tree = makeSample();
    const answer = await ask({ paths: [tree.at('gone'), 'C:\\Users', tree.path], names: ['^abc$'] });
    assert.deepEqual(toPaths(answer.elements.s1), [tree.at('abc')]);
    assert.deepEqual(answer.errors, ['C:\\Users: not a path of this system']);
    assert.deepEqual(answer.receipt.skipped, [{ reason: 'vanished', count: 1 }]);
  });

  it('searches a path that is a link to a directory, under the name of the link', async () => {
    const tree = makeTree({ 'usr/bin/wget': 'w' });
    symlinkSync('usr/bin', tree.at('bin'));
    assert.deepEqual(await findFiles({ paths: [tree.at('bin')], names: ['^wget$'] }), [tree.at('bin/wget')]);
  });
});
