/** The attacks of the drill on the broker, on RabbitMQ as it is shipped; `tests/drill/` plays them on the embedded one. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { brokerAttackList } from '../tools/drill/attacks/brokers.ts';
import { HostileRelay } from '../tools/lab/hostile-relay.ts';
import { SimulatedAgent } from '../tools/lab/simulated-agent.ts';
import { findServices } from './services.ts';

const { amqpUrl } = await findServices();

describe('the drill on RabbitMQ as it is shipped', { skip: amqpUrl === null }, () => {
  let broker: HostileRelay;
  const victim = new SimulatedAgent();
  before(async () => {
    broker = await HostileRelay.start('rabbitmq');
    await victim.connect(broker.agentUrl);
  });
  after(async () => {
    await victim.close();
    await broker?.stop();
  });

  for (const { name, run } of brokerAttackList.filter(({ only }) => only !== 'embedded'))
    test(`notices: ${name}`, async () => {
      const { by } = await run(broker, victim.id);
      assert.equal(by, 'broker');
    });
});
