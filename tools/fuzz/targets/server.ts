/** The relay's parsers: agents' messages, AMQP frames and the bodies of its API. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectSocket } from 'node:net';
import { connect } from 'amqplib';
import { createLog } from '../../../host/log.ts';
import { verifyAgentMessage } from '../../../protocol/agent-message/agent-message.ts';
import { CommandId, newInstanceId, sha256Hex } from '../../../protocol/base/identifiers.ts';
import { toInstant } from '../../../protocol/base/instant.ts';
import { toCanonicalJson } from '../../../protocol/base/strict-json.ts';
import { RootKeyring } from '../../../server/access/root-keys.ts';
import { protocolHeader } from '../../../server/broker/codec.ts';
import { startBroker } from '../../../server/broker/listener.ts';
import { toBrokerUsers } from '../../../server/broker/users.ts';
import { openEmbeddedDatabase } from '../../../server/database/embedded.ts';
import { isDataError } from '../../../server/database/errors.ts';
import { TrustPublisher } from '../../../server/dispatch/trust-publisher.ts';
import { storeHeartbeats } from '../../../server/intake/heartbeats.ts';
import { PoisonQueue } from '../../../server/intake/poison-queue.ts';
import { Metrics } from '../../../server/metrics.ts';
import { clientSession } from '../../../server/testing/client-frames.ts';
import { createEmbeddedBench } from '../../../tests/relay/pairs.ts';
import { HostileAgent, toCanonicalIfJson } from '../hostile-agent.ts';
import { type FuzzTarget, takenOrRefused, toSeeds } from '../target.ts';

const agent = new HostileAgent('a fuzzed agent');

function heartbeat(): object {
  return {
    kind: 'heartbeat',
    fleet: 'fuzzed',
    instance: newInstanceId(),
    sequence: 1,
    audit: { sequence: 1, hash: sha256Hex('an entry') },
    reported: [],
    trust: { version: 1, expires: toInstant(Date.now() + 1000) },
    facts: {
      name: 'web1.example.org',
      queueloc: 'linux.web1.example.org',
      mode: 'daemon',
      version: '0.1.0',
      environment: { os: 'linux', arch: 'x64', addresses: ['192.0.2.1/24'] },
      tags: { team: 'web' },
    },
    link: 1,
    starttime: toInstant(Date.now() - 1000),
    time: toInstant(Date.now()),
  };
}

function refusal(): object {
  const command = CommandId.parse('f'.repeat(32));
  const actiondigest = sha256Hex('an action');
  const sequence = 2;
  return {
    kind: 'refusal',
    sequence,
    command,
    actiondigest,
    code: 'expired',
    time: toInstant(Date.now()),
  };
}

function result(): object {
  const command = CommandId.parse('f'.repeat(32));
  const [action, actiondigest] = ['e'.repeat(32), sha256Hex('an action')];
  const sequence = 3;
  return {
    kind: 'result',
    sequence,
    command,
    action,
    actiondigest,
    state: 'succeeded',
  };
}

const agentMessage: FuzzTarget = {
  name: 'agent-message',
  side: 'server',
  holds: 'only what the agent signed is taken for a message of it',
  prepare: async () => {
    const signed = (message: object, sealed?: Buffer): Buffer => agent.sign(toCanonicalJson(message), sealed);
    const honest: [Buffer, ...Buffer[]] = [
      signed(heartbeat()),
      signed(refusal()),
      signed(result(), Buffer.from('sealed')),
    ];
    return {
      seeds: honest,
      take: (input) => {
        const codes = ['agent-message-malformed', 'agent-message-forged'];
        const message = takenOrRefused(codes, () => verifyAgentMessage(input));
        if (message !== null) assert.ok(honest.some((one) => one.equals(input)));
        return message !== null;
      },
    };
  },
};

const heartbeats: FuzzTarget = {
  name: 'heartbeat',
  side: 'server',
  holds: 'whatever an agent signs as its heartbeat is stored, dropped or set aside; what comes beside it is stored',
  prepare: async () => {
    const log = createLog('silent', 'mig-server');
    const database = await openEmbeddedDatabase(null);
    const trust = new TrustPublisher(database, await RootKeyring.read(null), log);
    const metrics = new Metrics();
    const intake = { database, poison: new PoisonQueue(log, metrics), metrics, log };
    const countPoison = (): number => [...intake.poison.counts.values()].reduce((sum, count) => sum + count, 0);
    return {
      seeds: [toCanonicalJson(heartbeat())],
      take: async (input) => {
        const other = new HostileAgent('an honest agent');
        const honest = other.sign(toCanonicalJson(heartbeat()));
        const fuzzed = agent.sign(toCanonicalIfJson(input));
        try {
          const before = countPoison();
          await storeHeartbeats(intake, trust, [fuzzed, honest]);
          return countPoison() === before;
        } catch (error) {
          // As the consumer does: messages that can never be stored are set aside, the others of the batch are taken again.
          if (!isDataError(error)) throw error;
          await storeHeartbeats(intake, trust, [honest]);
          return false;
        }
      },
      close: () => database.close(),
    };
  },
};

const amqp: FuzzTarget = {
  name: 'amqp-frames',
  side: 'server',
  holds: 'a client loses its own connection at most; the others are served',
  prepare: async () => {
    const broker = await startBroker({
      host: '127.0.0.1',
      port: 0,
      tls: null,
      users: toBrokerUsers('s3cret', 'agents'),
      maximumMessageBytes: 64 * 1024,
      maximumBytes: 512 * 1024 * 1024,
      handshakeTimeoutMs: 1000,
    });
    const good = await connect(`amqp://mig-server:s3cret@127.0.0.1:${broker.port}`, { noDelay: true });
    const channel = await good.createConfirmChannel();
    await channel.assertQueue('probe', { durable: true });
    /** Number of bytes in the broker's answer. */
    const send = async (input: Buffer): Promise<number> => {
      const socket = connectSocket(broker.port, '127.0.0.1');
      let heardBytes = 0;
      socket.on('error', () => {});
      socket.on('data', ({ length }) => {
        heardBytes += length;
      });
      socket.end(Buffer.concat([protocolHeader, input]));
      await once(socket, 'close');
      return heardBytes;
    };
    const greetingBytes = await send(Buffer.alloc(0));
    return {
      seeds: [clientSession('mig-server', 's3cret'), clientSession('mig-agent', 'agents'), Buffer.alloc(0)],
      take: async (input) => {
        const heardBytes = await send(input);
        channel.sendToQueue('probe', Buffer.from('x'));
        await channel.waitForConfirms();
        await channel.purgeQueue('probe');
        return heardBytes > greetingBytes;
      },
      close: async () => {
        await good.close();
        await broker.close();
      },
    };
  },
};

