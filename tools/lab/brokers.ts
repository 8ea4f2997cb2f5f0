/** The brokers of a laboratory: the embedded one, and RabbitMQ set up by packaging/rabbitmq. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'amqplib';
import * as z from 'zod';
import { CodedError, toMessage } from '../../protocol/base/coded-error.ts';
import { startBroker } from '../../server/broker/listener.ts';
import { toBrokerUsers } from '../../server/broker/users.ts';
import { runProgram } from './child.ts';
import { projectRoot } from './lab.ts';

export type BrokerKind = 'embedded' | 'rabbitmq';

export interface LabBroker {
  readonly kind: BrokerKind;
  readonly serverUrl: string;
  readonly agentUrl: string;
  /** The largest message on new connections; null for no limit. Only for the embedded broker. */
  readonly boundMessages: (bytes: number | null) => void;
  /** Removes all that was made for the laboratory. */
  readonly stop: () => Promise<void>;
}

const gibibyte = 1024 * 1024 * 1024;

async function startEmbedded(): Promise<LabBroker> {
  // More than any sensible broker takes.
  let maximumMessageBytes = 2 * gibibyte;
  const broker = await startBroker({
    host: '127.0.0.1',
    port: 0,
    tls: null,
    users: toBrokerUsers('server-password', 'agent-password'),
    get maximumMessageBytes() {
      return maximumMessageBytes;
    },
    maximumBytes: 4 * gibibyte,
  });
  return {
    kind: 'embedded',
    serverUrl: `amqp://mig-server:server-password@127.0.0.1:${broker.port}/`,
    agentUrl: `amqp://mig-agent:agent-password@127.0.0.1:${broker.port}/`,
    boundMessages: (bytes) => {
      maximumMessageBytes = bytes ?? 2 * gibibyte;
    },
    stop: () => broker.close(),
  };
}

async function control(args: readonly string[], input = ''): Promise<void> {
  const { code, stderr } = await runProgram('rabbitmqctl', ['-q', ...args], { input });
  if (code !== 0) throw new CodedError('lab-broker', `rabbitmqctl ${args[0]}: ${stderr.trim()}`);
}

const Definitions = z.record(z.string(), z.array(z.record(z.string(), z.unknown())));

/** The shipped definitions, with other names of virtual host and accounts. */
function renameDefinitions(name: string): string {
  const shipped = readFileSync(join(projectRoot, 'packaging', 'rabbitmq', 'definitions.json'), 'utf8');
  const rename = (key: string, value: unknown): unknown =>
    key === 'name' || key === 'vhost' || key === 'user'
      ? z
          .string()
          .parse(value)
          .replace(/^mig(?=$|-)/, name)
      : value;
  const lists = Object.entries(Definitions.parse(JSON.parse(shipped))).map(([list, entries]) => [
    list,
    entries.map((entry) => Object.fromEntries(Object.entries(entry).map(([key, value]) => [key, rename(key, value)]))),
  ]);
  return JSON.stringify(Object.fromEntries(lists));
}

function refuseBound(): never {
  throw new CodedError('lab-broker', 'expected the embedded broker: RabbitMQ has one limit for all');
}

async function startShippedRabbit(): Promise<LabBroker> {
  const url = new URL(process.env.MIG_TEST_AMQP_URL ?? 'amqp://guest:guest@127.0.0.1:5672');
  const name = `mig_lab_${randomBytes(6).toString('hex')}`;
  const remove = async (): Promise<void> => {
    await control(['delete_vhost', name]);
    for (const user of ['server', 'agent']) await control(['delete_user', `${name}-${user}`]);
  };
  const passwords = { server: randomBytes(12).toString('hex'), agent: randomBytes(12).toString('hex') };
  const toUrl = (user: keyof typeof passwords): string => {
    const own = new URL(url);
    [own.username, own.password, own.pathname] = [`${name}-${user}`, passwords[user], `/${name}`];
    return own.href;
  };
  try {
    const probe = await connect(url.href);
    await probe.close();
    for (const user of ['server', 'agent'] as const)
      await control(['add_user', `${name}-${user}`], `${passwords[user]}\n`);
    await control(['import_definitions'], renameDefinitions(name));
  } catch (cause) {
    await remove().catch(() => {});
    throw new CodedError(
      'lab-broker',
      `expected RabbitMQ at ${url.host}, and rabbitmqctl for it: ${toMessage(cause)}`,
      {
        hint: 'start RabbitMQ on this machine, and name it in MIG_TEST_AMQP_URL when it listens elsewhere',
        cause,
      },
    );
  }
  return {
    kind: 'rabbitmq',
    serverUrl: toUrl('server'),
    agentUrl: toUrl('agent'),
    boundMessages: refuseBound,
    stop: remove,
  };
}

/** @throws CodedError lab-broker when there is no RabbitMQ here */
export function startLabBroker(kind: BrokerKind): Promise<LabBroker> {
  return kind === 'embedded' ? startEmbedded() : startShippedRabbit();
}
