import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { describe, it } from 'node:test';
import { ask, askAll, makeTree, toPaths } from './testing/ask.ts';

const mebibyte = 1024 * 1024;

describe('trees', () => {
  it('are walked as find walks them', async () => {
    const tree = makeTree();
    const grow = (folder: string, depth: number): void => {
      mkdirSync(folder, { recursive: true });
      for (let index = 0; index < 6; index += 1) writeFileSync(`${folder}/file ${index} ${depth}.x`, '');
      if (depth < 5) for (let index = 0; index < 3; index += 1) grow(`${folder}/dir${index}`, depth + 1);
    };
    grow(tree.at('root'), 0);
    symlinkSync('file 1 0.x', tree.at('root/link'));
    for (const [paths, options] of [
      [[tree.path], {}],
      [['/etc', '/usr/share/doc'], {}],
      [[tree.path], { maxdepth: 3 }],
    ] as const) {
      const depth = 'maxdepth' in options ? ['-maxdepth', String(options.maxdepth)] : [];
      const { stdout } = spawnSync('find', [...paths, ...depth, '-type', 'f', '-print0'], { maxBuffer: 64 * mebibyte });
      const expected = stdout
        .toString()
        .split('\0')
        .filter((path) => path !== '')
        .sort();
      const search = { paths: [...paths], options: { ...options, matchlimit: 0, matchall: true } };
      const answer = await ask(search, { resultBytes: 64 * mebibyte });
      const files = toPaths(answer.elements.s1).filter((path) => expected.includes(path));
      assert.deepEqual(files, expected);
    }
  });

  it('are walked however deep, with few descriptors', async () => {
    const tree = makeTree();
    // Deeper than a path may be long: made from inside.
    const home = process.cwd();
    process.chdir(tree.path);
    for (let depth = 0; depth < 1500; depth += 1) {
      mkdirSync('a');
      mkdirSync('b');
      writeFileSync('f', '');
      process.chdir('a');
    }
    writeFileSync('needle', '');
    process.chdir(home);
    const before = readdirSync('/proc/self/fd').length;
    const answer = await askAll({
      deep: { paths: [tree.path], names: ['^needle$'], options: { maxdepth: 0 } },
      limited: { paths: [tree.path], names: ['^f$'], options: { maxdepth: 100 } },
    });
    assert.deepEqual([answer.elements.deep?.length, answer.elements.limited?.length], [1, 100]);
    assert.deepEqual(answer.errors, [], 'nothing of a deep tree is out of reach');
    assert.equal(answer.receipt.examined.directories, 3001);
    assert.equal(readdirSync('/proc/self/fd').length, before);
    assert.equal(spawnSync('rm', ['-rf', tree.at('a')]).status, 0);
  });
});

describe('a folder with several deep trees below', () => {
  it('is come back to from each', async () => {
    const tree = makeTree();
    const chain = Array.from({ length: 200 }, () => 'd').join('/');
    for (const name of ['a', 'b', 'c']) tree.write(`${name}/${chain}/needle`, '');
    const answer = await ask({ paths: [tree.path], names: ['^needle$'] });
    assert.equal(answer.elements.s1?.length, 3);
    assert.deepEqual(answer.errors, []);
  });
});

describe('a scan', () => {
  it('ends within 100 ms of a cancellation and says so', async () => {
    const tree = makeTree({ sparse: '' });
    truncateSync(tree.at('sparse'), 2 ** 40);
    for (const search of [
      { sha2: ['0'.repeat(64)] },
      { contents: ['needle'] },
      { bytes: ['00'.repeat(20).concat('ff')] },
    ]) {
      const controller = new AbortController();
      const asked = askAll({ s1: { paths: [tree.path], ...search } }, { cpuPercent: 30 }, controller.signal);
      await new Promise((resolve) => setTimeout(resolve, 150));
      const abortedMs = performance.now();
      controller.abort();
      const answer = await asked;
      assert.ok(performance.now() - abortedMs < 100);
      assert.equal(answer.receipt.cutshort, 'cancelled');
    }
  });

  it('that is cancelled before it begins looks at nothing', async () => {
    const answer = await askAll({ s1: { paths: ['/usr'] } }, {}, AbortSignal.abort());
    assert.equal(answer.receipt.cutshort, 'cancelled');
  });

  it('keeps to its share of the processor', async () => {
    const tree = makeTree({ sparse: '' });
    truncateSync(tree.at('sparse'), 2 ** 40);
    const before = process.cpuUsage();
    await ask({ paths: [tree.path], sha2: ['0'.repeat(64)] }, { cpuPercent: 20, seconds: 1 });
    const used = process.cpuUsage(before);
    assert.ok((used.user + used.system) / 1e6 < 0.3);
  });

  it('leaves no descriptor open', async () => {
    const before = readdirSync('/proc/self/fd').length;
    await ask({ paths: ['/etc'], contents: ['root'], options: { matchlimit: 5 } });
    assert.equal(readdirSync('/proc/self/fd').length, before);
  });
});
