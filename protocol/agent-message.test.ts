import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, test } from 'node:test';
import { toInstant } from './action.ts';
import {
  type AgentFacts,
  type Heartbeat,
  type RefusalMessage,
  signAgentMessage,
  toRawPublicKey,
  verifyAgentMessage,
} from './agent-message.ts';
import { agentIdOf, CommandId, newInstanceId, sha256Hex } from './identifiers.ts';

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
    const named = signAgentMessage(newRefusal(victim), attacker.privateKey);
    const swapped = signAgentMessage({ ...newRefusal(victim), publickey: attacker.publickey }, attacker.privateKey);
    assert.throws(() => verifyAgentMessage(named), { code: 'agent-message-forged' });
    assert.throws(() => verifyAgentMessage(swapped), { code: 'agent-message-forged' });
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
        answered: [],
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
      Buffer.concat([Buffer.alloc(64), Buffer.from('mig agent v3\n{}')]),
    ])
      assert.throws(() => verifyAgentMessage(bytes), { code: 'agent-message-malformed' });
  });
});
