/** The packaged agent at work: its processes, its restarts and its modules. tools/drill has the refusals. */
import assert from 'node:assert/strict';
import { readdirSync, readlinkSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import type { Action } from '../protocol/action/action.ts';
import type { Envelope } from '../protocol/action/envelope.ts';
import { toSignedBytes } from '../protocol/action/envelope.ts';
import type { RefusalCode } from '../protocol/agent-message/refusal.ts';
import { type AgentId, CommandId, newActionId } from '../protocol/base/identifiers.ts';
import type { OperationResult } from '../protocol/result/result.ts';
import { ResultOpener } from '../protocol/result/sealed.ts';
import type { RunningProgram } from '../tools/lab/child.ts';
import { type Composed, composeAction, signBytes, toCommand, toEnvelope } from '../tools/lab/compose.ts';
import { eventually } from '../tools/lab/eventually.ts';
import { HostileRelay } from '../tools/lab/hostile-relay.ts';
import { type LabInvestigator, toPerson } from '../tools/lab/investigator-key.ts';
import { Lab } from '../tools/lab/lab.ts';

const fleet = 'attacked';

/** Ids of the processes that run this file. */
function processesOf(executable: string): string[] {
  return readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readlinkSync(`/proc/${name}/exe`) === executable;
    } catch {
      return false;
    }
  });
}

