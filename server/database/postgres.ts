/** PostgreSQL: a pool for statements, and one connection of its own that listens and comes back when it is lost. */
import { setTimeout as setTimeoutAsync } from 'node:timers/promises';
import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { explainConnection } from '../../host/connection-problem.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import type { Database, DatabaseCode } from './database.ts';
import { databaseSettings } from './errors.ts';
import { migrate } from './migrate.ts';
import { channels, Notifications } from './notifications.ts';
import { prepareMarked } from './prepared.ts';
import type { Tables } from './schema.ts';

const poolSize = 10;
/** Bounds what a target's regular expression can cost. */
const statementTimeoutMs = 10_000;
const connectTimeoutMs = 10_000;
const retryMs = 500;
/** Whoever asks whether the database answers waits no longer: load balancers and Prometheus do not either. */
const readyTimeoutMs = 3000;

/** Identity columns and counts stay far below 2^53. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (id: number, format?: 'text' | 'binary') =>
    id === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(id, format),
};

/** Is told of each loss of a connection, of each vain attempt, and when the database answers again. */
export interface ConnectionWatch {
  readonly onLost: (error: unknown) => void;
  readonly onBack: () => void;
}

/** Keeps one connection listening; `notifications` are told of the gap when it is back. */
class Listener {
  readonly #url: string;
  readonly #notifications: Notifications;
  readonly #onLost: (error: unknown) => void;
  readonly #onBack: () => void;
  #client: pg.Client | undefined;
  #retry: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(url: string, notifications: Notifications, { onLost, onBack }: ConnectionWatch) {
    this.#url = url;
    this.#notifications = notifications;
    this.#onLost = onLost;
    this.#onBack = onBack;
  }

  get isConnected(): boolean {
    return this.#client !== undefined;
  }

  async connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#url,
      connectionTimeoutMillis: connectTimeoutMs,
      keepAlive: true,
    });
    this.#client = client;
    const onLost = (error: unknown): void => {
      // Once, and not for a connection that has been given up for another.
      if (this.#client !== client) return;
      this.#client = undefined;
      this.#onLost(error);
      void client.end().catch(() => {});
      this.#retryLater();
    };
    client.on('error', onLost);
    client.on('end', () => onLost(new Error('connection ended')));
    client.on('notification', ({ channel, payload }) => this.#notifications.emit(channel, payload ?? ''));
    try {
      await client.connect();
      for (const channel of channels) await client.query(`LISTEN ${channel}`);
    } catch (error) {
      if (this.#client === client) this.#client = undefined;
      void client.end().catch(() => {});
      throw error;
    }
  }

  #retryLater(): void {
    clearTimeout(this.#retry);
    if (!this.#closed) this.#retry = setTimeout(() => void this.#reconnect(), retryMs);
  }

  async #reconnect(): Promise<void> {
    try {
      await this.connect();
      this.#notifications.emitGap();
      this.#onBack();
    } catch (error) {
      this.#onLost(error);
      this.#retryLater();
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    const client = this.#client;
    this.#client = undefined;
    await client?.end().catch(() => {});
  }
}

async function migrateOnce(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: connectTimeoutMs });
  await client.connect();
  try {
    await migrate(async (statements) => (await client.query<Record<string, unknown>>(statements)).rows);
  } finally {
    await client.end();
  }
}

/**
 * The server goes on without a connection and tries again.
 * @throws CodedError<DatabaseCode | MigrationCode>
 */
export async function openPostgres(url: string, watch: ConnectionWatch): Promise<Database> {
  const notifications = new Notifications();
  const listener = new Listener(url, notifications, watch);
  try {
    await migrateOnce(url);
    await listener.connect();
  } catch (error) {
    await listener.close();
    if (error instanceof CodedError) throw error;
    const { reason, hint } = explainConnection(error, databaseSettings);
    throw new CodedError<DatabaseCode>('database-unreachable', `expected PostgreSQL at MIG_DATABASE_URL: ${reason}`, {
      hint,
      cause: error,
    });
  }
  const pool = new pg.Pool({
    connectionString: url,
    max: poolSize,
    statement_timeout: statementTimeoutMs,
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    types,
  });
  pool.on('error', watch.onLost);
  // One that is lent out when its connection breaks tells nobody else, and an unheard error would end the process.
  pool.on('connect', (client) => {
    client.on('error', watch.onLost);
    prepareMarked(client);
  });
  const db = new Kysely<Tables>({
    dialect: new PostgresDialect({ pool }),
    // An outage of the pool alone, such as of too few connections, ends with the first answer.
    log: ({ level }) => {
      if (level === 'query' && listener.isConnected) watch.onBack();
    },
  });
  return {
    db,
    notifications,
    isReady: async () => {
      const answer = sql`SELECT 1`.execute(db).then(
        () => true,
        () => false,
      );
      return Promise.race([answer, setTimeoutAsync(readyTimeoutMs, false, { ref: false })]);
    },
    warmUp: async () => {},
    close: async () => {
      await listener.close();
      await db.destroy();
    },
  };
}
