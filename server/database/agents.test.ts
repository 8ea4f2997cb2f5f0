/** Online, idle and offline by the limits that the operator has set. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AgentId, newInstanceId } from '../../protocol/base/identifiers.ts';
import { countAgentsByStatus, setStatusLimits } from './agents.ts';
import { openEmbeddedDatabase } from './embedded.ts';

test('an agent is online, then idle, then offline, by limits that can be changed', async () => {
  const { db, close } = await openEmbeddedDatabase(null);
  const agesSeconds = [1, 100, 200, 2000];
  for (const [index, ageSeconds] of agesSeconds.entries()) {
    const time = new Date(Date.now() - ageSeconds * 1000);
    const texts = { publickey: '', fleet: '', name: '', queueloc: '', version: '', environment: '{}', tags: '{}' };
    const times = { starttime: time, heartbeattime: time, signedtime: time };
    const id = AgentId.parse(String(index).padStart(64, '0'));
    await db
      .insertInto('agents')
      .values({ id, ...texts, mode: 'daemon', ...times, instance: newInstanceId() })
      .execute();
  }
  const read = async () =>
    Object.fromEntries((await countAgentsByStatus(db)).map(({ status, count }) => [status, count]));
  assert.deepEqual(await read(), { online: 2, idle: 1, offline: 1 });
  await setStatusLimits(db, { onlineSeconds: 60, idleSeconds: 150 });
  assert.deepEqual(await read(), { online: 1, idle: 1, offline: 2 });
  await close();
});
