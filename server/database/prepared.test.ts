import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { createDatabase, findServices } from '../../tests/services.ts';
import { openPostgres } from './postgres.ts';
import { prepared } from './prepared.ts';

const unwatched = { onLost: () => {}, onBack: () => {} };

test('a marked statement is prepared once for a connection, and others are not', async (t) => {
  const { databaseUrl } = await findServices();
  if (databaseUrl === null) return t.skip('no PostgreSQL here');
  const own = await createDatabase(databaseUrl);
  const { db, close } = await openPostgres(own.url, unwatched);
  try {
    const found = await db.connection().execute(async (one) => {
      const sums: unknown[] = [];
      for (const value of [1, 2]) {
        const { rows } = await sql<{ sum: number }>`${prepared('add-one')} SELECT ${value}::integer + 1 AS sum`.execute(
          one,
        );
        sums.push(...rows);
        await sql`SELECT ${value}::integer + 2`.execute(one);
      }
      const { rows } = await sql`SELECT name FROM pg_prepared_statements`.execute(one);
      return { sums, rows };
    });
    assert.deepEqual(found, { sums: [{ sum: 2 }, { sum: 3 }], rows: [{ name: 'add-one' }] });
  } finally {
    await close();
    await own.drop();
  }
});
