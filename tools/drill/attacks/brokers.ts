/** Attacks on the broker with the shared account of an environment's agents. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type ConfirmChannel, connect } from 'amqplib';
import { AgentId } from '../../../protocol/base/identifiers.ts';
import {
  agentQueue,
  agentQueueArguments,
  agentsExchange,
  heartbeatsExchange,
  reportsExchange,
  reportsQueue,
} from '../../../protocol/topology.ts';
import type { BrokerKind } from '../../lab/brokers.ts';
import type { HostileRelay } from '../../lab/hostile-relay.ts';
import { type Attack, must, type Noticed } from '../attack.ts';

export interface BrokerAttack {
  readonly name: string;
  readonly tried: string;
  readonly only?: BrokerKind;
  /** @param victim an agent whose queue is there. */
  readonly run: (broker: HostileRelay, victim: AgentId) => Promise<Noticed>;
}

const newId = (): AgentId => AgentId.parse(randomBytes(32).toString('hex'));

/** On a connection of its own, as an agent that is new to the broker. @throws Unnoticed when the broker does it */
async function refused(
  broker: HostileRelay,
  what: string,
  use: (channel: ConfirmChannel, own: AgentId) => Promise<unknown> | unknown,
): Promise<string> {
  const connection = await connect(broker.agentUrl, { noDelay: true });
  connection.on('error', () => {});
  try {
    const channel = await connection.createConfirmChannel();
    const closed = Promise.race([once(channel, 'error'), once(connection, 'error')]).then(
      ([error]: Error[]) => error?.message ?? '',
    );
    const done = (async () => {
      await use(channel, newId());
      await channel.waitForConfirms();
      return null;
    })().catch(() => closed);
    const reason = await Promise.race([closed, done]);
    must(reason !== null, `the broker did it: ${what}`);
    must(/ACCESS_REFUSED|PRECONDITION_FAILED/.test(reason), `${what}: ${reason}`);
    return /"(.*)"/.exec(reason)?.[1] ?? reason;
  } finally {
    await connection.close().catch(() => {});
  }
}

async function makeQueue(channel: ConfirmChannel, agent: AgentId): Promise<string> {
  const { queue } = await channel.assertQueue(agentQueue(agent), { durable: true, arguments: agentQueueArguments });
  return queue;
}

type BrokerCall = (channel: ConfirmChannel, own: AgentId) => Promise<unknown> | unknown;

/** All of them must be refused; returns the last refusal. */
async function allRefused(broker: HostileRelay, tries: readonly (readonly [string, BrokerCall])[]): Promise<Noticed> {
  let how = '';
  for (const [what, use] of tries) how = await refused(broker, what, use);
  return { by: 'broker', how: `refused: ${how}` };
}

const patterns = ['#', '*', '#.#', '*.#', '#.*', 'fleet.*', 'fleet.#', '#.drill', ''];
const foreignKeys = ['#', '*', '', 'relay', 'fleet.drill', 'F'.repeat(64)];
const some = Buffer.from('{}');

