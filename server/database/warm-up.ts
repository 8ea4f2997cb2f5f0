/**
 * The embedded database compiles and plans each statement where it is first used, which would make the first
 * investigation after a start several times as slow as the next. An imaginary one goes ahead of it and is rolled back.
 */
import { sql } from 'kysely';
import { ActionId, AgentId, commandIdOf, Fingerprint, InstanceId } from '../../protocol/base/identifiers.ts';
import { findCounts } from './actions.ts';
import { upsertAgents } from './agents.ts';
import { recordSent } from './commands.ts';
import { dispatchAction } from './dispatch.ts';
import { insertStranded, insertUnreported } from './outbox.ts';
import { listReports, writeReports } from './reports.ts';
import type { Db, Tx } from './schema.ts';
import { findSession, insertSession } from './sessions.ts';

const agent = AgentId.parse('0'.repeat(64));
const action = ActionId.parse('0'.repeat(32));
const command = commandIdOf(action, agent);
const rolledBack = new Error('rolled back');

/** Uses what an investigation uses, in the same order. */
async function imagine(tx: Tx): Promise<void> {
  const now = new Date();
  const instance = InstanceId.parse('0'.repeat(32));
  const instant = '2000-01-01T00:00:00Z';
  const facts = { name: 'none', queueloc: '', mode: 'daemon', version: '', environment: {}, tags: {} } as const;
  const unsigned = { sequence: 0, audit: { sequence: 0, hash: '' }, reported: [], signed: Buffer.alloc(0) };
  await upsertAgents(tx, [
    {
      kind: 'heartbeat',
      agent,
      publickey: '',
      fleet: '',
      instance,
      facts,
      link: 1,
      starttime: instant,
      time: instant,
      ...unsigned,
    },
  ]);
  await insertStranded(tx, [agent]);
  await insertUnreported(tx, [agent]);
  const session = { tokenhash: '', fingerprint: Fingerprint.parse('0'.repeat(40)), investigator: '', expires: now };
  await insertSession(tx, session);
  await findSession(tx, '');
  const texts = { fleet: '', name: '', target: '', investigator: '', wrappedreplykey: '' };
  const bytes = Buffer.alloc(0);
  const row = { id: action, ...texts, validfrom: now, expireafter: now, payload: bytes, signatures: [] };
  await dispatchAction(tx, row, sql`(id = ${agent}::text)`);
  await recordSent(tx, action, instant, [command], []);
  await writeReports(tx, [{ command, agent, kind: 'result', code: null, state: 'succeeded', message: bytes }]);
  await findCounts(tx, action);
  await listReports(tx, action, 0, 1);
}

/** Leaves nothing behind but gaps in the sequences. */
export async function warmUp(db: Db): Promise<void> {
  try {
    await db.transaction().execute(async (tx) => {
      await imagine(tx);
      throw rolledBack;
    });
  } catch (error) {
    if (error !== rolledBack) throw error;
  }
}
