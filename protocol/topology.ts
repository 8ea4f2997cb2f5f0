/** Exchanges and queues by name, and the messages in them (AMQP 0-9-1). */
import * as z from 'zod';
import { Envelope } from './action/envelope.ts';
import type { AgentId } from './base/identifiers.ts';
import { ActionId, CommandId } from './base/identifiers.ts';
import { TrustEnvelope } from './trust/trust-list.ts';

/** Topic exchange from the servers to the agents; the routing key is the agent's id. */
export const agentsExchange = 'mig.agents';
/** Topic exchange from the agents to the servers: results, refusals and what is running; the routing key is the agent's id. */
export const reportsExchange = 'mig.reports';
/** Topic exchange from the agents to the servers: heartbeats; the routing key is the agent's id. */
export const heartbeatsExchange = 'mig.heartbeats';
/** The one durable queue behind each of the two exchanges above, shared by all servers. */
export const reportsQueue = 'mig.reports';
export const heartbeatsQueue = 'mig.heartbeats';

/** Topic exchange and poison queue: beginnings of messages that servers did not take; the routing key is the reason. */
export const poisonExchange = 'mig.poison';
export const poisonQueue = 'mig.poison';

/** The agent's own durable queue. */
export function agentQueue(agent: AgentId): string {
  return `mig.agent.${agent}`;
}

/** Also bound to the agent's queue: what goes to all agents of an environment. */
export function fleetRoutingKey(fleet: string): string {
  return `fleet.${fleet}`;
}

/**
 * The broker deletes a queue that nobody has read from for this long (`x-expires`). An agent comes back sooner. More would help
 * whoever has the agents' account and makes queues. Commands that an agent missed come from the database.
 */
export const agentQueueExpiryMs = 10 * 60 * 1000;
/** A heartbeat older than this says nothing any more. */
export const heartbeatTtlMs = 10 * 60 * 1000;

/**
 * Arguments of the queues (RabbitMQ's optional queue arguments); all who declare one use the same. The queue of reports is
 * replicated: a confirmed report exists nowhere else. An agent's queue is not: ten thousand replicated queues are more than
 * a broker bears, and commands that are lost with a broker are sent again from the database.
 */
export const queueArguments = {
  // A delivery that comes back because a server has gone is no poison: servers count for themselves what they began in vain.
  // A message that ends them before they can count is moved to the poison queue by the broker.
  [reportsQueue]: {
    'x-queue-type': 'quorum',
    'x-delivery-limit': 20,
    'x-dead-letter-exchange': poisonExchange,
    'x-dead-letter-routing-key': 'delivery-limit',
  },
  [heartbeatsQueue]: { 'x-message-ttl': heartbeatTtlMs },
  [poisonQueue]: {
    'x-message-ttl': 7 * 24 * 3600 * 1000,
    'x-max-length': 1000,
    'x-max-length-bytes': 128 * 1024 * 1024,
  },
} as const;
export const agentQueueArguments = { 'x-expires': agentQueueExpiryMs } as const;

/** A command on `mig.agents`. `id` is for the relay's bookkeeping; nobody believes it. */
export const CommandMessage = z.strictObject({ id: CommandId, envelope: Envelope });
export type CommandMessage = z.infer<typeof CommandMessage>;

/**
 * Also on `mig.agents`: stop this action. It is not signed: whoever can send it could have withheld the action, and an
 * agent uses it to stop work and for nothing else.
 */
export const CancelMessage = z.strictObject({ cancel: ActionId });
export type CancelMessage = z.infer<typeof CancelMessage>;

/** Also on `mig.agents`: a trust list, which the agent checks for itself. */
export const TrustMessage = z.strictObject({ trust: TrustEnvelope });
export type TrustMessage = z.infer<typeof TrustMessage>;
