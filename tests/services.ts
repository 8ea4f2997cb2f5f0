/**
 * The real PostgreSQL and RabbitMQ for tests, when they answer. They are looked for once; each test run gets its own
 * database and virtual host.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { connect } from 'amqplib';
import pg from 'pg';
import { toMessage } from '../protocol/base/coded-error.ts';
import { agentPermissions, agentTopics } from '../server/broker/users.ts';

export interface Services {
  /** Null when nothing answers there. */
  readonly databaseUrl: string | null;
  readonly amqpUrl: string | null;
}

/** Long, for a busy machine. Where nothing listens, the refusal comes at once. */
const timeoutMs = 10_000;

function skip(what: string, url: string, variable: string, error: unknown): null {
  const where = new URL(url).host;
  process.stderr.write(`SKIPPED: tests on ${what}: nothing at ${where} (${toMessage(error)}); set ${variable}\n`);
  return null;
}

async function findDatabase(): Promise<string | null> {
  const url = process.env.MIG_TEST_DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres';
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: timeoutMs });
  try {
    await client.connect();
    await client.end();
    return url;
  } catch (error) {
    return skip('PostgreSQL', url, 'MIG_TEST_DATABASE_URL', error);
  }
}

async function findBroker(): Promise<string | null> {
  const url = process.env.MIG_TEST_AMQP_URL ?? 'amqp://guest:guest@127.0.0.1:5672';
  try {
    const connection = await connect(url, { timeout: timeoutMs });
    await connection.close();
    return url;
  } catch (error) {
    return skip('RabbitMQ', url, 'MIG_TEST_AMQP_URL', error);
  }
}

/** Names skipped tests loudly on stderr, and the variable that would enable them. */
export async function findServices(): Promise<Services> {
  const [databaseUrl, amqpUrl] = await Promise.all([findDatabase(), findBroker()]);
  return { databaseUrl, amqpUrl };
}

export interface OwnService {
  readonly url: string;
  readonly drop: () => Promise<void>;
}

async function runSql(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

function newName(): string {
  return `mig_test_${randomBytes(6).toString('hex')}`;
}

/** An empty database of its own beside the one that `databaseUrl` names. */
export async function createDatabase(databaseUrl: string): Promise<OwnService> {
  const name = newName();
  await runSql(databaseUrl, `CREATE DATABASE ${name}`);
  const url = new URL(databaseUrl);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => runSql(databaseUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

const run = promisify(execFile);

/** A virtual host of its own, made with `rabbitmqctl` on this machine; null where that does not work. */
export async function createVhost(amqpUrl: string): Promise<OwnService | null> {
  const name = newName();
  const url = new URL(amqpUrl);
  url.pathname = `/${name}`;
  try {
    await run('rabbitmqctl', ['-q', 'add_vhost', name]);
    await run('rabbitmqctl', ['-q', 'set_permissions', '-p', name, url.username, '.*', '.*', '.*']);
  } catch (error) {
    process.stderr.write(`SKIPPED: a virtual host of its own: rabbitmqctl does not work here (${toMessage(error)})\n`);
    return null;
  }
  return {
    url: url.href,
    drop: async () => {
      await run('rabbitmqctl', ['-q', 'delete_vhost', name]);
    },
  };
}

/** A user of the virtual host in `own` with what agents may do; returns the URL to connect with. */
export async function createAgentUser(own: OwnService): Promise<OwnService> {
  const url = new URL(own.url);
  url.username = newName();
  url.password = randomBytes(12).toString('hex');
  const { configure, write, read } = agentPermissions;
  const patterns = [configure.source, write.source, read.source];
  await run('rabbitmqctl', ['-q', 'add_user', url.username, url.password]);
  await run('rabbitmqctl', ['-q', 'set_permissions', '-p', url.pathname.slice(1), url.username, ...patterns]);
  for (const { exchange, write, read } of agentTopics) {
    const topic = ['-p', url.pathname.slice(1), url.username, exchange, write.source, read.source];
    await run('rabbitmqctl', ['-q', 'set_topic_permissions', ...topic]);
  }
  return {
    url: url.href,
    drop: async () => {
      await run('rabbitmqctl', ['-q', 'delete_user', url.username]);
    },
  };
}
