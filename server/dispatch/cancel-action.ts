/** Has an action stopped: by whom that may be, and what then happens to its commands. */
import { CodedError } from '../../protocol/base/coded-error.ts';
import type { ActionId } from '../../protocol/base/identifiers.ts';
import { verifyDetached } from '../../protocol/signatures/signatures.ts';
import type { Investigator } from '../access/access.ts';
import { findAction, lockActions, markCancelled, type SummaryRow } from '../database/actions.ts';
import { cancelCommands } from '../database/commands.ts';
import type { Database } from '../database/database.ts';
import { excludeArrivals } from '../database/dispatch.ts';
import type { OutboxPublisher } from './outbox-publisher.ts';

export type CancelCode = 'not-your-action';

type StoredAction = NonNullable<Awaited<ReturnType<typeof findAction>>>;

async function mayCancel(action: StoredAction, { name, key, role }: Investigator): Promise<boolean> {
  if (role === 'admin' || action.investigator === name) return true;
  for (const armored of action.signatures)
    if ((await verifyDetached(action.payload, armored, [key], new Date())).kind === 'valid') return true;
  return false;
}

/**
 * Returns when the cancellation is safe in the database; the agents are then being told. May be asked for again.
 * @returns the action as it is now; undefined when there is none.
 * @throws CodedError<CancelCode>
 */
export async function cancelAction(
  database: Database,
  publisher: OutboxPublisher,
  investigator: Investigator,
  id: ActionId,
): Promise<SummaryRow | undefined> {
  const action = await findAction(database.db, id);
  if (action === undefined) return undefined;
  if (!(await mayCancel(action, investigator)))
    throw new CodedError<CancelCode>(
      'not-your-action',
      `expected an action of your own, got one by ${action.investigator}`,
      {
        hint: 'who brought or signed an action can cancel it, and an admin',
      },
    );
  await database.db.transaction().execute(async (tx) => {
    // An agent that comes up meanwhile gets either its command and the cancellation, or neither.
    await excludeArrivals(tx);
    await lockActions(tx, [id]);
    await markCancelled(tx, id);
    await cancelCommands(tx, id);
  });
  publisher.wake();
  return findAction(database.db, id);
}