export const brokerAttackList: readonly BrokerAttack[] = [
  {
    name: 'queue of a stranger bound by every key',
    tried: `a queue with the agents' account that listens to all questions: bound by ${patterns.join(' ')}`,
    run: (broker) =>
      allRefused(
        broker,
        patterns.map((key) => [
          `bound by '${key}'`,
          async (channel, own) => channel.bindQueue(await makeQueue(channel, own), agentsExchange, key),
        ]),
      ),
  },
  {
    name: "queue of a stranger bound by another agent's key",
    tried: 'a queue that is delivered what one agent is asked, beside that agent',
    only: 'embedded',
    run: (broker, victim) =>
      allRefused(broker, [
        ['bound', async (channel, own) => channel.bindQueue(await makeQueue(channel, own), agentsExchange, victim)],
        ['bound to the queue of reports', (channel) => channel.bindQueue(reportsQueue, agentsExchange, victim)],
      ]),
  },
  {
    name: "another agent's queue unbound, purged, deleted",
    tried: "each with the agents' account, as a stranger and on a connection that says it is that agent's",
    only: 'embedded',
    run: async (broker, victim) => {
      const queue = agentQueue(victim);
      const uses: [string, BrokerCall][] = [
        ['unbound', (channel) => channel.unbindQueue(queue, agentsExchange, victim)],
        ['purged', (channel) => channel.purgeQueue(queue)],
        ['deleted', (channel) => channel.deleteQueue(queue)],
      ];
      const asVictim = uses.map(([what, use]): [string, BrokerCall] => [
        `${what} by who declared it again`,
        async (channel, own) => {
          await makeQueue(channel, victim);
          await use(channel, own);
        },
      ]);
      return allRefused(broker, [...uses, ...asVictim]);
    },
  },
  {
    name: 'agent locked out of its queue',
    tried: 'the queue of an agent that is still to come, declared so that its own declaration is refused',
    only: 'embedded',
    run: (broker) =>
      allRefused(broker, [
        ['other arguments', (channel, own) => channel.assertQueue(agentQueue(own), { durable: true, expires: 5 })],
        ['for ever', (channel, own) => channel.assertQueue(agentQueue(own), { durable: true })],
        [
          'not durable',
          (channel, own) => channel.assertQueue(agentQueue(own), { durable: false, arguments: agentQueueArguments }),
        ],
        ['an exchange of that name', (channel, own) => channel.assertExchange(agentQueue(own), 'topic')],
      ]),
  },
  {
    name: 'answers published under a foreign key',
    tried: `answers and heartbeats with the keys ${foreignKeys.join(' ')}`,
    run: (broker) =>
      allRefused(
        broker,
        [reportsExchange, heartbeatsExchange].flatMap((exchange) =>
          foreignKeys.map((key): [string, BrokerCall] => [
            `'${key}' at ${exchange}`,
            (channel) => channel.publish(exchange, key, some),
          ]),
        ),
      ),
  },
  {
    name: "answers published under another agent's key",
    tried: 'on a connection that belongs to an agent of its own',
    only: 'embedded',
    run: (broker, victim) =>
      allRefused(
        broker,
        [reportsExchange, heartbeatsExchange].map((exchange): [string, BrokerCall] => [
          exchange,
          async (channel, own) => {
            await makeQueue(channel, own);
            channel.publish(exchange, victim, some);
          },
        ]),
      ),
  },
  {
    name: 'commands published by an agent',
    tried: "with the agents' account: to one agent, to all of an environment, and into a queue itself",
    run: (broker, victim) =>
      allRefused(broker, [
        ['to an agent', (channel) => channel.publish(agentsExchange, victim, some)],
        ['to a fleet', (channel) => channel.publish(agentsExchange, 'fleet.drill', some)],
        ['with an empty key', (channel) => channel.publish(agentsExchange, '', some)],
        ['into a queue', (channel) => channel.sendToQueue(agentQueue(victim), some)],
      ]),
  },
  {
    name: 'thousands of queues by one account',
    tried: 'on one connection, 3,000 queues; and 3,000 bindings of one queue',
    only: 'embedded',
    run: (broker) =>
      allRefused(broker, [
        [
          'queues',
          async (channel) => {
            for (let made = 0; made < 3000; made += 1) await makeQueue(channel, newId());
          },
        ],
        [
          'bindings',
          async (channel, own) => {
            const queue = await makeQueue(channel, own);
            for (let made = 0; made < 3000; made += 1) await channel.bindQueue(queue, agentsExchange, `fleet.x${made}`);
          },
        ],
      ]),
  },
];

/** The victim is the real agent. It must still answer afterwards. */
export const brokerAttacks: readonly Attack[] = brokerAttackList.map(({ run, ...attack }) => ({
  ...attack,
  run: async (stage) => {
    const noticed = await run(stage.broker, stage.agentId);
    const { code, stderr } = await stage.mig(stage.question(stage.agentId));
    must(code === 0, `the agent's answer did not come: ${stderr}`);
    return noticed;
  },
}));
