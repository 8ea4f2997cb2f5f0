/** The fuzzer itself. Away from the targets: each reading of the coverage looks at all code that was loaded. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fuzz } from './fuzz.ts';
import type { FuzzTarget } from './target.ts';

describe('the fuzzer', () => {
  const planted = (name: string, look: (input: Buffer) => void): FuzzTarget => ({
    name,
    side: 'everyone',
    holds: 'nothing',
    prepare: async () => ({
      seeds: [Buffer.from('....')],
      take: (input) => {
        look(input);
        return true;
      },
    }),
  });

  test('finds a fault that only inputs that come nearer step by step can reach', async () => {
    const target = planted('planted', (input) => {
      if (input[0] === 0x46) {
        if (input[1] === 0x55) {
          if (input[2] === 0x5a) throw new Error('planted');
        }
      }
    });
    const { findings } = await fuzz(target, { executions: 200_000, seed: 1 });
    assert.equal(findings.length, 1);
    assert.ok(findings[0]?.input.toString('latin1').startsWith('FUZ'));
  });

  test('counts faults of one kind once', async () => {
    const target = planted('short', (input) => {
      if (input.length < 4) throw new Error('short');
    });
    const { findings } = await fuzz(target, { executions: 1000, seed: 1 });
    assert.equal(findings.length, 1);
  });

  test('does not go on with a target whose honest input is refused', async () => {
    const target: FuzzTarget = {
      ...planted('deaf', () => {}),
      prepare: async () => ({ seeds: [Buffer.from('x')], take: () => false }),
    };
    await assert.rejects(fuzz(target, { executions: 10, seed: 1 }), /expected the first seed of deaf to be taken/);
  });
});
