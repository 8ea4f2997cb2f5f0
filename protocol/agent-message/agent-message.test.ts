import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, test } from 'node:test';
import { agentIdOf, CommandId, newInstanceId, sha256Hex } from '../base/identifiers.ts';
import { toInstant } from '../base/instant.ts';
import { toCanonicalJson } from '../base/strict-json.ts';
import {
  type AgentFacts,
  type Heartbeat,
  type RefusalMessage,
  signAgentBytes,
  signAgentMessage,
  toRawPublicKey,
  verifyAgentMessage,
} from './agent-message.ts';

function newAgent() {
  const { privateKey } = generateKeyPairSync('ed25519');
  const raw = toRawPublicKey(createPublicKey(privateKey));
  return { privateKey, agent: agentIdOf(raw), publickey: raw.toString('base64') };
}

function newRefusal({ agent, publickey }: Pick<ReturnType<typeof newAgent>, 'agent' | 'publickey'>): RefusalMessage {
  return {
    kind: 'refusal',
    sequence: 1,
    agent,
    publickey,
    command: CommandId.parse('0'.repeat(32)),
    actiondigest: sha256Hex('bytes'),
    code: 'expired',
    time: toInstant(Date.now()),
  };
}

describe('agent messages', () => {
  test('verify to what was signed', () => {
    const agent = newAgent();
    const refusal = newRefusal(agent);
    assert.deepEqual(verifyAgentMessage(signAgentMessage(refusal, agent.privateKey)), refusal);
  });

  test('are refused when any bit was changed', () => {
    const agent = newAgent();
    const message = signAgentMessage(newRefusal(agent), agent.privateKey);
    for (let bit = 0; bit < message.length * 8; bit += 13) {
      const changed = Buffer.from(message);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      assert.throws(() => verifyAgentMessage(changed), /./, `bit ${bit}`);
    }
  });

  test('are refused when another agent signed them, whichever key it names', () => {
    const [victim, attacker] = [newAgent(), newAgent()];
    const forged = signAgentMessage(newRefusal(victim), attacker.privateKey);
    Buffer.from(victim.publickey, 'base64').copy(forged, 64);
    assert.throws(() => verifyAgentMessage(forged), { code: 'agent-message-forged' });
  });

  test('speak for the agent of the key that signed them, and cannot name another one', () => {
    const [victim, attacker] = [newAgent(), newAgent()];
    const named = verifyAgentMessage(signAgentMessage(newRefusal(victim), attacker.privateKey));
    assert.deepEqual([named.agent, named.publickey], [attacker.agent, attacker.publickey]);
    const { agent: _agent, publickey: _publickey, ...fields } = newRefusal(attacker);
    for (const extra of [{ agent: victim.agent }, { publickey: victim.publickey }, { sealed: 'AAAA' }]) {
      const message = signAgentBytes(toCanonicalJson({ ...fields, ...extra }), attacker.privateKey);
      assert.throws(() => verifyAgentMessage(message), { code: 'agent-message-malformed' }, JSON.stringify(extra));
    }
  });

  test('are told as forged before any of their JSON is looked at, however much there is of it', () => {
    const { privateKey } = newAgent();
    const message = signAgentBytes(Buffer.from('['.repeat(1 << 20)), privateKey);
    message[message.length - 1] = 0x5d;
    assert.throws(() => verifyAgentMessage(message), { code: 'agent-message-forged' });
  });

  test('have at most 64 KiB of JSON, and only a result has anything behind it', () => {
    const agent = newAgent();
    const { agent: _agent, publickey: _publickey, ...fields } = newRefusal(agent);
    const refusal = toCanonicalJson(fields);
    const wide = toCanonicalJson({ ...fields, more: Array(5000).fill(0) });
    const long = toCanonicalJson({ ...fields, more: 'x'.repeat(64 * 1024) });
    for (const message of [
      signAgentBytes(wide, agent.privateKey),
      signAgentBytes(long, agent.privateKey),
      signAgentBytes(refusal, agent.privateKey, Buffer.from('more')),
    ])
      assert.throws(() => verifyAgentMessage(message), { code: 'agent-message-malformed' });
    const whole = signAgentBytes(refusal, agent.privateKey);
    assert.throws(() => verifyAgentMessage(whole, whole.length - 1), { code: 'agent-message-malformed' });
    assert.equal(verifyAgentMessage(whole, whole.length).kind, 'refusal');
  });

  test('with a NUL in a text, which databases cannot hold, are malformed', () => {
    const agent = newAgent();
    const facts = {
      name: 'web1',
      queueloc: 'linux.web1',
      mode: 'daemon',
      version: '1',
      environment: {},
      tags: {},
    } as const;
    const verifyWith = (changes: Partial<AgentFacts>) => {
      const heartbeat: Heartbeat = {
        kind: 'heartbeat',
        agent: agent.agent,
        publickey: agent.publickey,
        fleet: 'test',
        instance: newInstanceId(),
        sequence: 1,
        audit: { sequence: 0, hash: sha256Hex('') },
        reported: [],
        facts: { ...facts, ...changes },
        link: 1,
        starttime: toInstant(0),
        time: toInstant(0),
      };
      return verifyAgentMessage(signAgentMessage(heartbeat, agent.privateKey));
    };
    assert.equal(verifyWith({}).kind, 'heartbeat');
    for (const changes of [
      { name: 'a\0' },
      { queueloc: '\0' },
      { version: '\0' },
      { environment: { '\0': 'x' } },
      { environment: { os: '\0' } },
      { environment: { addresses: ['\0'] } },
      { tags: { '\0': 'x' } },
      { tags: { team: '\0' } },
    ])
      assert.throws(() => verifyWith(changes), { code: 'agent-message-malformed' }, JSON.stringify(changes));
  });

  test('of another form are malformed, not forged', () => {
    for (const bytes of [
      Buffer.alloc(0),
      Buffer.alloc(64),
      Buffer.from('x'.repeat(200)),
      Buffer.concat([Buffer.alloc(96), Buffer.from('mig agent v3\n{}')]),
      signAgentBytes(Buffer.from('{}'), newAgent().privateKey).subarray(0, 112),
    ])
      assert.throws(() => verifyAgentMessage(bytes), { code: 'agent-message-malformed' });
  });
});
