import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ask, findFiles, makeTree, type SearchInput, toPaths } from './testing/ask.ts';

const mebibyte = 1024 * 1024;

describe('links', () => {
  it('to files are reported under their own path with what they lead to', async () => {
    const tree = makeTree({ 'real/file': 'abc' });
    symlinkSync('real/file', tree.at('link'));
    symlinkSync(tree.at('real/file'), tree.at('absolute'));
    const { elements } = await ask({ paths: [tree.path], sizes: ['3'], options: { matchall: true } });
    assert.deepEqual(toPaths(elements.s1), ['absolute', 'link', 'real/file'].map(tree.at));
    assert.ok(elements.s1?.every(({ fileinfo }) => fileinfo?.mode.startsWith('-')));
  });

  // They were not found at all, and the answer was full: /etc/os-release, /etc/localtime, /usr/bin/java.
  const ofLinks: readonly (readonly [string, SearchInput])[] = [
    ['name', { paths: [], names: ['^link$'] }],
    ['where they lead', { paths: [], links: ['/secret$'] }],
    ['content', { paths: [], contents: ['^ab'] }],
    ['size', { paths: [], sizes: ['3'] }],
    ['digest', { paths: [], sha2: [createHash('sha256').update('abc').digest('hex')] }],
    ['MD5', { paths: [], md5: [createHash('md5').update('abc').digest('hex')] }],
  ];
  for (const [says, search] of ofLinks)
    it(`that lead out of the search path are found by ${says}`, async () => {
      const outside = makeTree({ secret: 'abc' });
      const tree = makeTree({ file: 'other' });
      symlinkSync(outside.at('secret'), tree.at('link'));
      const options = { matchall: true, returnsha256: true };
      const { hits, receipt } = await ask({ ...search, paths: [tree.path], options });
      assert.deepEqual(receipt.skipped, []);
      assert.deepEqual(
        hits.map(({ file, fileinfo }) => [file, fileinfo?.link, fileinfo?.size, fileinfo?.sha256]),
        [[tree.at('link'), outside.at('secret'), 3, createHash('sha256').update('abc').digest('hex')]],
      );
    });

  it('to folders that lead out of the search path are not walked, and counted', async () => {
    const outside = makeTree({ secret: 'abc' });
    const tree = makeTree({ 'in/file': '' });
    symlinkSync(outside.path, tree.at('in/folder'));
    const { hits, receipt } = await ask({ paths: [tree.at('in')], names: ['.'], options: { matchall: true } });
    assert.deepEqual(toPaths(hits), ['in/file', 'in/folder'].map(tree.at));
    assert.deepEqual(receipt.skipped, [{ reason: 'link-outside', count: 1 }]);
  });

  it('into file systems of the kernel are found by their names, and not read', async () => {
    const tree = makeTree();
    symlinkSync('/proc/self/mounts', tree.at('mtab'));
    const all = { matchall: true };
    const named = await ask({ paths: [tree.path], names: ['^mtab$'], links: ['^/proc/'], options: all });
    assert.deepEqual(toPaths(named.hits), [tree.at('mtab')]);
    const read = await ask({ paths: [tree.path], contents: ['.'], options: all });
    assert.deepEqual([read.hits, read.receipt.skipped], [[], [{ reason: 'link-outside', count: 1 }]]);
  });

  it('are left out by where they lead, as are files that are none', async () => {
    const tree = makeTree({ file: '' });
    symlinkSync('file', tree.at('here'));
    symlinkSync('/tmp/x', tree.at('there'));
    const ask = (...links: string[]) => findFiles({ paths: [tree.path], links, options: { matchall: true } });
    assert.deepEqual(await ask('^/tmp/'), [tree.at('there')]);
    assert.deepEqual(await ask('!^/tmp/'), ['file', 'here'].map(tree.at));
  });

  it('that are named as a path are followed', async () => {
    const outside = makeTree({ file: 'abc' });
    const tree = makeTree();
    symlinkSync(outside.at('file'), tree.at('link'));
    assert.deepEqual(await findFiles({ paths: [tree.at('link')], contents: ['abc'] }), [tree.at('link')]);
  });

  it('to directories are not followed, loops and dead ends end', async () => {
    const tree = makeTree({ 'a/b/file': '' });
    symlinkSync('..', tree.at('a/up'));
    symlinkSync(tree.path, tree.at('a/b/top'));
    symlinkSync('loop', tree.at('loop'));
    symlinkSync('nowhere', tree.at('dangling'));
    const answer = await ask({ paths: [tree.path, tree.at('dangling')] });
    assert.deepEqual(toPaths(answer.elements.s1), ['a/b/file', 'a/b/top', 'a/up', 'dangling', 'loop'].map(tree.at));
    const links = answer.hits.filter(({ file }) => !file.endsWith('/file'));
    assert.ok(links.every(({ fileinfo }) => fileinfo?.mode === 'Lrwxrwxrwx'));
    assert.deepEqual(answer.receipt.skipped, [{ reason: 'link-loop', count: 1 }]);
    const sized = await findFiles({ paths: [tree.path], sizes: ['<1k'], options: { matchall: true } });
    assert.deepEqual(sized, [tree.at('a/b/file')]);
  });
});

