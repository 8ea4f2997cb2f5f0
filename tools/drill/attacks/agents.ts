/**
 * Attacks by agents that are not or no longer ours: invented ones, floods, garbage, and answers that should break the
 * reader.
 */
import { deflateRawSync } from 'node:zlib';
import { parseSignedBytes } from '../../../protocol/action/envelope.ts';
import { toCanonicalJson } from '../../../protocol/base/strict-json.ts';
import { seal, toPublicKey } from '../../../protocol/reply-key/hpke.ts';
import { emptyReceipt } from '../../../protocol/result/result.ts';
import { heartbeatsExchange, reportsExchange } from '../../../protocol/topology.ts';
import { HostileAgent, newHeartbeat } from '../../fuzz/hostile-agent.ts';
import type { ReceivedCommand } from '../../lab/simulated-agent.ts';
import { type Attack, must, noticedIn } from '../attack.ts';
import { fleet } from '../fleet.ts';
import { assertHonestAnswer, withAgent } from '../with-agent.ts';

export const agentAttacks: readonly Attack[] = [
  {
    name: 'decompression bomb in an answer',
    tried: 'an agent seals 512 MB of zeros in 500 kB',
    run: (stage) =>
      withAgent(stage, async (agent) => {
        const bomb = deflateRawSync(Buffer.alloc(512 * 1024 * 1024), { level: 9 });
        agent.onCommand = ({ command, acknowledge }) => {
          const { id, replykey } = parseSignedBytes(Buffer.from(command.envelope.payload, 'base64'));
          const binding = { info: Buffer.from('mig result v3'), aad: Buffer.from(`${id}:${agent.id}`) };
          const sealed = seal(bomb, toPublicKey(Buffer.from(replykey, 'base64')), binding);
          void agent.publish(reportsExchange, agent.result(command, 'succeeded', sealed)).then(acknowledge);
        };
        const { code, stderr } = await stage.mig(stage.question(agent.id));
        must(code === 3, `exit code ${code}: ${stderr}`);
        return noticedIn('investigator', stderr, /1 answer was not genuine: .*/);
      }),
  },
  {
    name: 'agent that sends garbage',
    tried: '1,000 messages that are none, and some with a good signature over nonsense',
    run: (stage) =>
      withAgent(stage, async (agent) => {
        const hostile = new HostileAgent('mallory');
        for (let index = 0; index < 1000; index += 1) {
          const exchange = index % 2 === 0 ? reportsExchange : heartbeatsExchange;
          const bytes =
            index % 3 === 0 ? hostile.sign(Buffer.from(`{"kind":"heartbeat","x":${index}}`)) : Buffer.alloc(100, index);
          await agent.publish(exchange, bytes);
        }
        await assertHonestAnswer(stage);
        const line = await stage.relayProgram.waitForLine((text) => text.includes('agent message not taken'));
        return noticedIn('relay', line, /"msg":"agent message not taken"/);
      }),
  },
  {
    name: 'agent that floods',
    tried: 'one agent answers one question 500 times',
    run: (stage) =>
      withAgent(stage, async (agent) => {
        const answering = new Set<Promise<void>>();
        const answer = async ({ command, acknowledge }: ReceivedCommand): Promise<void> => {
          const operation = { success: true, foundanything: false, elements: { s1: [] }, statistics: {}, errors: [] };
          const receipt = emptyReceipt();
          for (let times = 0; times < 500; times += 1)
            await agent.sendSealedResult(command, [{ ...operation, receipt }]);
          acknowledge();
        };
        agent.onCommand = (received) => answering.add(answer(received));
        const { stderr } = await stage.mig(stage.question(agent.id));
        await assertHonestAnswer(stage);
        await Promise.all(answering);
        return noticedIn('investigator', stderr, /answered: 1 fully, 0 partly, 0 refused, 0 failed, 0 silent/);
      }),
  },
  {
    name: 'agent that never ends',
    tried: 'an agent takes the question and says nothing',
    run: (stage) =>
      withAgent(stage, async (agent) => {
        const question = stage.question(agent.id).map((word) => (word === '60s' ? '8s' : word));
        const { code, stderr } = await stage.mig(question);
        must(code === 3, `exit code ${code}: ${stderr}`);
        return noticedIn('investigator', stderr, /answered: .* 1 silent/);
      }),
  },
  {
    name: 'enrolment flood of invented agents',
    tried: '500 agents that do not exist',
    run: (stage) =>
      withAgent(stage, async (agent) => {
        for (let index = 0; index < 500; index += 1) {
          const invented = new HostileAgent(`invented ${index}`);
          const facts = { ...agent.facts, name: `invented${index}`, tags: { team: 'invented' } };
          const heartbeat = newHeartbeat(fleet, facts);
          await agent.publish(heartbeatsExchange, invented.sign(toCanonicalJson(heartbeat)));
        }
        await stage.lab.waitForAgents(500, stage.env, "tags->>'team' = 'invented'");
        await assertHonestAnswer(stage);
        const { stderr } = await stage.mig([
          ...['file', '-t', `id = '${stage.agentId}' OR tags->>'team' = 'invented'`],
          ...['-path', stage.folder, '-name', '^found$', '-e', '8s'],
        ]);
        return noticedIn('investigator', stderr, /answered: 1 fully, .* 500 silent/);
      }),
  },
];