describe('the packaged agent', () => {
  let lab: Lab;
  let relay: HostileRelay;
  let executable: string;
  let agent: RunningProgram;
  let agentId: AgentId;
  let alice: LabInvestigator;
  let bob: LabInvestigator;

  before(async () => {
    lab = new Lab();
    relay = await HostileRelay.start();
    alice = await lab.makeInvestigator('alice');
    bob = await lab.makeInvestigator('bob');
    executable = await lab.buildAgent(
      fleet,
      {
        relay: { url: relay.agentUrl },
        investigators: { alice: toPerson(alice), bob: toPerson(bob) },
        acl: { default: { minimumWeight: 2, weights: { alice: 2, bob: 1 } } },
        limits: { moduleMemoryMiB: 256, maximumWindowSeconds: 3600, resultBytes: 100_000 },
        modules: ['file', 'fault'],
      },
      { testModules: true },
    );
    agent = await lab.startAgent(executable);
    agentId = (await relay.wait((message) => message.kind === 'heartbeat')).agent;
  });
  after(async () => {
    await lab?.close();
    await relay?.stop();
  });

  async function send(action: Action, envelope: Envelope): Promise<string> {
    relay.forget();
    const command = toCommand(action, agentId, envelope);
    await relay.send(agentId, Buffer.from(JSON.stringify(command)));
    return command.id;
  }

  async function answerOf({ action, replyKey }: Composed, signers = [alice]): Promise<OperationResult> {
    const report = await relay.waitForReport(await send(action, await toEnvelope(action, signers)));
    assert.equal(report.kind, 'result', JSON.stringify(report));
    if (report.kind !== 'result') throw new Error('unreachable');
    const opener = new ResultOpener(replyKey.privateKey);
    const [operation] = opener.open(report.sealed, { action: action.id, agent: agentId }).operations;
    assert.ok(operation);
    return operation;
  }

  async function assertRefused(action: Action, envelope: Envelope, code: RefusalCode): Promise<void> {
    const report = await relay.waitForReport(await send(action, envelope));
    assert.equal(report.kind === 'refusal' ? report.code : report.kind, code);
    const audit = await lab.run(executable, ['audit', '--state', lab.path('agent'), '--verify']);
    assert.equal(audit.code, 0, audit.stderr);
    assert.match(audit.stdout.trimEnd().split('\n').at(-1) ?? '', new RegExp(`refused .*: ${code} `));
  }

  test('answers what is in order', async () => {
    const operation = await answerOf(await composeAction(fleet, alice));
    assert.equal(operation.success, true);
    assert.equal(operation.foundanything, false);
  });

  test('two people of enough weight together are enough', async () => {
    assert.equal((await answerOf(await composeAction(fleet, alice), [bob, alice])).success, true);
  });

  test('refuses signed bytes that are not an action: malformed', async () => {
    const { action } = await composeAction(fleet, alice);
    for (const text of ['mig session v3\n{}', 'mig action v3\n{}', 'mig action v3\n{"id":1,"id":2}', '']) {
      const bytes = Buffer.from(text);
      const signatures = [await signBytes(bytes, alice)];
      await assertRefused(action, { payload: bytes.toString('base64'), signatures }, 'malformed');
    }
    const spaced = Buffer.concat([toSignedBytes(action), Buffer.from(' ')]);
    const signatures = [await signBytes(spaced, alice)];
    await assertRefused(action, { payload: spaced.toString('base64'), signatures }, 'malformed');
  });

  test('killed in the middle of an action, it says so after its restart and does not run it again', async () => {
    const composed = await composeAction(fleet, alice, {
      operations: [{ module: 'fault', parameters: { fault: 'hang' } }],
    });
    const command = await send(composed.action, await toEnvelope(composed.action, [alice]));
    const isAccepted = (line: string) => line.includes(`accepted ${composed.action.id}`);
    await eventually(async () => (await readAudit()).some(isAccepted), 20_000, 'the action to be accepted');
    await agent.stop('SIGKILL');
    await eventually(() => processesOf(executable).length === 0, 20_000, 'its module process to end with it');
    agent = await lab.startAgent(executable);
    const report = await relay.waitForReport(command);
    assert.ok(report.kind === 'result' && report.state === 'failed', JSON.stringify(report));
    const opener = new ResultOpener(composed.replyKey.privateKey);
    const result = opener.open(report.sealed, { action: composed.action.id, agent: agentId });
    assert.match(result.operations[0]?.errors[0] ?? '', /was stopped while it ran/);
  });

  async function readAudit(): Promise<string[]> {
    return (await lab.run(executable, ['audit', '--state', lab.path('agent')])).stdout.trimEnd().split('\n');
  }

  const faults = [
    { fault: 'crash', seconds: 20, error: /ended without an answer \(SIGSEGV\)/ },
    { fault: 'hang', seconds: 2, error: /did not end within 2 s/ },
    { fault: 'allocate', seconds: 20, error: /needed more memory .* 256 MiB$/ },
    { fault: 'grow', seconds: 20, error: /needed more memory .* 256 MiB, or has a defect: .* by SIG(TRAP|ABRT|ILL)$/ },
    { fault: 'throw', seconds: 20, error: /thrown on request/ },
    { fault: 'flood', seconds: 20, error: /over 100000 bytes/ },
  ] as const;
  for (const { fault, seconds, error } of faults)
    test(`a module that does '${fault}' is a failed operation, and the next question is answered`, async () => {
      const operations = [{ module: 'fault', parameters: { fault } }];
      const failed = await answerOf(await composeAction(fleet, alice, { operations, limits: { seconds } }));
      assert.equal(failed.success, false);
      assert.match(failed.errors.join('\n'), error);
      assert.equal((await answerOf(await composeAction(fleet, alice))).success, true);
    });

  test('a short question does not wait behind a long one', async () => {
    const long = await composeAction(fleet, alice, {
      operations: [{ module: 'fault', parameters: { fault: 'wait' } }],
      limits: { seconds: 120 },
    });
    const longCommand = await send(long.action, await toEnvelope(long.action, [alice]));
    await relay.wait((message) => message.kind === 'running' && message.command === longCommand);
    assert.equal((await answerOf(await composeAction(fleet, alice))).success, true);
    await cancel(long.action);
    const report = await relay.waitForReport(longCommand);
    assert.ok(report.kind === 'result' && report.state === 'cancelled', JSON.stringify(report));
  });

  test('the same command delivered twice at once runs once', async () => {
    const composed = await composeAction(fleet, alice);
    const body = Buffer.from(
      JSON.stringify(toCommand(composed.action, agentId, await toEnvelope(composed.action, [alice]))),
    );
    relay.forget();
    await Promise.all([relay.send(agentId, body), relay.send(agentId, body)]);
    await relay.waitForReport(toCommand(composed.action, agentId, { payload: '', signatures: [] }).id);
    assert.equal((await readAudit()).filter((line) => line.includes(`accepted ${composed.action.id}`)).length, 1);
  });

  async function cancel(action: Action): Promise<void> {
    await relay.send(agentId, Buffer.from(JSON.stringify({ cancel: action.id })));
  }

  for (const fault of ['wait', 'hang'])
    test(`says that it works and stops when it is cancelled, with a module that does '${fault}'`, async () => {
      const composed = await composeAction(fleet, alice, {
        operations: [{ module: 'fault', parameters: { fault } }],
        limits: { seconds: 120 },
      });
      const command = await send(composed.action, await toEnvelope(composed.action, [alice]));
      await relay.wait((message) => message.kind === 'running' && message.command === command);
      await cancel(composed.action);
      const report = await relay.waitForReport(command);
      assert.ok(report.kind === 'result' && report.state === 'cancelled', JSON.stringify(report));
      const opener = new ResultOpener(composed.replyKey.privateKey);
      const result = opener.open(report.sealed, { action: composed.action.id, agent: agentId });
      assert.equal(result.operations[0]?.receipt.cutshort, 'cancelled');
      assert.equal(result.operations[0]?.success, fault === 'wait');
      assert.match((await readAudit()).at(-1) ?? '', new RegExp(`reported ${composed.action.id} cancelled`));
      assert.equal((await answerOf(await composeAction(fleet, alice))).success, true);
    });

  test('does not begin what was cancelled while it waited for a place, or before it came', async () => {
    const hang = { operations: [{ module: 'fault', parameters: { fault: 'wait' } }], limits: { seconds: 120 } };
    const running = await Promise.all([composeAction(fleet, alice, hang), composeAction(fleet, alice, hang)]);
    for (const { action } of running) {
      const command = await send(action, await toEnvelope(action, [alice]));
      await relay.wait((message) => message.kind === 'running' && message.command === command);
    }
    const [waiting, early] = await Promise.all([composeAction(fleet, alice, hang), composeAction(fleet, alice, hang)]);
    const stateOf = async (command: string): Promise<string> => {
      const report = await relay.waitForReport(command);
      return report.kind === 'result' ? report.state : report.code;
    };
    const command = await send(waiting.action, await toEnvelope(waiting.action, [alice]));
    await cancel(waiting.action);
    assert.equal(await stateOf(command), 'cancelled');
    await cancel(early.action);
    assert.equal(await stateOf(await send(early.action, await toEnvelope(early.action, [alice]))), 'cancelled');
    for (const { action } of running) await cancel(action);
  });

  test('a command id of the relay’s choice changes nothing about the answer', async () => {
    const composed = await composeAction(fleet, alice);
    const envelope = await toEnvelope(composed.action, [alice]);
    const id = CommandId.parse(newActionId());
    relay.forget();
    await relay.send(agentId, Buffer.from(JSON.stringify({ id, envelope })));
    const report = await relay.waitForReport(toCommand(composed.action, agentId, envelope).id);
    assert.equal(report.kind, 'result');
  });
});
