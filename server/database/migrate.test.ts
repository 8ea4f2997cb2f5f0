import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { createDatabase, findServices } from '../../tests/services.ts';
import { migrate, type RunSql } from './migrate.ts';
import { openPostgres } from './postgres.ts';

const unwatched = { onLost: () => {}, onBack: () => {} };

function runOn(pglite: PGlite): RunSql {
  return async (statements) => (await pglite.exec(statements)).at(-1)?.rows ?? [];
}

async function tablesOf(run: RunSql): Promise<readonly unknown[]> {
  return run("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1");
}

describe('migrations', () => {
  test('make the same tables once, however often they are applied', async () => {
    const pglite = await PGlite.create();
    const run = runOn(pglite);
    await migrate(run);
    const tables = await tablesOf(run);
    assert.ok(tables.length > 8);
    await migrate(run);
    assert.deepEqual(await tablesOf(run), tables);
    await run("INSERT INTO migrations (number, name) VALUES (999999, '999999-from-the-future.sql')");
    await assert.rejects(migrate(run), { code: 'schema-too-new' });
    assert.deepEqual(await tablesOf(run), tables);
    await pglite.close();
  });

  test('of several servers that start at once on PostgreSQL, one applies them', async () => {
    const { databaseUrl } = await findServices();
    if (databaseUrl === null) return;
    const own = await createDatabase(databaseUrl);
    const databases = await Promise.all([0, 1, 2, 3].map(() => openPostgres(own.url, unwatched)));
    for (const database of databases) assert.ok(await database.isReady());
    for (const database of databases) await database.close();
    const client = new pg.Client({ connectionString: own.url });
    await client.connect();
    const { rows } = await client.query('SELECT count(*)::int AS applied FROM migrations');
    await client.end();
    await own.drop();
    assert.equal(rows[0].applied, readdirSync(join(import.meta.dirname, 'migrations')).length);
  });

  test('a database that is not there is said with a code, without its password', async () => {
    const url = 'postgres://mig:hunter22@127.0.0.1:1/mig';
    const error = await openPostgres(url, unwatched).then(
      () => assert.fail('expected no connection'),
      (caught: unknown) => caught,
    );
    assert.ok(error instanceof Error && 'code' in error);
    assert.equal(error.code, 'database-unreachable');
    assert.ok(!error.message.includes('hunter22'));
  });
});

describe('notifications on PostgreSQL', () => {
  test('come from another connection, and a gap is told after the connection was lost', async () => {
    const { databaseUrl } = await findServices();
    if (databaseUrl === null) return;
    const own = await createDatabase(databaseUrl);
    const losses: unknown[] = [];
    const database = await openPostgres(own.url, { onLost: (error) => losses.push(error), onBack: () => {} });
    const other = new pg.Client({ connectionString: own.url });
    await other.connect();
    const next = (): Promise<string | null> =>
      new Promise((resolve) => {
        const stop = database.notifications.on('mig_action', (payload) => {
          stop();
          resolve(payload);
        });
      });
    const first = next();
    await other.query("SELECT pg_notify('mig_action', 'first')");
    assert.equal(await first, 'first');
    const gap = next();
    await other.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()",
    );
    assert.equal(await gap, null);
    assert.equal(losses.length, 1);
    const second = next();
    await other.query("SELECT pg_notify('mig_action', 'second')");
    assert.equal(await second, 'second');
    await other.end();
    await database.close();
    await own.drop();
  });
});
