import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import type { Action } from '../../protocol/action/action.ts';
import { newAction } from '../../protocol/action/testing/new-action.ts';
import { type Heartbeat, signAgentMessage, toRawPublicKey } from '../../protocol/agent-message/agent-message.ts';
import type { AgentRecord } from '../../protocol/api/api.ts';
import {
  type AgentId,
  agentIdOf,
  commandIdOf,
  newActionId,
  newInstanceId,
  sha256Hex,
} from '../../protocol/base/identifiers.ts';
import { toInstant } from '../../protocol/base/instant.ts';
import { StateKeeper } from '../cli/state-keeper.ts';
import {
  type AgentSnapshot,
  compareSnapshots,
  compareWithOther,
  examineAgents,
  type SuspicionCode,
  toAgentSnapshot,
} from './agent-snapshot.ts';
import { isAnswerWithheld, openHeartbeat } from './heartbeat.ts';
import { findNotAsked } from './not-asked.ts';
import { WitnessStore } from './witness-store.ts';

const { privateKey } = generateKeyPairSync('ed25519');
const raw = toRawPublicKey(createPublicKey(privateKey));
const agent = agentIdOf(raw);
const nowMs = Date.now();

function beat(changes: Partial<Heartbeat> = {}): Heartbeat {
  return {
    kind: 'heartbeat',
    agent,
    publickey: raw.toString('base64'),
    fleet: 'test',
    instance: newInstanceId(),
    sequence: 10,
    audit: { sequence: 5, hash: sha256Hex('five') },
    reported: [],
    facts: { name: 'web1', queueloc: 'linux.web1', mode: 'daemon', version: '1', environment: {}, tags: {} },
    link: 1,
    starttime: toInstant(nowMs - 3_600_000),
    time: toInstant(nowMs - 60_000),
    ...changes,
  };
}

function signed(changes: Partial<Heartbeat> = {}): string {
  return signAgentMessage(beat(changes), privateKey).toString('base64');
}

describe('an answer that the relay keeps back', () => {
  const action = newActionId();
  const reported = [commandIdOf(newActionId(), agent), commandIdOf(action, agent)];

  test("is named when the agent's own heartbeat says that it was given", () => {
    assert.equal(isAnswerWithheld(agent, signed({ reported }), action, nowMs), true);
  });

  test('is not when it may still be on its way, was of another action, or the heartbeat is not genuine', () => {
    const justNow = signed({ reported, time: toInstant(nowMs - 2000) });
    assert.equal(isAnswerWithheld(agent, justNow, action, nowMs), false);
    assert.equal(isAnswerWithheld(agent, signed({ reported: reported.slice(0, 1) }), action, nowMs), false);
    const forged = Buffer.from(signed({ reported }), 'base64');
    forged[3] = (forged[3] ?? 0) ^ 1;
    assert.equal(isAnswerWithheld(agent, forged.toString('base64'), action, nowMs), false);
    assert.equal(isAnswerWithheld(agent, null, action, nowMs), false);
    assert.equal(openHeartbeat(agentIdOf(Buffer.alloc(32)), signed()), undefined);
  });
});

describe('an agent that a question was not put to', () => {
  const action = newAction({
    target: "name = 'web1'",
    validfrom: toInstant(nowMs - 120_000),
    expireafter: toInstant(nowMs + 120_000),
    operations: [{ module: 'file', parameters: {} }],
  });
  const isNamed = (question: Partial<Action>, heartbeat: Partial<Heartbeat> = {}, asked: readonly AgentId[] = []) =>
    findNotAsked({ ...action, ...question }, [beat(heartbeat)], new Set(asked), nowMs).length > 0;

  test('is named when it is there and fits', () => {
    for (const target of [action.target, 'all', 'online']) assert.equal(isNamed({ target }), true, target);
  });

  test('is named by an old heartbeat as well, where the target does not ask for its status', () => {
    const old = { time: toInstant(nowMs - 3_600_000) };
    for (const target of [action.target, 'all', "status = 'online' OR name = 'web1'"])
      assert.equal(isNamed({ target }, old), true, target);
    for (const target of ['online', "status = 'online' AND name = 'web1'", "NOT status = 'idle'"]) {
      assert.equal(isNamed({ target }, old), false, target);
      assert.equal(isNamed({ target }), true, target);
    }
  });

  test('is not when it may not have been there at the moment that the target asks for', () => {
    for (const away of [{ link: 2 }, { starttime: toInstant(nowMs - 90_000) }]) {
      for (const target of ['online', "starttime > NOW() - INTERVAL '1 day'"])
        assert.equal(isNamed({ target }, away), false, target);
      assert.equal(isNamed({ target: 'all' }, away), true);
    }
  });

  test('is named although the relay says that the question was stopped, when it had started before it', () => {
    const stopped = (starttime: string) =>
      findNotAsked(action, [beat({ starttime })], new Set(), nowMs, true).map(({ code }) => code);
    assert.deepEqual(stopped(toInstant(nowMs - 3_600_000)), ['not-asked']);
    assert.deepEqual(stopped(toInstant(nowMs - 30_000)), []);
  });

  test('is not when it was asked, may not fit or be away, is of another fleet, or the question is over', () => {
    assert.equal(isNamed({}, {}, [agent]), false);
    for (const target of ["name = 'web2'", "status = 'idle'"]) assert.equal(isNamed({ target }), false, target);
    assert.equal(isNamed({ fleet: 'other' }), false);
    assert.equal(isNamed({ expireafter: toInstant(nowMs - 1000) }), false);
  });
});

