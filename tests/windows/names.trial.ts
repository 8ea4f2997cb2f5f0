/** Names and paths that only Windows has. Runs under wine, see ../windows.long.ts. */
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { module as fileModule } from '../../modules/file/module.ts';
import { run } from '../../modules/file/run.ts';
import { ask, findFiles, makeTree, toPaths } from '../../modules/file/testing/ask.ts';
import { carryOut } from '../../modules/kit/carry-out.ts';
import { limits } from '../../modules/kit/testing/limits.ts';
import { native, type ScanPlan } from '../../native/index.ts';

/** After this prefix a path may be long, and no name is changed. */
const verbatim = (path: string): string => `\\\\?\\${path}`;

function toPlan(path: string): ScanPlan {
  return { searches: [], roots: [{ path, searches: [] }], threads: 1, cpuPercent: 0, seconds: 0, maxErrors: 30 };
}

describe('names', () => {
  const names = ['plain.txt', 'two words', 'größe 日本語', 'smile 😀', 'ends with a dot.', "it's [one] & {two}"];
  for (const name of names)
    it(`such as "${name}" are found and shown as they are`, async () => {
      const tree = makeTree();
      writeFileSync(verbatim(tree.at('')).replace(/\\$/, '').concat(`\\${name}`), 'content');
      assert.deepEqual(await findFiles({ paths: [tree.path], contents: ['^content$'] }), [`${tree.path}\\${name}`]);
    });

  it('may make a path longer than 260 characters', async () => {
    const tree = makeTree();
    const folder = join(tree.path, ...Array.from({ length: 8 }, () => 'folder'.repeat(10)));
    mkdirSync(verbatim(folder), { recursive: true });
    writeFileSync(verbatim(`${folder}\\deep`), 'content');
    assert.deepEqual(await findFiles({ paths: [tree.path], contents: ['content'] }), [`${folder}\\deep`]);
  });

  it('with half of a surrogate pair are text that loses nothing', () => {
    const { escapeBytes } = native();
    // WTF-8: simonsapin.github.io/wtf-8
    assert.equal(escapeBytes(Buffer.from([0x61, 0xed, 0xa0, 0x80, 0x62])), 'a/ud800b');
    assert.equal(escapeBytes(Buffer.from([0xed, 0xbf, 0xbf])), '/udfff');
    assert.equal(escapeBytes(Buffer.from('C:\\힣\\😀')), 'C:\\힣\\😀');
  });
});

describe('paths', () => {
  const spellings: readonly [string, (path: string) => string][] = [
    ['with slashes', (path) => path.replaceAll('\\', '/')],
    ['with a small drive letter', (path) => path[0]?.toLowerCase() + path.slice(1)],
    ['in another case', (path) => path.slice(0, 3) + path.slice(3).toUpperCase()],
    ['that go back', (path) => `${path}\\sub\\..`],
    ['that are verbatim', verbatim],
  ];
  for (const [name, spell] of spellings)
    it(`${name} lead to the same file`, async () => {
      const tree = makeTree({ 'sub/needle': 'n' });
      const found = await findFiles({ paths: [spell(tree.path)], names: ['^needle$'] });
      assert.equal(found.length, 1);
      assert.match(found[0] ?? '', /^[A-Z]:\\.*\\sub\\needle$/);
    });

  it('are expanded where they have wildcards', async () => {
    const tree = makeTree({ 'Users/ann/.ssh/id': '1', 'Users/bob/.ssh/id': '2', 'Users/bob/other': '3' });
    assert.deepEqual(await findFiles({ paths: [tree.at('Users\\*\\.SSH')], names: ['.'] }), [
      tree.at('Users\\ann\\.ssh\\id'),
      tree.at('Users\\bob\\.ssh\\id'),
    ]);
  });

  const refused = [
    'relative',
    'C:relative',
    '/usr/bin',
    '\\\\.\\PhysicalDrive0',
    '\\\\?\\Volume{1}\\x',
    'C:\\file:stream',
    '',
  ];
  for (const path of refused)
    it(`such as "${path}" are refused by the engine`, () =>
      assert.throws(() => native().startScan(toPlan(path), () => {}), { code: 'bad-plan' }));
});

describe('a file', () => {
  it('has the mode that Go gives it', async () => {
    const tree = makeTree({ open: '', closed: '' });
    chmodSync(tree.at('closed'), 0o444);
    assert.deepEqual(await findFiles({ paths: [tree.path], modes: ['^-r--r--r--$'] }), [tree.at('closed')]);
    assert.deepEqual(await findFiles({ paths: [tree.path], modes: ['^-rw-rw-rw-$'] }), [tree.at('open')]);
  });

  it('has the size and time that Node sees', async () => {
    const tree = makeTree({ 'a.bin': Buffer.alloc(123_456) });
    const { elements } = await ask({
      paths: [tree.path],
      sizes: ['123456'],
      mtimes: ['<1h'],
      options: { matchall: true },
    });
    assert.deepEqual(toPaths(elements.s1), [tree.at('a.bin')]);
  });

  it('that is protected is so in whatever case it is asked for', async () => {
    const tree = makeTree({ 'Secret/Key.pem': 'secret', 'Public/key.pem': 'secret' });
    const rules = [{ glob: tree.at('SECRET\\*.PEM'), mayRead: false, mayTell: true }];
    const askFor = async (path: string) => {
      const parameters = { searches: { s1: { paths: [path], contents: ['secret'] } } };
      return carryOut(fileModule, run, parameters, {
        signal: new AbortController().signal,
        limits,
        protection: { rules, contents: [], questions: 100 },
      });
    };
    const all = await askFor(tree.path);
    assert.deepEqual(toPaths(fileModule.elements.parse(all.elements).s1), [tree.at('Public\\key.pem')]);
    assert.equal((await askFor(tree.at('secret\\KEY.PEM'))).success, false);
  });
});
