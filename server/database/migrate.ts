/** Brings the schema up to date: numbered SQL files, each once and in order, by one instance at a time. */
import { readdirSync, readFileSync } from 'node:fs';
import { CodedError } from '../../protocol/base/coded-error.ts';

type MigrationCode = 'schema-too-new';

/** One connection that takes several statements at a time, and returns the rows of the last. */
export type RunSql = (statements: string) => Promise<readonly unknown[]>;

interface Migration {
  readonly number: number;
  readonly name: string;
  readonly statements: string;
}

/** Any number that no other program on the same database uses; "mig" in ASCII. */
const advisoryLock = 0x6d6967;

/** The one place that knows where the files are: beside this file, or beside the bundle that it has become part of. */
function readMigrations(): Migration[] {
  const folder = new URL('./migrations/', import.meta.url);
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => ({
      number: Number.parseInt(name, 10),
      name,
      statements: readFileSync(new URL(name, folder), 'utf8'),
    }));
}

async function readVersion(run: RunSql): Promise<number> {
  const [row] = await run('SELECT coalesce(max(number), 0)::text AS number FROM migrations');
  return typeof row === 'object' && row !== null && 'number' in row ? Number(row.number) : 0;
}

/**
 * Applies what is missing in one transaction: all of it or nothing.
 * @throws CodedError<MigrationCode>
 */
export async function migrate(run: RunSql): Promise<void> {
  const migrations = readMigrations();
  const latest = migrations.at(-1)?.number ?? 0;
  await run('BEGIN');
  try {
    await run(`SELECT pg_advisory_xact_lock(${advisoryLock})`);
    await run(
      'CREATE TABLE IF NOT EXISTS migrations (number integer PRIMARY KEY, name text, applied timestamptz DEFAULT now())',
    );
    const current = await readVersion(run);
    if (current > latest)
      throw new CodedError<MigrationCode>(
        'schema-too-new',
        `expected a database at migration ${latest} or before, got ${current}`,
        { hint: 'a newer mig-server has used this database: start that version' },
      );
    for (const { number, name, statements } of migrations) {
      if (number <= current) continue;
      await run(statements);
      await run(`INSERT INTO migrations (number, name) VALUES (${number}, '${name}')`);
    }
    await run('COMMIT');
  } catch (error) {
    await run('ROLLBACK');
    throw error;
  }
}
