import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { module } from './module.ts';

function messagesOf(search: unknown): string {
  const checked = module.parameters.safeParse({ searches: { s1: search } });
  return checked.success ? '' : checked.error.issues.map(({ message }) => message).join('\n');
}

describe('parameters', () => {
  it('of the original are taken and filled in', () => {
    const { searches } = module.parameters.parse({
      searches: {
        'any label: (1)': {
          description: 'x',
          paths: ['/home', 'c:\\Users'],
          names: ['!^a'],
          contents: ['b'],
          sizes: ['<10m'],
          modes: ['^-'],
          mtimes: ['<90d'],
          md5: ['D41D8CD98F00B204E9800998ECF8427E'],
          options: { maxdepth: 0, matchall: true, mismatch: ['sha2', 'content'], debug: 'print', remotefs: false },
        },
      },
    });
    assert.deepEqual(searches['any label: (1)']?.options, {
      maxdepth: 0,
      matchall: true,
      macroal: false,
      mismatch: ['sha2', 'content'],
      matchlimit: 1000,
      maxerrors: 30,
      returnsha256: false,
      decompress: false,
      debug: 'print',
      remotefs: false,
    });
  });

  it('have the defaults of the original when there are no options', () => {
    const { searches } = module.parameters.parse({ searches: { s1: { paths: ['/'] } } });
    assert.equal(searches.s1?.options.matchall, false);
    assert.equal(searches.s1?.options.maxdepth, 1000);
  });

  for (const [what, search, named] of [
    [
      'an unknown key, suggesting the right one',
      { paths: ['/'], contnts: ['x'] },
      /"contnts" \(did you mean "contents"\?\)/,
    ],
    ['an unknown option', { paths: ['/'], options: { matchal: true } }, /"matchal" \(did you mean "matchall"\?\)/],
    ['an unknown key that is like none', { paths: ['/'], zebra: 1 }, /"zebra"$/],
    ['no path', { paths: [] }, /./],
    ['a relative path', { paths: ['etc'] }, /"etc"/],
    ['a path with a zero byte', { paths: ['/a\0b'] }, /./],
    ['a malformed digest, naming it', { paths: ['/'], sha2: ['abc'] }, /64.*"abc"/],
    ['a digest of the wrong family', { paths: ['/'], md5: ['0'.repeat(40)] }, /32 hex digits/],
    ['a malformed size', { paths: ['/'], sizes: ['big'] }, /"big"/],
    ['a malformed age', { paths: ['/'], mtimes: ['90d'] }, /"90d"/],
    ['malformed bytes', { paths: ['/'], bytes: ['4d5'] }, /"4d5"/],
    ['a malformed regex', { paths: ['/'], names: ['a('] }, /"a\("/],
    ['an empty regex', { paths: ['/'], contents: [''] }, /empty/],
    ['what RE2 does not have', { paths: ['/'], contents: ['(?=x)'] }, /\(\?=/],
    ['an unknown filter in mismatch', { paths: ['/'], options: { mismatch: ['colour'] } }, /./],
    ['a negative depth', { paths: ['/'], options: { maxdepth: -1 } }, /./],
    ['both matchall and matchany', { paths: ['/'], options: { matchall: true, matchany: true } }, /both/],
  ] as const)
    it(`refuse ${what}`, () => assert.match(messagesOf(search), named));

  it('report all that is wrong at once', () => {
    assert.equal(messagesOf({ paths: ['/'], sizes: ['x'], mtimes: ['y'], md5: ['z'] }).split('\n').length, 3);
  });

  it('refuse no search and too long a label', () => {
    assert.equal(module.parameters.safeParse({ searches: {} }).success, false);
    assert.equal(module.parameters.safeParse({ searches: { ['x'.repeat(65)]: { paths: ['/'] } } }).success, false);
    assert.equal(module.parameters.safeParse({ searches: { s1: { paths: ['/'] } }, extra: 1 }).success, false);
  });
});