describe('what is no file', () => {
  it('never hangs the walk: pipes, sockets and devices are counted', { timeout: 10_000 }, async () => {
    const tree = makeTree({ file: 'abc' });
    assert.equal(spawnSync('mkfifo', [tree.at('pipe')]).status, 0);
    symlinkSync('pipe', tree.at('link-to-pipe'));
    const server = createServer().listen(tree.at('socket'));
    try {
      const answer = await ask({
        paths: [tree.path, tree.at('pipe'), '/dev/zero'],
        contents: ['.'],
        options: { matchall: true },
      });
      assert.deepEqual(toPaths(answer.elements.s1), [tree.at('file')]);
      assert.deepEqual(answer.receipt.skipped, [{ reason: 'special-file', count: 4 }]);
    } finally {
      server.close();
    }
  });

  it('is /proc, which is entered only when it is named, and then does not hang', { timeout: 60_000 }, async () => {
    const root = await ask({ paths: ['/'], names: ['^cmdline$'], options: { maxdepth: 2, matchall: true } });
    assert.deepEqual(root.elements.s1, []);
    assert.ok(root.receipt.skipped.some(({ reason }) => reason === 'other-file-system'));
    const self = `/proc/${process.pid}`;
    const answer = await ask({ paths: [self], contents: ['NoNewPrivs'], options: { maxdepth: 1, matchall: true } });
    assert.deepEqual(toPaths(answer.elements.s1), [`${self}/status`]);
    assert.deepEqual(await findFiles({ paths: ['/proc/version'], contents: ['^Linux'] }), ['/proc/version']);
  });

  it('is an endless file of /proc, of which only the beginning is read', {
    skip: !existsSync('/proc/kcore'),
  }, async () => {
    const answer = await ask({ paths: ['/proc/kcore', '/proc/self/pagemap'], contents: ['^needle$'] });
    assert.ok((answer.statistics.bytesread ?? 0) <= 2 * 16 * mebibyte);
  });
});

describe('mounts', () => {
  it('with equal inode numbers are different places, and one that is there twice is walked as its root once', async (context) => {
    const tree = makeTree({ 'one/.keep': '', 'two/.keep': '', 'again/.keep': '' });
    const mounts = [
      // Each file system counts inodes from one.
      ...['one', 'two'].map((name) => `mount -t tmpfs none '${tree.at(name)}'`),
      ...['one', 'two'].map(
        (name) => `mkdir '${tree.at(name)}/folder' && echo ${name} > '${tree.at(name)}/folder/file'`,
      ),
      `test "$(stat -c %i '${tree.at('one')}/folder/file')" = "$(stat -c %i '${tree.at('two')}/folder/file')"`,
      `mount --bind '${tree.at('one/folder')}' '${tree.at('again')}'`,
    ];
    const searches = {
      all: { paths: [tree.path], names: ['^file$'] },
      two: { paths: [tree.at('two/folder')], contents: ['^two$'] },
      both: { paths: [tree.at('one/folder'), tree.at('again')], names: ['^file$'] },
    };
    const ask = `import(${JSON.stringify(join(import.meta.dirname, 'testing/ask.ts'))}).then(async ({ askAll, toPaths }) => {
      const { elements } = await askAll(${JSON.stringify(searches)});
      console.log(JSON.stringify(Object.values(elements).map((list) => toPaths(list))));
    });`;
    const script = `${mounts.join(' && ')} && exec '${process.execPath}' -e "$ASK"`;
    const child = spawnSync('unshare', ['--mount', 'sh', '-c', script], { env: { ...process.env, ASK: ask } });
    if (child.status !== 0) return context.skip(`mount namespaces are not to be had here: ${child.stderr}`);
    // The test runner of the child may print its own lines first.
    const found: string[][] = JSON.parse(/^\[.*$/m.exec(child.stdout.toString())?.[0] ?? '');
    assert.deepEqual(found[0], ['again/file', 'one/folder/file', 'two/folder/file'].map(tree.at));
    assert.deepEqual(found[1], [tree.at('two/folder/file')]);
    // The same directory under two names: reported under one of them.
    assert.equal(found[2]?.length, 1);
  });
});

describe('names', () => {
  it('are bytes: what is not UTF-8 is printed without loss', async () => {
    const tree = makeTree();
    const path = (name: Buffer): Buffer => Buffer.concat([Buffer.from(`${tree.path}/`), name]);
    writeFileSync(path(Buffer.from('caf\xe9', 'latin1')), '');
    writeFileSync(path(Buffer.from('caf\\xe9')), '');
    writeFileSync(path(Buffer.from('new\nline')), '');
    writeFileSync(path(Buffer.from('café ☃')), '');
    writeFileSync(path(Buffer.from([0xed, 0xa0, 0x80])), '');
    const expected = ['\\xed\\xa0\\x80', 'caf\\\\xe9', 'caf\\xe9', 'café ☃', 'new\nline'].map(
      (name) => `${tree.path}/${name}`,
    );
    assert.deepEqual(await findFiles({ paths: [tree.path] }), expected.sort());
    assert.deepEqual(await findFiles({ paths: [tree.path], names: ['^caf\\xe9$'] }), [`${tree.path}/caf\\xe9`]);
  });

  it('that differ are printed differently and can be turned back', async () => {
    const tree = makeTree();
    const name = fc.uint8Array({ minLength: 1, maxLength: 20 }).filter((bytes) => {
      const text = Buffer.from(bytes).toString('latin1');
      return !text.includes('/') && !text.includes('\0') && text !== '.' && text !== '..';
    });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(name, { maxLength: 12, selector: (bytes) => Buffer.from(bytes).toString('hex') }),
        async (names) => {
          const folder = tree.at('names');
          mkdirSync(folder);
          for (const bytes of names) writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), bytes]), '');
          const shown = (await findFiles({ paths: [folder] })).map((file) =>
            toHexOfName(file.slice(folder.length + 1)),
          );
          rmSync(folder, { recursive: true });
          assert.deepEqual(shown.sort(), names.map((bytes) => Buffer.from(bytes).toString('hex')).sort());
        },
      ),
      { numRuns: 50 },
    );
  });

  function toHexOfName(text: string): string {
    const parts = [...text.matchAll(/\\x([0-9a-f]{2})|\\\\|[^\\]+/g)].map(([part, hex]) => {
      if (hex !== undefined) return Buffer.from(hex, 'hex');
      return Buffer.from(part === '\\\\' ? '\\' : part);
    });
    return Buffer.concat(parts).toString('hex');
  }
});