describe('snapshots', () => {
  const sight = (changes: Partial<Heartbeat> = {}, heard: string | null = null): AgentSnapshot => {
    const bytes = signed(changes);
    const heartbeat = openHeartbeat(agent, bytes);
    assert.ok(heartbeat);
    return toAgentSnapshot(heartbeat, bytes, heard);
  };
  const known = sight();
  const later = { sequence: 11, audit: { sequence: 6, hash: sha256Hex('six') } };
  const cases: readonly {
    says: string;
    shown: AgentSnapshot;
    before?: AgentSnapshot;
    codes: readonly SuspicionCode[];
  }[] = [
    { says: 'the next heartbeat', shown: sight(later), codes: [] },
    { says: 'the same heartbeat', shown: known, codes: [] },
    { says: 'an older one', shown: sight({ sequence: 9 }), codes: ['old-heartbeat'] },
    {
      says: 'another of the same number',
      shown: sight({ time: toInstant(nowMs - 50_000) }),
      codes: ['two-heartbeats'],
    },
    {
      says: 'a shorter log',
      shown: sight({ sequence: 11, audit: { sequence: 4, hash: sha256Hex('four') } }),
      codes: ['log-cut'],
    },
    {
      says: 'another log of the same length',
      shown: sight({ sequence: 11, audit: { sequence: 5, hash: sha256Hex('other') } }),
      codes: ['log-forked'],
    },
    {
      says: 'a heartbeat from long before its last answer',
      before: { ...known, heard: toInstant(nowMs + 3_600_000) },
      shown: sight(later),
      codes: ['heartbeats-withheld'],
    },
  ];
  for (const { says, shown, before = known, codes } of cases)
    test(`${says}: ${codes.join(' ') || 'nothing'}`, () => assert.deepEqual(compareSnapshots(before, shown), codes));

  test('of two people tell who was shown less, unless the agent was not there yet', () => {
    const codesOf = (own: readonly AgentSnapshot[], other: readonly AgentSnapshot[], wasThere = true) =>
      compareWithOther(own, other, () => wasThere).map(({ code }) => code);
    assert.deepEqual(codesOf([], [known]), ['hidden-from-you']);
    assert.deepEqual(codesOf([known], []), ['hidden-from-others']);
    assert.deepEqual(codesOf([known], [], false), []);
    assert.deepEqual(codesOf([known], [known]), []);
  });

  test('of agents that go by different lists of one version name those that are fewer', () => {
    const records: AgentRecord[] = ['a', 'b', 'b', undefined].map((list) => {
      const keys = generateKeyPairSync('ed25519');
      const publickey = toRawPublicKey(keys.publicKey);
      const trust = {
        version: 3,
        expires: toInstant(nowMs),
        ...(list === undefined ? {} : { digest: list.repeat(64) }),
      };
      const heartbeat = { ...beat({ trust }), agent: agentIdOf(publickey), publickey: publickey.toString('base64') };
      const { agent: id, starttime, time: heartbeattime, facts } = heartbeat;
      const shown = { id, ...facts, status: 'online' as const, starttime, heartbeattime, clones: [] };
      return { ...shown, heartbeat: signAgentMessage(heartbeat, keys.privateKey).toString('base64') };
    });
    const { suspicions } = examineAgents(records, new Map());
    assert.deepEqual(suspicions, [{ agent: records[0]?.id, name: 'web1', code: 'trust-forked' }]);
  });

  test('are kept, and so is when an agent was last heard', () => {
    const folder = mkdtempSync(join(tmpdir(), 'mig-witness-'));
    after(() => rmSync(folder, { recursive: true }));
    const keeper = new StateKeeper(() => assert.fail('everything can be kept'));
    const store = () => new WitnessStore(folder, new URL('https://relay.example.org'), keeper);
    store().put([known]);
    store().hear([agent, agentIdOf(Buffer.alloc(32))], nowMs);
    assert.deepEqual([...store().readAll().values()], [{ ...known, heard: toInstant(nowMs) }]);
    assert.equal(new WitnessStore(folder, new URL('https://other.example.org'), keeper).readAll().size, 0);
  });
});
