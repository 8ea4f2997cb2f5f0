import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type ChannelModel, connect } from 'amqplib';
import { createMessage, generateKey, type PrivateKey, sign } from 'openpgp';
import { createLog } from '../../host/log.ts';
import { type Heartbeat, verifyAgentMessage } from '../../protocol/agent-message/agent-message.ts';
import { newActionId, PlainFingerprint } from '../../protocol/base/identifiers.ts';
import { toInstant } from '../../protocol/base/instant.ts';
import { agentQueue, agentQueueArguments, agentsExchange } from '../../protocol/topology.ts';
import { type TrustList, toTrustBytes } from '../../protocol/trust/trust-list.ts';
import { Inbox, startBrokers } from '../../tests/relay/brokers.ts';
import { SimulatedAgent } from '../../tools/lab/simulated-agent.ts';
import { RootKeyring } from '../access/root-keys.ts';
import { declareTopology } from '../amqp/topology.ts';
import type { Database } from '../database/database.ts';
import { openEmbeddedDatabase } from '../database/embedded.ts';
import { TrustPublisher } from './trust-publisher.ts';

function newList(version: number): TrustList {
  return {
    fleet: 'test',
    version,
    issued: toInstant(Date.now()),
    expires: toInstant(Date.now() + 86_400_000),
    investigators: [{ name: 'alice', keys: [{ fingerprint: PlainFingerprint.parse('A'.repeat(40)) }] }],
    acl: {},
    revokedkeys: [],
    revokedactions: [],
  };
}

interface Root {
  readonly name: string;
  readonly privateKey: PrivateKey;
}

async function makeRoot(name: string): Promise<Root> {
  const date = new Date(Date.now() - 86_400_000);
  const { privateKey } = await generateKey({ userIDs: [{ name }], format: 'object', date });
  return { name, privateKey };
}

/** Both must sign. */
function writeRoots(folder: string, roots: readonly Root[]): string {
  for (const { name, privateKey } of roots) writeFileSync(join(folder, `${name}.asc`), privateKey.toPublic().armor());
  const people = Object.fromEntries(roots.map(({ name }) => [name, [`${name}.asc`]]));
  const file = join(folder, 'root-keys.json');
  writeFileSync(file, JSON.stringify({ test: { threshold: roots.length, people } }));
  return file;
}

for (const subject of await startBrokers())
  describe(`trust lists on the ${subject.name}`, () => {
    let connection: ChannelModel;
    let database: Database;
    let publisher: TrustPublisher;
    let roots: readonly Root[];
    const folder = mkdtempSync(join(tmpdir(), 'mig-roots-'));

    before(async () => {
      connection = await connect(subject.serverUrl);
      await declareTopology(connection);
      database = await openEmbeddedDatabase(null);
      roots = await Promise.all([makeRoot('carol'), makeRoot('dave')]);
      publisher = new TrustPublisher(
        database,
        await RootKeyring.read(writeRoots(folder, roots)),
        createLog('silent', 'mig-server'),
      );
      await publisher.use(connection);
    });
    after(async () => {
      await connection.close();
      await database.close();
      await subject.stop();
      rmSync(folder, { recursive: true });
    });

    const submit = async (version: number, signers: readonly Root[] = roots, changes: Partial<TrustList> = {}) => {
      const bytes = toTrustBytes({ ...newList(version), ...changes });
      const message = await createMessage({ binary: bytes });
      const signatures = signers.map(
        ({ privateKey }) => sign({ message, signingKeys: privateKey, detached: true }) as Promise<string>,
      );
      const envelope = { payload: bytes.toString('base64'), signatures: await Promise.all(signatures) };
      return publisher.submit('test', envelope);
    };

    test('a list that is lower, or junk, takes the place of none', async () => {
      const first = await submit(100);
      const [carol] = roots;
      assert.ok(carol);
      const stranger = await makeRoot('stranger');
      const expires = toInstant(Date.now() - 1000);
      const issued = toInstant(Date.now() + 86_400_000);
      const cases: readonly [string, () => Promise<unknown>][] = [
        ['trust-older', () => submit(99)],
        ['trust-older', () => submit(100, roots, { revokedactions: [newActionId()] })],
        ['trust-threshold', () => submit(2 ** 31 - 1, [carol, carol])],
        ['trust-threshold', () => submit(2 ** 31 - 1, [carol, stranger])],
        ['trust-wrong-fleet', () => submit(101, roots, { fleet: 'other' })],
        ['trust-expired', () => submit(101, roots, { expires })],
        ['trust-not-yet-valid', () => submit(101, roots, { issued })],
        ['trust-bad-signature', () => publisher.submit('test', { ...first.envelope, payload: 'AAAA' })],
        ['trust-not-configured', () => publisher.submit('other', first.envelope)],
      ];
      for (const [code, junk] of cases) {
        await assert.rejects(junk, { code });
        assert.deepEqual(await publisher.find('test'), first, code);
      }
      // Again is not another.
      assert.equal((await publisher.submit('test', first.envelope)).version, 100);
      assert.equal((await submit(101)).version, 101);
    });

    test('what was kept is carried no longer than its root keys are known', async () => {
      await submit(200);
      const others = new TrustPublisher(database, await RootKeyring.read(null), createLog('silent', 'mig-server'));
      assert.equal(await others.find('test'), null);
    });

    test('an agent that says over and over that it has none fills no queue, and gets the next one', async () => {
      const channel = await connection.createConfirmChannel();
      const open = async (agent: SimulatedAgent): Promise<{ queue: string; heartbeat: Heartbeat }> => {
        const { queue } = await channel.assertQueue(agentQueue(agent.id), { arguments: agentQueueArguments });
        await channel.bindQueue(queue, agentsExchange, agent.id);
        const message = verifyAgentMessage(agent.heartbeat());
        assert.ok(message.kind === 'heartbeat');
        return { queue, heartbeat: { ...message, trust: { version: 0, expires: null } } };
      };
      const liar = await open(new SimulatedAgent());
      const next = await open(new SimulatedAgent());
      const inbox = new Inbox();
      await channel.consume(next.queue, inbox.take, { noAck: true });
      /** What is sent to the next agent comes after all that was sent before. */
      const countAfter = async (heartbeats: number, received: number): Promise<number> => {
        for (let sent = 0; sent < heartbeats; sent += 1) await publisher.catchUp([liar.heartbeat]);
        await publisher.catchUp([next.heartbeat]);
        await inbox.waitFor(received);
        return (await channel.checkQueue(liar.queue)).messageCount;
      };
      await submit(1001);
      assert.equal(await countAfter(50, 1), 1);
      await submit(1002);
      assert.equal(await countAfter(50, 2), 2);
      for (const { queue } of [liar, next]) await channel.deleteQueue(queue);
      await channel.close();
    });
  });
