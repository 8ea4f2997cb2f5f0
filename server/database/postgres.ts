/** PostgreSQL: a pool for statements, and one connection of its own that listens and comes back when it is lost. */
import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { CodedError, toMessage } from '../../protocol/base/coded-error.ts';
import type { Database, DatabaseCode } from './database.ts';
import { migrate } from './migrate.ts';
import { channels, Notifications } from './notifications.ts';
import type { Tables } from './schema.ts';

const poolSize = 10;
/** Bounds what a target's regular expression can cost. */
const statementTimeoutMs = 10_000;
const connectTimeoutMs = 10_000;
const retryMs = 500;

/** Identity columns and counts stay far below 2^53. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (id: number, format?: 'text' | 'binary') =>
    id === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(id, format),
};

/** Keeps one connection listening; `onLost` is told of each loss, `notifications` of the gap when it is back. */
class Listener {
  readonly #url: string;
  readonly #notifications: Notifications;
  readonly #onLost: (error: unknown) => void;
  #client: pg.Client | undefined;
  #retry: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(url: string, notifications: Notifications, onLost: (error: unknown) => void) {
    this.#url = url;
    this.#notifications = notifications;
    this.#onLost = onLost;
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
    } catch {
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
 * @param onLost told when a connection breaks; the server goes on and tries again.
 * @throws CodedError<DatabaseCode | MigrationCode>
 */
export async function openPostgres(url: string, onLost: (error: unknown) => void): Promise<Database> {
  const notifications = new Notifications();
  const listener = new Listener(url, notifications, onLost);
  try {
    await migrateOnce(url);
    await listener.connect();
  } catch (error) {
    await listener.close();
    if (error instanceof CodedError) throw error;
    throw new CodedError<DatabaseCode>(
      'database-unreachable',
      `expected PostgreSQL at MIG_DATABASE_URL: ${toMessage(error)}`,
      {
        hint: 'check host, port, database name and password; the URL looks like postgres://user:secret@host:5432/mig',
        cause: error,
      },
    );
  }
  const pool = new pg.Pool({
    connectionString: url,
    max: poolSize,
    statement_timeout: statementTimeoutMs,
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    types,
  });
  pool.on('error', onLost);
  // One that is lent out when its connection breaks tells nobody else, and an unheard error would end the process.
  pool.on('connect', (client) => client.on('error', onLost));
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  return {
    db,
    notifications,
    isReady: async () => {
      try {
        await sql`SELECT 1`.execute(db);
        return true;
      } catch {
        return false;
      }
    },
    warmUp: async () => {},
    close: async () => {
      await listener.close();
      await db.destroy();
    },
  };
}