const api: FuzzTarget = {
  name: 'api-requests',
  side: 'server',
  holds: 'a request is answered with what it asks or with the reason why not, never with a fault of the server',
  prepare: async () => {
    const bench = await createEmbeddedBench();
    const { alice } = bench;
    const server = await bench.start();
    await alice.logIn();
    const action = await alice.submit();
    const submission = await alice.newSubmission(alice.newAction());
    return {
      seeds: toSeeds(
        `POST /actions\n${JSON.stringify(submission)}`,
        `POST /agents/search\n${JSON.stringify({ target: "name LIKE '%web%'", limit: 10 })}`,
        `POST /sessions\n${JSON.stringify(await alice.toSessionRequest(await alice.newLogin()))}`,
        `POST /sessions/challenges\n${JSON.stringify({ fingerprint: alice.fingerprint })}`,
        `POST /actions/${action.id}/cancel\n{}`,
        "GET /agents?target=name%20LIKE%20'web%25'&limit=5\n",
        'GET /actions?name=test&since=2026-01-31T07:00:00Z&limit=5\n',
        `GET /actions/${action.id}\n`,
        `GET /actions/${action.id}/commands?unreported=true\n`,
        `GET /actions/${action.id}/reports?after=0&limit=5\n`,
      ),
      take: async (input) => {
        const text = input.toString('utf8');
        const end = text.indexOf('\n');
        const [method = '', path = ''] = text.slice(0, end < 0 ? undefined : end).split(' ');
        if (!/^(GET|POST)$/.test(method) || !/^\/[!-~]*$/.test(path) || path.includes('/events')) return false;
        const body = end < 0 || method === 'GET' ? undefined : text.slice(end + 1);
        // After a refusal of the whole body the server closes the connection. The next request may still try to use it.
        const response = await alice.open(method, path, body).catch(() => alice.open(method, path, body));
        response.resume();
        await once(response, 'end');
        const { statusCode = 0 } = response;
        assert.ok(statusCode < 500, `HTTP ${statusCode}`);
        return statusCode < 400;
      },
      close: async () => {
        await server.close();
        await bench.clean();
      },
    };
  },
};

export const serverTargets: readonly FuzzTarget[] = [agentMessage, heartbeats, amqp, api];