describe('files that do not keep still', () => {
  it('grow: the size at the start is what is read', async () => {
    const tree = makeTree({ 'growing.log': 'x\n'.repeat(mebibyte) });
    let isDone = false;
    const grow = async (): Promise<void> => {
      while (!isDone) {
        appendFileSync(tree.at('growing.log'), 'x\n'.repeat(100_000));
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const growing = grow();
    const answer = await ask({ paths: [tree.path], contents: ['needle'] });
    isDone = true;
    await growing;
    assert.equal(answer.receipt.cutshort, null);
  });

  it('vanish, shrink and come back: counted at most, never fatal', async () => {
    const tree = makeTree(
      Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`d${index % 7}/f${index}`, 'y'.repeat(9000)])),
    );
    let isDone = false;
    const disturb = async (): Promise<void> => {
      for (let turn = 0; !isDone; turn += 1) {
        const path = tree.at(`d${turn % 7}/f${turn % 300}`);
        if (existsSync(path)) {
          truncateSync(path, turn % 9000);
          unlinkSync(path);
        } else if (existsSync(tree.at(`d${turn % 7}`))) writeFileSync(path, 'z');
        if (turn % 50 === 0) rmSync(tree.at(`d${turn % 6}`), { recursive: true, force: true });
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const disturbing = disturb();
    for (let round = 0; round < 20; round += 1) {
      const answer = await ask({
        paths: [tree.path],
        contents: ['needle'],
        sizes: ['>0'],
        options: { returnsha256: true, matchlimit: 0 },
      });
      assert.equal(answer.receipt.cutshort, null);
    }
    isDone = true;
    await disturbing;
  });

  it('are sparse and huge: the scan ends when it is told to', async () => {
    const tree = makeTree({ sparse: '' });
    truncateSync(tree.at('sparse'), 2 ** 40);
    const startedMs = performance.now();
    const answer = await ask({ paths: [tree.path], contents: ['needle'] }, { seconds: 0.3 });
    assert.equal(answer.receipt.cutshort, 'time');
    assert.ok(performance.now() - startedMs < 2000);
  });
});

describe('permission', () => {
  it('denied is counted and noted up to maxerrors', { skip: process.getuid?.() !== 0 }, async () => {
    const tree = makeTree({ open: 'abc', 'closed/file': 'abc', a: 'abc', b: 'abc', c: 'abc' });
    for (const name of ['closed', 'a', 'b', 'c']) chmodSync(tree.at(name), 0o000);
    chmodSync(tree.path, 0o755);
    process.seteuid?.(65_534);
    try {
      const answer = await ask({ paths: [tree.path], contents: ['!x'], options: { maxerrors: 2, matchall: true } });
      assert.deepEqual(toPaths(answer.elements.s1), [tree.at('open')]);
      assert.equal(answer.errors.length, 2);
      assert.equal(answer.statistics.openfailed, 4);
      assert.deepEqual(answer.receipt.skipped, [{ reason: 'no-permission', count: 4 }]);
    } finally {
      process.seteuid?.(0);
    }
  });
});
