/** The packaged agent on a full or damaged disk: nothing is lost, and the problem is reported. */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { noSmallDisk, SmallDisk } from '../agent/testing/small-disk.ts';
import type { AgentMessage } from '../protocol/agent-message/agent-message.ts';
import type { AgentId } from '../protocol/base/identifiers.ts';
import { composeAction, toCommand, toEnvelope } from '../tools/lab/compose.ts';
import { HostileRelay } from '../tools/lab/hostile-relay.ts';
import { type LabInvestigator, toPerson } from '../tools/lab/investigator-key.ts';
import { Lab } from '../tools/lab/lab.ts';

const fleet = 'full';
let lab: Lab;
let relay: HostileRelay;
let alice: LabInvestigator;
let executable: string;
let state: string;
let disk: SmallDisk | null = null;

before(async () => {
  lab = new Lab();
  state = lab.path('agent');
  mkdirSync(state, { mode: 0o700 });
  disk = SmallDisk.mount(state, '1m');
  if (disk === null) return;
  relay = await HostileRelay.start();
  alice = await lab.makeInvestigator('alice');
  executable = await lab.buildAgent(
    fleet,
    {
      relay: { url: relay.agentUrl },
      investigators: { alice: toPerson(alice) },
      acl: { default: { minimumWeight: 1, weights: { alice: 1 } } },
      modules: ['fault'],
    },
    { testModules: true },
  );
});
after(async () => {
  await relay?.stop();
  disk?.unmount();
  await lab?.close();
});

/** The agent's response to one question: `result`, or the code of its refusal. */
async function ask(agent: AgentId): Promise<string> {
  const { action } = await composeAction(fleet, alice, {
    operations: [{ module: 'fault', parameters: { fault: 'none' } }],
  });
  const command = toCommand(action, agent, await toEnvelope(action, [alice]));
  await relay.send(agent, Buffer.from(JSON.stringify(command)));
  const report: AgentMessage = await relay.waitForReport(command.id);
  return report.kind === 'refusal' ? report.code : report.kind;
}

test('an agent on a full disk refuses, stays, and answers when there is room again', async (context) => {
  if (disk === null) return context.skip(noSmallDisk);
  const program = await lab.startAgent(executable);
  const { agent } = await relay.wait((message) => message.kind === 'heartbeat');
  assert.equal(await ask(agent), 'result');
  for (let round = 0; round < 2; round += 1) {
    // The earlier answer is deleted when the broker has it; its reader does not wait for that.
    let said = 'result';
    for (let tries = 0; tries < 5 && said === 'result'; tries += 1) {
      disk.fill();
      said = await ask(agent);
    }
    for (let question = 0; question < 20; question += 1) assert.equal(await ask(agent), 'state-unwritable');
    disk.makeRoom();
    assert.equal(await ask(agent), 'result');
  }
  assert.equal(program.isRunning, true);

  disk.fill();
  program.child.kill('SIGKILL');
  await program.ended;
  const refused = await lab.run(executable, ['--state', state]);
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /^error: expected to write into .*ENOSPC.*\nhint: .*make room/m);
  disk.makeRoom();
  const next = await lab.startAgent(executable);
  assert.equal(await ask(agent), 'result');
  const audit = await lab.run(executable, ['audit', '--state', state, '--verify']);
  assert.equal(audit.code, 0, audit.stderr);
  assert.match(audit.stdout, /refused .*: state-unwritable /);
  await next.stop();
});

test('an agent whose state is damaged does not begin a new one by itself, and says what to do', async (context) => {
  if (disk === null) return context.skip(noSmallDisk);
  const [own = ''] = readdirSync(state).filter((name) => /^[0-9a-f]{16}$/.test(name));
  for (const name of ['ledger.jsonl', 'audit.jsonl', 'counter.json']) {
    const path = join(state, own, name);
    const whole = readFileSync(path);
    writeFileSync(path, Buffer.concat([Buffer.alloc(100), Buffer.from('\n')]));
    const refused = await lab.run(executable, ['--state', state]);
    assert.equal(refused.code, 2, name);
    assert.match(refused.stderr, /^error: expected the state in .* to be whole: .*\nhint: .*another one/m, name);
    writeFileSync(path, whole);
  }
  const program = await lab.startAgent(executable);
  await program.stop();
});
