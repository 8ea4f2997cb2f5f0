/** Retention on both databases: what is old goes with all that belongs to it, what is not stays. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type ActionId, AgentId, commandIdOf, newActionId, newInstanceId } from '../../protocol/base/identifiers.ts';
import { createDatabase, findServices } from '../../tests/services.ts';
import type { Database } from './database.ts';
import { openEmbeddedDatabase } from './embedded.ts';
import { applyRetention } from './housekeeping.ts';
import { openPostgres } from './postgres.ts';

const unwatched = { onLost: () => {}, onBack: () => {} };

const dayMs = 86_400_000;
const retention = { actionDays: 30, agentDays: 10 };

async function insertAgent({ db }: Database, id: AgentId, daysAgo: number): Promise<void> {
  const time = new Date(Date.now() - daysAgo * dayMs);
  const texts = { publickey: '', fleet: '', name: 'web1', queueloc: '', version: '', environment: '{}', tags: '{}' };
  const times = { starttime: time, heartbeattime: time, signedtime: time };
  await db
    .insertInto('agents')
    .values({ id, ...texts, mode: 'daemon', ...times, instance: newInstanceId() })
    .execute();
}

async function insertAction({ db }: Database, id: ActionId, agents: readonly AgentId[], daysAgo: number) {
  const expireafter = new Date(Date.now() - daysAgo * dayMs);
  const texts = { fleet: '', name: '', target: '', investigator: 'alice', wrappedreplykey: '' };
  const row = { id, ...texts, validfrom: expireafter, expireafter, payload: Buffer.alloc(0), signatures: '[]' };
  await db
    .insertInto('actions')
    .values({ ...row, expired: true })
    .execute();
  for (const agent of agents) {
    const command = commandIdOf(id, agent);
    await db.insertInto('commands').values({ id: command, action: id, agent }).execute();
    const report = {
      command,
      action: id,
      agent,
      kind: 'result',
      code: null,
      sizebytes: 1,
      message: Buffer.alloc(1),
    } as const;
    await db.insertInto('reports').values(report).execute();
  }
}

async function idsOf({ db }: Database, table: 'actions' | 'agents'): Promise<string[]> {
  return (await db.selectFrom(table).select('id').orderBy('id').execute()).map(({ id }) => id);
}

function agentId(index: number): AgentId {
  return AgentId.parse(String(index).padStart(64, '0'));
}

async function checkRetention(database: Database): Promise<void> {
  const { db } = database;
  const [present, gone] = [agentId(1), agentId(2)];
  await insertAgent(database, present, 1);
  await insertAgent(database, gone, 11);
  const old = Array.from({ length: 120 }, newActionId);
  for (const id of old) await insertAction(database, id, [present, gone], 31);
  const recent = newActionId();
  await insertAction(database, recent, [present, gone], 29);
  const expires = new Date(Date.now() - 1000);
  await db.insertInto('used_challenges').values({ challenge: 'c', expires }).execute();
  assert.equal(await applyRetention(db, retention), old.length);
  assert.deepEqual(await idsOf(database, 'actions'), [recent]);
  assert.deepEqual(await idsOf(database, 'agents'), [present]);
  // What a forgotten agent answered stays for as long as its action.
  for (const table of ['commands', 'reports'] as const) {
    const rows = await db.selectFrom(table).select(['action', 'agent']).execute();
    assert.deepEqual(rows.map(({ agent }) => agent).sort(), [present, gone]);
    assert.ok(rows.every(({ action }) => action === recent));
  }
  assert.deepEqual(await db.selectFrom('action_counts').select('action').execute(), [{ action: recent }]);
  assert.deepEqual(await db.selectFrom('used_challenges').selectAll().execute(), []);
  assert.equal(await applyRetention(db, retention), 0);
}

describe('retention', () => {
  test('on the embedded database', async () => {
    const database = await openEmbeddedDatabase(null);
    await checkRetention(database);
    await database.close();
  });

  test('on PostgreSQL, and on several servers at once each action is deleted by one', async () => {
    const { databaseUrl } = await findServices();
    if (databaseUrl === null) return;
    const own = await createDatabase(databaseUrl);
    const servers = await Promise.all([0, 1, 2].map(() => openPostgres(own.url, unwatched)));
    const [first] = servers;
    assert.ok(first);
    await checkRetention(first);
    for (let index = 0; index < 120; index += 1) await insertAction(first, newActionId(), [agentId(1)], 31);
    const deleted = await Promise.all(servers.map(({ db }) => applyRetention(db, retention)));
    assert.ok(deleted.some((count) => count !== null));
    while ((await idsOf(first, 'actions')).length > 1) await applyRetention(first.db, retention);
    for (const server of servers) await server.close();
    await own.drop();
  });
});
