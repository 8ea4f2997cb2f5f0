import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { suggest } from './suggest.ts';

describe('suggest', () => {
  const known = ['file', 'agents', 'actions', 'show', 'path', 'name', 'content', 'not'];
  for (const [word, meant] of [
    ['fiel', 'file'],
    ['agent', 'agents'],
    ['pth', 'path'],
    ['contents', 'content'],
    ['conetnt', 'content'],
    ['shwo', 'show'],
    ['foo', undefined],
    ['fi', undefined],
    ['zzz', undefined],
    ['', undefined],
  ] as const)
    it(`takes ${JSON.stringify(word)} for ${meant}`, () => assert.equal(suggest(word, known), meant));
});
