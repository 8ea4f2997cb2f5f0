/** The two users of a relay's broker and what each may do: the same patterns that an operator sets on RabbitMQ. */
import { agentQueueArguments, agentsExchange, heartbeatsExchange, reportsExchange } from '../../protocol/topology.ts';
import type { BrokerUser, TopicPermission } from './permissions.ts';

/** Agents make and read their own kind of queue, and speak only towards the servers. */
export const agentPermissions = {
  configure: /^mig\.agent\.[0-9a-f]{64}$/,
  write: /^(mig\.agent\.[0-9a-f]{64}|mig\.reports|mig\.heartbeats)$/,
  read: /^(mig\.agent\.[0-9a-f]{64}|mig\.agents)$/,
} as const;

const agentId = /^[0-9a-f]{64}$/;
const nothing = /^$/;

/** Whole keys only, so that no pattern listens to what goes to others. */
export const agentTopics: readonly TopicPermission[] = [
  { exchange: agentsExchange, write: nothing, read: /^([0-9a-f]{64}|fleet\.[a-z0-9-]+)$/ },
  { exchange: reportsExchange, write: agentId, read: nothing },
  { exchange: heartbeatsExchange, write: agentId, read: nothing },
];

/** The member behind a queue's name or a routing key: both end in the agent's id. */
function agentOf(name: string): string | null {
  return /(?:^|\.)([0-9a-f]{64})$/.exec(name)?.[1] ?? null;
}

const everything = /^/;

export function toBrokerUsers(serverPassword: string, agentPassword: string): readonly BrokerUser[] {
  return [
    {
      name: 'mig-server',
      password: serverPassword,
      configure: everything,
      write: everything,
      read: everything,
      topics: [],
      limits: { channels: 64, consumers: 64, unacknowledged: 10_000, frameBytes: 128 * 1024 },
      shared: null,
    },
    {
      name: 'mig-agent',
      password: agentPassword,
      ...agentPermissions,
      topics: agentTopics,
      limits: { channels: 8, consumers: 4, unacknowledged: 1024, frameBytes: 16 * 1024 },
      shared: { memberOf: agentOf, queueArguments: agentQueueArguments },
    },
  ];
}
