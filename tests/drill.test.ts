/** The drill, one test for each attack. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { attacks } from '../tools/drill/attacks.ts';
import { isHeld, play } from '../tools/drill/drill.ts';
import { Stage } from '../tools/drill/stage.ts';

describe('the drill', () => {
  let stage: Stage;
  before(async () => {
    stage = await Stage.start();
  });
  after(() => stage?.close());

  test('no two attacks have one name', () => {
    assert.equal(new Set(attacks.map(({ name }) => name)).size, attacks.length);
  });

  for (const attack of attacks)
    test(`notices: ${attack.name}`, async () => {
      const row = await play(attack, stage);
      assert.ok(isHeld(row), JSON.stringify(row, null, 2));
    });
});
