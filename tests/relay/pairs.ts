/** The two pairs of database and broker that the server must run on, for tests. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningServer, startServer } from '../../server/server.ts';
import { readSettings, type Settings } from '../../server/settings.ts';
import type { SimulatedAgent } from '../../tools/lab/simulated-agent.ts';
import { createDatabase, createVhost, findServices } from '../services.ts';
import { TestInvestigator } from './test-investigator.ts';

const agentPassword = 'agents-of-tests';

export interface Bench {
  readonly name: string;
  readonly settings: Settings;
  readonly alice: TestInvestigator;
  /** Starts (another) server on this pair. */
  readonly start: () => Promise<RunningServer>;
  /** Has Alice ask this server. */
  readonly pointAlice: (server: RunningServer) => void;
  readonly point: (investigator: TestInvestigator, server: RunningServer) => void;
  /** Lets this investigator log in from the next start on. */
  readonly admit: (name: string, investigator: TestInvestigator, role?: 'admin') => void;
  readonly connectAgent: (server: RunningServer, agent: SimulatedAgent) => Promise<void>;
  /** Removes what the bench has made. */
  readonly clean: () => Promise<void>;
}

async function createBench(
  name: string,
  databaseUrl: string | null,
  amqpUrl: string | null,
  undo: (() => Promise<void>)[],
): Promise<Bench> {
  const folder = mkdtempSync(join(tmpdir(), 'mig-server-test-'));
  const alice = await TestInvestigator.create('Alice');
  const admins: string[] = [];
  const admit: Bench['admit'] = (name, { armoredPublicKey }, role) => {
    writeFileSync(join(folder, `${name}.asc`), armoredPublicKey);
    if (role === 'admin') admins.push(name);
  };
  const settings: Settings = {
    ...readSettings({}),
    databaseUrl,
    amqpUrl,
    stateDir: join(folder, 'state'),
    listen: { host: '127.0.0.1', port: 0 },
    amqpListen: { host: '127.0.0.1', port: 0 },
    investigatorsDir: folder,
    admins,
    agentPassword,
    logLevel: process.env.MIG_LOG_LEVEL ?? 'silent',
  };
  const point = (investigator: TestInvestigator, server: RunningServer): void =>
    investigator.pointAt(server.apiUrl, readFileSync(server.caFile ?? '', 'utf8'));
  const pointAlice = (server: RunningServer): void => point(alice, server);
  admit('alice', alice);
  let instances = 0;
  return {
    name,
    settings,
    alice,
    start: async () => {
      // Instances on services of their own keep separate state folders; embedded ones take over the same.
      instances += 1;
      const stateDir = databaseUrl === null ? settings.stateDir : `${settings.stateDir}-${instances}`;
      const server = await startServer({ ...settings, stateDir });
      pointAlice(server);
      return server;
    },
    pointAlice,
    point,
    admit,
    connectAgent: (server, agent) => {
      if (amqpUrl !== null) return agent.connect(amqpUrl);
      const url = new URL(server.amqpUrl ?? '');
      url.username = 'mig-agent';
      url.password = agentPassword;
      return agent.connect(url.href, { ca: readFileSync(server.caFile ?? '', 'utf8') });
    },
    clean: async () => {
      alice.close();
      for (const step of undo) await step();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function createEmbeddedBench(): Promise<Bench> {
  return createBench('embedded database and broker', null, null, []);
}

/** Null when they do not answer here; this was then printed. */
export async function createServicesBench(): Promise<Bench | null> {
  const { databaseUrl, amqpUrl } = await findServices();
  if (databaseUrl === null || amqpUrl === null) return null;
  const vhost = await createVhost(amqpUrl);
  if (vhost === null) return null;
  const database = await createDatabase(databaseUrl);
  return createBench('PostgreSQL and RabbitMQ', database.url, vhost.url, [vhost.drop, database.drop]);
}
