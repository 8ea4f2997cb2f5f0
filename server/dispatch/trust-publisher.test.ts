import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type ChannelModel, connect } from 'amqplib';
import { toInstant } from '../../protocol/action.ts';
import { type Heartbeat, verifyAgentMessage } from '../../protocol/agent-message.ts';
import { PlainFingerprint } from '../../protocol/identifiers.ts';
import { agentQueue, agentQueueArguments, agentsExchange } from '../../protocol/topology.ts';
import { type TrustList, toTrustBytes } from '../../protocol/trust-list.ts';
import { Inbox, startBrokers } from '../../tests/relay/brokers.ts';
import { SimulatedAgent } from '../../tools/lab/simulated-agent.ts';
import { declareTopology } from '../amqp/topology.ts';
import type { Database } from '../database/database.ts';
import { openEmbeddedDatabase } from '../database/embedded.ts';
import { createLog } from '../log.ts';
import { TrustPublisher } from './trust-publisher.ts';

function newList(version: number): TrustList {
  return {
    fleet: 'test',
    version,
    issued: toInstant(Date.now()),
    expires: toInstant(Date.now() + 86_400_000),
    investigators: [{ name: 'alice', keys: [{ fingerprint: PlainFingerprint.parse('A'.repeat(40)) }] }],
    acl: {},
    revokedkeys: [],
    revokedactions: [],
  };
}

for (const subject of await startBrokers())
  describe(`trust lists on the ${subject.name}`, () => {
    let connection: ChannelModel;
    let database: Database;
    let publisher: TrustPublisher;

    before(async () => {
      connection = await connect(subject.serverUrl);
      await declareTopology(connection);
      database = await openEmbeddedDatabase(null);
      publisher = new TrustPublisher(database, createLog('silent'));
      await publisher.use(connection);
    });
    after(async () => {
      await connection.close();
      await database.close();
      await subject.stop();
    });

    const submit = (version: number) =>
      publisher.submit({ payload: toTrustBytes(newList(version)).toString('base64'), signatures: [] });

    test('an agent that says over and over that it has none fills no queue, and gets the next one', async () => {
      const channel = await connection.createConfirmChannel();
      const open = async (agent: SimulatedAgent): Promise<{ queue: string; heartbeat: Heartbeat }> => {
        const { queue } = await channel.assertQueue(agentQueue(agent.id), { arguments: agentQueueArguments });
        await channel.bindQueue(queue, agentsExchange, agent.id);
        const message = verifyAgentMessage(agent.heartbeat());
        assert.ok(message.kind === 'heartbeat');
        return { queue, heartbeat: { ...message, trust: { version: 0, expires: null } } };
      };
      const liar = await open(new SimulatedAgent());
      const next = await open(new SimulatedAgent());
      const inbox = new Inbox();
      await channel.consume(next.queue, inbox.take, { noAck: true });
      /** What is sent to the next agent comes after all that was sent before. */
      const countAfter = async (heartbeats: number, received: number): Promise<number> => {
        for (let sent = 0; sent < heartbeats; sent += 1) await publisher.catchUp([liar.heartbeat]);
        await publisher.catchUp([next.heartbeat]);
        await inbox.waitFor(received);
        return (await channel.checkQueue(liar.queue)).messageCount;
      };
      await submit(1);
      assert.equal(await countAfter(50, 1), 1);
      await submit(2);
      assert.equal(await countAfter(50, 2), 2);
      for (const { queue } of [liar, next]) await channel.deleteQueue(queue);
      await channel.close();
    });
  });
