import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { maximumReported } from '../../protocol/agent-message/agent-message.ts';
import { AgentId, commandIdOf, newActionId } from '../../protocol/base/identifiers.ts';
import { ReportedCommands } from './reported-commands.ts';

const agent = AgentId.parse('a'.repeat(64));
const nowMs = Date.now();

describe('commands that the heartbeats tell of', () => {
  test('are told until an hour after the end of their action', () => {
    const reported = new ReportedCommands(agent);
    const action = newActionId();
    reported.add(action, nowMs);
    assert.deepEqual(reported.list(nowMs + 3_600_000), [commandIdOf(action, agent)]);
    assert.deepEqual(reported.list(nowMs + 3_600_001), []);
  });

  test('are not driven out by one that is reported again and again', () => {
    const reported = new ReportedCommands(agent);
    const [first, again] = [newActionId(), newActionId()];
    reported.add(first, nowMs);
    for (let times = 0; times < 2 * maximumReported; times += 1) reported.add(again, nowMs);
    assert.deepEqual(reported.list(nowMs), [commandIdOf(first, agent), commandIdOf(again, agent)]);
  });

  test('are the latest that a heartbeat has room for', () => {
    const reported = new ReportedCommands(agent);
    const actions = Array.from({ length: maximumReported + 1 }, newActionId);
    for (const action of actions) reported.add(action, nowMs);
    const told = actions.slice(1).map((action) => commandIdOf(action, agent));
    assert.deepEqual(reported.list(nowMs), told);
  });
});
