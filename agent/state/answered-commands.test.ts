import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { maximumAnswered } from '../../protocol/agent-message/agent-message.ts';
import { AgentId, commandIdOf, newActionId } from '../../protocol/base/identifiers.ts';
import { AnsweredCommands } from './answered-commands.ts';

const agent = AgentId.parse('a'.repeat(64));
const nowMs = Date.now();

describe('commands that the heartbeats tell of', () => {
  test('are told until an hour after the end of their action', () => {
    const answered = new AnsweredCommands(agent);
    const action = newActionId();
    answered.add(action, nowMs);
    assert.deepEqual(answered.list(nowMs + 3_600_000), [commandIdOf(action, agent)]);
    assert.deepEqual(answered.list(nowMs + 3_600_001), []);
  });

  test('are not driven out by one that is answered again and again', () => {
    const answered = new AnsweredCommands(agent);
    const [first, again] = [newActionId(), newActionId()];
    answered.add(first, nowMs);
    for (let times = 0; times < 2 * maximumAnswered; times += 1) answered.add(again, nowMs);
    assert.deepEqual(answered.list(nowMs), [commandIdOf(first, agent), commandIdOf(again, agent)]);
  });

  test('are the latest that a heartbeat has room for', () => {
    const answered = new AnsweredCommands(agent);
    const actions = Array.from({ length: maximumAnswered + 1 }, newActionId);
    for (const action of actions) answered.add(action, nowMs);
    const told = actions.slice(1).map((action) => commandIdOf(action, agent));
    assert.deepEqual(answered.list(nowMs), told);
  });
});
