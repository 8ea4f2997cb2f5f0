import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CodedError } from '../../protocol/base/coded-error.ts';
import { emptyReceipt } from '../../protocol/result/result.ts';
import type { FileElement } from './element.ts';
import { module } from './module.ts';

const sha256 = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

function linesOf(elements: Readonly<Record<string, readonly FileElement[]>>): string[] {
  return [
    ...module.toLines({
      success: true,
      foundanything: true,
      elements,
      statistics: {},
      errors: [],
      receipt: emptyReceipt(),
    }),
  ];
}

describe('flags', () => {
  it('become one search s1 in which all filters must match', () => {
    const parameters = module.toParameters({
      path: ['/usr/bin'],
      name: ['^wget$'],
      sha2: [sha256],
      maxdepth: 3,
      decompress: true,
    });
    assert.deepEqual(
      parameters,
      module.parameters.parse({
        searches: {
          s1: {
            paths: ['/usr/bin'],
            names: ['^wget$'],
            sha2: [sha256],
            options: { matchall: true, maxdepth: 3, decompress: true },
          },
        },
      }),
    );
  });

  for (const [flags, matchall] of [
    [{ matchany: true }, false],
    [{ matchall: true }, true],
    [{ matchall: false }, false],
  ] as const)
    it(`${JSON.stringify(flags)} gives matchall ${matchall}`, () => {
      assert.equal(module.toParameters({ path: ['/'], ...flags }).searches.s1?.options.matchall, matchall);
    });

  for (const [what, flags, named] of [
    ['no path', {}, /-path/],
    ['a bad size', { path: ['/'], size: ['x'] }, /^-size: .*"x"/],
    ['a bad digest', { path: ['/'], sha2: ['abc'] }, /^-sha2: .*"abc"/],
    ['a bad option', { path: ['/'], maxdepth: -1 }, /^-maxdepth: /],
    ['a bad filter', { path: ['/'], mismatch: ['x'] }, /^-mismatch: /],
    ['two ways to match', { path: ['/'], matchall: true, matchany: true }, /-matchany/],
  ] as const)
    it(`refuse ${what}, naming the flag`, () => {
      assert.throws(
        () => module.toParameters(flags),
        (error) => error instanceof CodedError && error.code === 'usage' && named.test(error.message),
      );
    });

  it('cover every parameter of a search', () => {
    const names = module.flags.map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
    for (const name of [
      'path',
      'name',
      'content',
      'bytes',
      'size',
      'mode',
      'mtime',
      'md5',
      'sha1',
      'sha2',
      'sha3',
      'maxdepth',
      'matchall',
    ])
      assert.ok(names.includes(name), name);
  });
});

describe('lines', () => {
  const fileinfo = { lastmodified: '2016-07-05 15:32:42 +0000 UTC', mode: '-rwxr-xr-x', size: 419_080 };

  const found = { file: '/usr/bin/wget', search: {}, fileinfo };
  const line = '/usr/bin/wget [lastmodified:2016-07-05 15:32:42 +0000 UTC, mode:-rwxr-xr-x, size:419080]';

  it('look as those of the original', () => assert.deepEqual(linesOf({ s1: [found] }), [line]));

  it('name the search where there are several, or where somebody chose its label', () => {
    assert.deepEqual(linesOf({ s1: [found], s2: [] }), [`${line} in search 's1'`]);
    assert.deepEqual(linesOf({ wget: [found] }), [`${line} in search 'wget'`]);
  });

  it('say the digest and which filter matched', () => {
    const [line] = linesOf({
      s1: [{ file: '/x', search: { names: ['^x$'] }, fileinfo: { ...fileinfo, sha256 } }],
      s2: [],
    });
    assert.ok(line?.endsWith(`, sha256:${sha256}] in search 's1' on names '^x$'`));
  });
});
