/** One group of the drill's attacks on a platform of its own, one test for each. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type AttackGroup, attackGroups } from '../../tools/drill/attacks.ts';
import { isHeld, play } from '../../tools/drill/drill.ts';
import { Stage } from '../../tools/drill/stage.ts';

export function playGroup(group: AttackGroup): void {
  describe(`the drill: ${group}`, () => {
    let stage: Stage;
    before(async () => {
      stage = await Stage.start();
    });
    after(() => stage?.close());

    for (const attack of attackGroups[group])
      test(`notices: ${attack.name}`, async () => {
        const row = await play(attack, stage);
        assert.ok(isHeld(row), JSON.stringify(row, null, 2));
      });
  });
}
