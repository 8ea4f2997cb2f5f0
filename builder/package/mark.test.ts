/** The mark by which agents recognise copies of an agent's executable. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hasAgentMark } from '../../protocol/environment/executable-mark.ts';
import { markAgent } from './mark.ts';

describe("the mark of an agent's executable", () => {
  for (const [system, magic] of [
    ['Linux', '7f454c460201010000000000000000000300'],
    ['Windows', '4d5a9000'],
    ['macOS', 'cffaedfe'],
  ] as const)
    it(`takes no more than bytes of the header that nothing reads: ${system}`, () => {
      const executable = Buffer.concat([Buffer.from(magic, 'hex'), Buffer.alloc(128)]);
      const marked = markAgent(executable);
      assert.equal(marked.length, executable.length);
      const changed = [...marked].flatMap((byte, index) => (byte === executable[index] ? [] : [index]));
      assert.equal(changed.length, system === 'macOS' ? 4 : 7);
      assert.ok(changed.every((index) => executable[index] === 0));
      assert.deepEqual(markAgent(marked), marked);
      assert.deepEqual([hasAgentMark(executable), hasAgentMark(marked)], [false, true]);
    });

  it('is not put on anything else', () => {
    assert.throws(() => markAgent(Buffer.from('#!/bin/sh\n')), TypeError);
  });
});
