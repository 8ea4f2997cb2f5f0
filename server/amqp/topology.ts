/** Declares what every server expects to find at the broker; each agent declares its own queue. */
import type { ChannelModel } from 'amqplib';
import {
  agentsExchange,
  heartbeatsExchange,
  heartbeatsQueue,
  heartbeatTtlMs,
  resultsExchange,
  resultsQueue,
} from '../../protocol/topology.ts';

export async function declareTopology(connection: ChannelModel): Promise<void> {
  const channel = await connection.createChannel();
  // The call that failed rejects with the same error.
  channel.on('error', () => {});
  for (const exchange of [agentsExchange, resultsExchange, heartbeatsExchange])
    await channel.assertExchange(exchange, 'topic', { durable: true });
  await channel.assertQueue(resultsQueue, { durable: true });
  await channel.bindQueue(resultsQueue, resultsExchange, '#');
  await channel.assertQueue(heartbeatsQueue, { durable: true, messageTtl: heartbeatTtlMs });
  await channel.bindQueue(heartbeatsQueue, heartbeatsExchange, '#');
  await channel.close();
}
