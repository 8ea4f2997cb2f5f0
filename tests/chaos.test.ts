/** The relay under fire, in its short form; `npm run chaos` is the long one. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readIdentity } from '../agent/state/identity.ts';
import { ActionId } from '../protocol/base/identifiers.ts';
import { findMissingPrograms } from '../tools/lab/own-services.ts';
import { recordRun } from './chaos/agent.ts';
import { commonFaults } from './chaos/faults.ts';
import { settle } from './chaos/ledger.ts';
import type { Platform } from './chaos/platform.ts';
import { runChaos } from './chaos/run.ts';

describe('a relay of two servers on RabbitMQ and PostgreSQL', () => {
  const missing = findMissingPrograms();
  const skip = missing.length > 0 && `install ${missing.join(', ')}`;
  if (skip !== false) process.stderr.write(`SKIPPED: the relay under fire: ${skip}\n`);

  it('loses nothing and doubles nothing, whatever is killed, cut off or stalled', { skip }, async (t) => {
    const { findings } = await runChaos(commonFaults, (line) => t.diagnostic(line), assertLedgerFindsLoss);
    assert.deepEqual(findings, []);
  });
});

/** Shows that the ledger finds losses. */
async function assertLedgerFindsLoss(platform: Platform): Promise<void> {
  const { rows } = await platform.sql.query(
    'SELECT commands.id, commands.action, commands.agent, actions.payload FROM commands JOIN actions ON actions.id = action LIMIT 1',
  );
  const [{ id, action, agent, payload }] = rows;
  const path = /\/chaos\/[0-9a-f-]+/.exec(payload.toString('latin1'))?.[0] ?? '';
  const asked = { id: ActionId.parse(action), path };
  const states = platform.agentDirectories.map((state) => ({ state, identity: readIdentity(state) }));
  const state = states.find(({ identity }) => identity?.id === agent)?.state;
  assert.ok(state !== undefined);
  await platform.sql.query('DELETE FROM reports WHERE command = $1', [id]);
  await platform.sql.query('UPDATE action_counts SET failed = failed + 1 WHERE action = $1', [action]);
  for (const _ of [1, 2]) recordRun(state, path);
  const { findings } = await settle(platform, asked);
  assert.equal(findings.length, 3, findings.join('; '));
}
