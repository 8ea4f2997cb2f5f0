import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, it } from 'node:test';
import { Stopwatch } from '../../tests/stopwatch.ts';
import { ask, askAll, makeTree, type Tree, toPaths } from './testing/ask.ts';

const mebibyte = 1024 * 1024;

/** Within 100 ms of the module's own CPU time: on a busy machine it has to wait. */
function assertEndedSoon({ processorMs, elapsedMs }: Stopwatch): void {
  assert.ok(processorMs < 100, `${processorMs} ms of the processor`);
  assert.ok(elapsedMs < 5000, `${elapsedMs} ms`);
}

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
    // Deeper than the longest path: created from inside.
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

/** Wide at the top, narrow below, flat folders beside chains: work to share in each shape. */
function makeMixedTree(): Tree {
  const tree = makeTree();
  for (let top = 0; top < 8; top += 1) {
    const chain = Array.from({ length: 40 * (top % 3) }, () => 'c').join('/');
    tree.write(join(`top${top}`, chain, 'end.x'), '');
    for (let file = 0; file < 300; file += 1) writeFileSync(tree.at(`top${top}/f${file}.x`), '');
    for (let folder = 0; folder < 40; folder += 1) tree.write(`top${top}/d${folder}/deep/file.x`, 'abc');
  }
  return tree;
}

describe('a tree that several threads walk', () => {
  it('is walked once whatever the roots, and counted as one thread counts it', async () => {
    const tree = makeMixedTree();
    const outside = makeTree({ secret: '' });
    symlinkSync(outside.at('secret'), tree.at('top1/d1/out.x'));
    symlinkSync('loop', tree.at('top2/loop'));
    assert.equal(spawnSync('mkfifo', [tree.at('top3/d3/pipe')]).status, 0);
    // Above, below and beside each other, one twice, a file, and one that is too deep for the first root.
    const searches = {
      all: {
        paths: [tree.path, tree.at('top0')],
        names: ['x$'],
        sizes: ['<1m'],
        options: { matchall: true, matchlimit: 0 },
      },
      below: {
        paths: [tree.at('top1/d1'), tree.at('top1'), tree.at('top5/f7.x')],
        names: ['^f'],
        options: { matchlimit: 0 },
      },
      shallow: { paths: [tree.path, tree.at('top2/d2/deep')], options: { maxdepth: 2, matchlimit: 0 } },
    };
    const askWith = async (threads: number) => {
      const { elements, receipt, statistics } = await askAll(searches, { threads });
      const found = Object.values(elements).map((list) => toPaths(list));
      const { filescount, directoriescount, openfailed } = statistics;
      return { found, skipped: receipt.skipped, filescount, directoriescount, openfailed };
    };
    const expected = await askWith(1);
    assert.deepEqual(expected.skipped.map(({ reason }) => reason).sort(), ['link-loop', 'special-file', 'too-deep']);
    for (let round = 0; round < 30; round += 1) assert.deepEqual(await askWith(2 + (round % 7)), expected);
  });

  it('gives exactly as many hits as it may', async () => {
    const tree = makeMixedTree();
    for (let round = 0; round < 20; round += 1) {
      const { elements, receipt } = await ask({ paths: [tree.path], options: { matchlimit: 700 } }, { threads: 4 });
      assert.equal(elements.s1?.length, 700);
      assert.equal(receipt.cutshort, 'match-limit');
    }
  });

  it('is left within 100 ms of a cancellation', async () => {
    const controller = new AbortController();
    const search = { paths: ['/'], names: ['^absent$'], options: { maxdepth: 0 } };
    // A share of the processor so small that the walk cannot end before its cancellation.
    const asked = askAll({ s1: search }, { threads: 4, cpuPercent: 1 }, controller.signal);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const sinceAbort = new Stopwatch();
    controller.abort();
    const answer = await asked;
    assertEndedSoon(sinceAbort);
    assert.equal(answer.receipt.cutshort, 'cancelled');
  });
});

describe('modes', () => {
  it('are tested for each file, also where they change from one to the next', async () => {
    const tree = makeTree();
    for (let file = 0; file < 60; file += 1) {
      tree.write(`f${file}`, '');
      chmodSync(tree.at(`f${file}`), file % 3 === 0 ? 0o700 : 0o644);
    }
    const search = { paths: [tree.path], modes: ['^-rwx', '^-rw-r--r--$'], options: { mismatch: ['mode' as const] } };
    const { elements } = await ask(search, { threads: 1 });
    const matched = elements.s1?.flatMap(({ file, search: { modes } }) =>
      modes?.map((mode) => `${basename(file)} ${mode}`),
    );
    const expected = Array.from({ length: 60 }, (_, file) => `f${file} ${file % 3 === 0 ? '^-rw-r--r--$' : '^-rwx'}`);
    assert.deepEqual(matched?.sort(), expected.sort());
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
      const sinceAbort = new Stopwatch();
      controller.abort();
      const answer = await asked;
      assertEndedSoon(sinceAbort);
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
