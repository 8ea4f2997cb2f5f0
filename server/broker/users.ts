/** The two users of a relay's broker and what each may do: the same patterns that an operator sets on RabbitMQ. */
import type { BrokerUser } from './permissions.ts';

/** Agents make and read their own kind of queue, and speak only towards the servers. */
export const agentPermissions = {
  configure: /^mig\.agent\.[0-9a-f]{64}$/,
  write: /^(mig\.agent\.[0-9a-f]{64}|mig\.results|mig\.heartbeats)$/,
  read: /^(mig\.agent\.[0-9a-f]{64}|mig\.agents)$/,
} as const;

const everything = /^/;

export function toBrokerUsers(serverPassword: string, agentPassword: string): readonly BrokerUser[] {
  return [
    { name: 'server', password: serverPassword, configure: everything, write: everything, read: everything },
    { name: 'agent', password: agentPassword, ...agentPermissions },
  ];
}
