/** A glob that meets links to folders, which a shell's globs enter. */
import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { describe, it } from 'node:test';
import { ask, findFiles, makeTree, type Tree } from './testing/ask.ts';

function makeLinks(): Tree {
  const tree = makeTree({ 'usr/bin/wget': '', 'usr/bin/below/deep': '' });
  symlinkSync('usr/bin', tree.at('bin'));
  symlinkSync('..', tree.at('usr/up'));
  symlinkSync('circle', tree.at('circle'));
  symlinkSync('nowhere', tree.at('dangling'));
  return tree;
}

describe('a glob with links to folders', {
  skip: process.platform === 'win32' ? 'links need a right of their own' : false,
}, () => {
  for (const [glob, found] of [
    ['?in/wget', ['bin/wget']],
    ['*/wget', ['bin/wget']],
    ['b*/below/*', ['bin/below/deep']],
    ['{bin,sbin}/w*', ['bin/wget']],
    ['b[i]n/**/deep', ['bin/below/deep']],
    ['u*/up/b?n/wget', ['usr/up/bin/wget']],
    ['**/wget', ['usr/bin/wget']],
  ] as const)
    it(`finds by ${glob} what a shell lists`, async () => {
      const tree = makeLinks();
      assert.deepEqual(
        await findFiles({ paths: [tree.at(glob)] }),
        found.map((name) => tree.at(name)),
      );
    });

  it('is undecided where circles of links make more folders than are listed', async () => {
    const tree = makeTree();
    for (let index = 0; index < 22; index += 1) symlinkSync('.', tree.at(`l${index}`));
    const { receipt } = await ask({ paths: [tree.at('*/*/*/none*')] });
    assert.deepEqual(receipt.skipped, [{ reason: 'undecided', count: 1 }]);
  });
});

describe('a letter of a glob', () => {
  for (const [glob, name] of [
    ['?nn/key', 'ann/key'],
    ['a?n/k?y', 'ann/key'],
    ['M?ller', 'Mu\u0308ller'],
    ['M?ller', 'M\u00fcller'],
    ['M[\u00fc]ller', 'Mu\u0308ller'],
    ['M[ux\u00fc]ll*', 'Mu\u0308ller'],
    ['?.txt', '\u{1f600}.txt'],
    ['[\u{1f600}\u{1f601}].txt', '\u{1f600}.txt'],
    ['?', '\u1112\u1161\u11ab'],
    ['a\\?', 'a?'],
    ['a[?]', 'a?'],
  ] as const)
    it(`of ${JSON.stringify(glob)} is one of ${JSON.stringify(name)}`, async () => {
      const tree = makeTree({ [name]: '', 'other/file': '' });
      assert.deepEqual(await findFiles({ paths: [tree.at(glob)] }), [tree.at(name)]);
    });
});
