/** Statements on investigators: who may use the API. */
import { sql } from 'kysely';
import type { Role } from '../../protocol/api/access-api.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import type { Fingerprint } from '../../protocol/base/identifiers.ts';
import type { Db } from './schema.ts';

export interface InvestigatorRow {
  readonly name: string;
  readonly fingerprint: Fingerprint;
  readonly publickey: string;
  readonly role: Role;
  readonly disabled: boolean;
  readonly created: Date;
}

export function listInvestigators(db: Db): Promise<InvestigatorRow[]> {
  return db.selectFrom('investigators').selectAll().orderBy('name').execute();
}

/** Null when the name or the key is there already. */
export async function insertInvestigator(
  db: Db,
  row: Pick<InvestigatorRow, 'name' | 'fingerprint' | 'publickey' | 'role'>,
): Promise<InvestigatorRow | null> {
  const inserted = await db
    .insertInto('investigators')
    .values({ ...row, fromfolder: false })
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst();
  return inserted ?? null;
}

/** Undefined when there is nobody of this name. */
export function updateInvestigator(
  db: Db,
  name: string,
  change: { readonly role?: Role; readonly disabled?: boolean },
): Promise<InvestigatorRow | undefined> {
  return db.updateTable('investigators').set(change).where('name', '=', name).returningAll().executeTakeFirst();
}

export interface ImportedInvestigator {
  readonly name: string;
  readonly fingerprint: Fingerprint;
  readonly armored: string;
  readonly isAdmin: boolean;
}

type ImportCode = 'everybody-removed';

const mostNamed = 10;

/** A person stays by the name or by the key. */
async function assertSomebodyStays(db: Db, files: readonly ImportedInvestigator[]): Promise<void> {
  const known = await db
    .selectFrom('investigators')
    .select(['name', 'fingerprint'])
    .where('fromfolder', '=', true)
    .execute();
  const stays = known.some((person) =>
    files.some(({ name, fingerprint }) => name === person.name || fingerprint === person.fingerprint),
  );
  if (known.length === 0 || stays) return;
  const names = known.map(({ name }) => name).sort();
  throw new CodedError<ImportCode>(
    'everybody-removed',
    `expected a file of one of the ${names.length} investigators, got none: ${names.slice(0, mostNamed).join(', ')}${names.length > mostNamed ? ' …' : ''} would be removed`,
    { hint: 'put their files back into MIG_INVESTIGATORS_DIR; MIG_REMOVE_EVERYBODY=on removes them' },
  );
}

/**
 * Brings the table in line with the operator's files: their keys hold, who has no file any more is gone, and what an
 * admin has set for the others (role, disabled) stays.
 * @param mayRemoveAll whether all who had a file may be gone, as from a folder that was not mounted.
 * @returns the names of those who had a file and are gone now.
 * @throws CodedError<ImportCode>
 */
export async function importInvestigators(
  db: Db,
  files: readonly ImportedInvestigator[],
  mayRemoveAll: boolean,
): Promise<readonly string[]> {
  const names = files.map(({ name }) => name);
  return await db.transaction().execute(async (tx) => {
    // Servers that start at once import one after the other.
    await sql`LOCK TABLE investigators IN SHARE ROW EXCLUSIVE MODE`.execute(tx);
    if (!mayRemoveAll) await assertSomebodyStays(tx, files);
    const removed = await sql<{ name: string }>`
      DELETE FROM investigators WHERE fromfolder AND name <> ALL (${names}::text[]) RETURNING name`.execute(tx);
    for (const { name, fingerprint, armored, isAdmin } of files) {
      await tx.deleteFrom('investigators').where('fingerprint', '=', fingerprint).where('name', '<>', name).execute();
      await sql`
        INSERT INTO investigators (name, fingerprint, publickey, role, fromfolder)
        VALUES (${name}, ${fingerprint}, ${armored}, ${isAdmin ? 'admin' : 'investigator'}, true)
        ON CONFLICT (name) DO UPDATE SET
          fingerprint = excluded.fingerprint,
          publickey = excluded.publickey,
          fromfolder = true,
          role = CASE WHEN excluded.role = 'admin' THEN 'admin' ELSE investigators.role END,
          disabled = investigators.disabled AND excluded.role <> 'admin'`.execute(tx);
    }
    return removed.rows.map(({ name }) => name).sort();
  });
}
