/** Declares what every server expects to find at the broker; each agent declares its own queue. */
import type { ChannelModel } from 'amqplib';
import {
  agentsExchange,
  heartbeatsExchange,
  heartbeatsQueue,
  poisonExchange,
  poisonQueue,
  queueArguments,
  reportsExchange,
  reportsQueue,
} from '../../protocol/topology.ts';

export async function declareTopology(connection: ChannelModel): Promise<void> {
  const channel = await connection.createChannel();
  // The call that failed rejects with the same error.
  channel.on('error', () => {});
  for (const exchange of [agentsExchange, reportsExchange, heartbeatsExchange, poisonExchange])
    await channel.assertExchange(exchange, 'topic', { durable: true });
  for (const queue of [reportsQueue, heartbeatsQueue, poisonQueue] as const)
    await channel.assertQueue(queue, { durable: true, arguments: queueArguments[queue] });
  await channel.bindQueue(reportsQueue, reportsExchange, '#');
  await channel.bindQueue(heartbeatsQueue, heartbeatsExchange, '#');
  await channel.bindQueue(poisonQueue, poisonExchange, '#');
  await channel.close();
}
