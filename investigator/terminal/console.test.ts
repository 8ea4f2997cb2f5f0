import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { WriteStream } from 'node:tty';
import { mayColour } from './console.ts';

/** As a terminal with colours decides. */
const stream = { hasColors: WriteStream.prototype.hasColors, getColorDepth: WriteStream.prototype.getColorDepth };

describe('colour', () => {
  const terminal = { TERM: 'xterm-256color' };
  for (const [name, env, expected] of [
    ['is there on a terminal that has it', terminal, true],
    ['is there with an empty NO_COLOR, which counts as not set (no-color.org)', { ...terminal, NO_COLOR: '' }, true],
    ['is not with NO_COLOR', { ...terminal, NO_COLOR: '1' }, false],
    ['is not on a dumb terminal', { TERM: 'dumb' }, false],
  ] as const)
    it(name, () => assert.equal(mayColour(stream, env), expected));
});
