import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isTraced, traceQuestion } from '../kit/testing/side-effects.ts';

describe('an answer', { skip: isTraced ? false : 'needs strace' }, () => {
  for (const [name, search] of [
    ['packages of the system', { types: ['dpkg', 'rpm', 'apk', 'pacman'] }],
    ['altered files', { altered: true, names: ['^dpkg$'] }],
    ['unowned files', { unowned: true, paths: ['/usr/sbin'] }],
    ['owners', { files: ['/usr/bin/*', '/bin/sh'] }],
    ['what runs', { running: true }],
    ['packages of languages', { types: ['npm', 'pip', 'gem', 'go', 'jar', 'cargo'] }],
    ['snap and flatpak', { types: ['snap', 'flatpak'] }],
    ['times', { types: ['dpkg'], installeds: ['<1d'] }],
  ] as const)
    it(`to a question about ${name} only opens files for reading`, () => {
      const { result, sideEffects } = traceQuestion('package', { searches: { s1: search } });
      assert.equal(result.success, true);
      assert.deepEqual(sideEffects, []);
    });
});
