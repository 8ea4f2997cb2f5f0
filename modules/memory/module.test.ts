import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { linesOf } from '../kit/testing/ask.ts';
import { module } from './module.ts';

describe('flags of mig memory', () => {
  it('become one search in which all must match', () => {
    assert.deepEqual(
      module.toParameters({ name: ['java'], bytes: ['4d 5a ?? 00'], maxlength: 4096, logfailures: true }),
      {
        searches: {
          s1: {
            names: ['java'],
            bytes: ['4d 5a ?? 00'],
            options: { matchall: true, matchlimit: 1000, offset: 0, maxlength: 4096, logfailures: true },
          },
        },
      },
    );
  });

  it('have a word for all signs but the common ones', () => {
    const { searches } = module.toParameters({ sign: ['all'] });
    assert.deepEqual(searches.s1?.signs, [
      'anonymous-code',
      'deleted-code',
      'altered-code',
      'preload',
      'false-kernel-thread',
    ]);
    assert.equal(module.toParameters({ sign: ['all', 'jit-code'] }).searches.s1?.signs?.length, 6);
  });

  const wrong: readonly [string, Parameters<typeof module.toParameters>[0], RegExp][] = [
    ['no filter', {}, /at least one of -name -lib -bytes -content -sign/],
    ['bytes that are not hex', { bytes: ['xyz'] }, /^-bytes: .*got "xyz"/],
    ['bytes of which none is known', { bytes: ['????'] }, /^-bytes: /],
    ['a pattern that is not RE2', { content: ['(?=x)'] }, /^-content: .*\(\?=/],
    ['a sign that is none', { sign: ['all-of-them'] }, /^-sign: /],
    ['a negative offset', { name: ['x'], offset: -1 }, /^-offset: /],
    ['both ways to match', { name: ['x'], matchall: true, matchany: true }, /-matchall or -matchany/],
  ];
  for (const [name, flags, message] of wrong)
    it(`refuse ${name}`, () => assert.throws(() => module.toParameters(flags), { code: 'usage', message }));
});

describe('lines of mig memory', () => {
  it('say what matched where', () => {
    const elements = {
      s1: [
        {
          process: { pid: 7, name: 'x', path: '/bin/x' },
          search: {
            contents: [{ value: 'a+', mapping: 'heap' }],
            signs: [{ value: 'deleted-code', detail: '/bin/x' }],
          },
        },
        { process: { pid: 8, name: 'y', path: null }, search: { names: [{ value: 'y' }] } },
      ],
    };
    assert.deepEqual(linesOf(module, elements), [
      "7 x [path:/bin/x] on contents 'a+' in heap memory, signs 'deleted-code' (/bin/x)",
      "8 y on names 'y'",
    ]);
  });
});
