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

/**
 * Answers exist nowhere else once an agent's report is confirmed, so they are on several nodes of a cluster. A delivery
 * that comes back because the database is down is no poison: the limit of 20 that RabbitMQ 4 sets would lose it.
 */
const resultsQueueArguments = { 'x-queue-type': 'quorum', 'x-delivery-limit': 1_000_000 } as const;

export async function declareTopology(connection: ChannelModel): Promise<void> {
  const channel = await connection.createChannel();
  // The call that failed rejects with the same error.
  channel.on('error', () => {});
  for (const exchange of [agentsExchange, resultsExchange, heartbeatsExchange])
    await channel.assertExchange(exchange, 'topic', { durable: true });
  await channel.assertQueue(resultsQueue, { durable: true, arguments: resultsQueueArguments });
  await channel.bindQueue(resultsQueue, resultsExchange, '#');
  await channel.assertQueue(heartbeatsQueue, { durable: true, messageTtl: heartbeatTtlMs });
  await channel.bindQueue(heartbeatsQueue, heartbeatsExchange, '#');
  await channel.close();
}
