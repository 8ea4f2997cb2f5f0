/**
 * Kills the agent at random moments: while it starts, runs a module, stops, or is replaced by another build. Each time its
 * state is whole, no action runs twice, and every question is answered in the end. Eight times; `npm run test:kills` is the
 * long form of fifty.
 */
import assert from 'node:assert/strict';
import { existsSync, linkSync, readdirSync, renameSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type AuditEntry, auditLogPath, findBrokenLink, readAuditLog } from '../agent/state/audit-log.ts';
import type { Action } from '../protocol/action/action.ts';
import type { AgentMessage } from '../protocol/agent-message/agent-message.ts';
import type { ActionId, AgentId } from '../protocol/base/identifiers.ts';
import { ResultOpener } from '../protocol/result/sealed.ts';
import { type Composed, composeAction, toCommand, toEnvelope } from '../tools/lab/compose.ts';
import { eventually } from '../tools/lab/eventually.ts';
import { HostileRelay } from '../tools/lab/hostile-relay.ts';
import { type LabInvestigator, toPerson } from '../tools/lab/investigator-key.ts';
import { Lab } from '../tools/lab/lab.ts';

const fleet = 'kills';
const kills = Number(process.env.MIG_TEST_KILLS ?? 8);
/** From before the agent's first line of code to well after it is connected. */
const longestStartMs = 1200;
/** Also the time that the question takes. */
const moduleSeconds = 1;
const builds = ['first', 'second'] as const;
const plans = ['while it starts', 'while a module runs', 'while it stops'] as const;

let lab: Lab;
let relay: HostileRelay;
let alice: LabInvestigator;
let installed: string;
let state: string;
const executables = new Map<string, string>();

before(async () => {
  lab = new Lab();
  relay = await HostileRelay.start();
  alice = await lab.makeInvestigator('alice');
  installed = lab.path('mig-agent');
  state = lab.path('agent');
  for (const build of builds) {
    const executable = await lab.buildAgent(
      fleet,
      {
        relay: { url: relay.agentUrl },
        investigators: { alice: toPerson(alice) },
        acl: { default: { minimumWeight: 1, weights: { alice: 1 } } },
        tags: { build },
        modules: ['fault'],
      },
      { testModules: true },
    );
    renameSync(executable, lab.path(build));
    executables.set(build, lab.path(build));
  }
});
after(async () => {
  await lab?.close();
  await relay?.stop();
});

/** Like a package manager: another file under the same name, in one step. */
function install(build: string): void {
  linkSync(executables.get(build) ?? '', `${installed}.new`);
  renameSync(`${installed}.new`, installed);
}

/** The state folder of the agent, named after it. */
function agentFolders(): string[] {
  return readdirSync(state).filter((name) => /^[0-9a-f]{16}$/.test(name));
}

function readEntries(agent: AgentId): AuditEntry[] {
  return readAuditLog(`${state}/${agent.slice(0, 16)}`);
}

function hasAccepted(agent: AgentId, id: ActionId): boolean {
  return readEntries(agent).some(({ event }) => event.kind === 'accepted' && event.action === id);
}

async function ask(agent: AgentId, fault: 'none' | 'wait'): Promise<Composed> {
  const changes: Partial<Action> = {
    operations: [{ module: 'fault', parameters: { fault } }],
    limits: { seconds: moduleSeconds },
  };
  const composed = await composeAction(fleet, alice, changes);
  const command = toCommand(composed.action, agent, await toEnvelope(composed.action, [alice]));
  await relay.send(agent, Buffer.from(JSON.stringify(command)));
  return composed;
}

/** Starts the agent, asks it something and kills it. */
async function live(agent: AgentId, plan: (typeof plans)[number], upgradeTo: string | null): Promise<Composed> {
  const program = lab.start('the agent', installed, ['--state', state], { PATH: process.env.PATH });
  const composed = await ask(agent, plan === 'while it starts' ? 'none' : 'wait');
  if (plan !== 'while it starts') await eventually(async () => hasAccepted(agent, composed.action.id), 60_000);
  const upgrade = sleep(Math.random() * 300).then(() => (upgradeTo === null ? undefined : install(upgradeTo)));
  if (plan === 'while it stops') program.child.kill('SIGTERM');
  await sleep(Math.random() * (plan === 'while it starts' ? longestStartMs : moduleSeconds * 1000));
  program.child.kill('SIGKILL');
  await Promise.all([program.ended, upgrade]);
  return composed;
}

function assertWhole(agent: AgentId, says: string): void {
  assert.deepEqual(agentFolders(), [agent.slice(0, 16)], `${says}: the same agent`);
  const entries = readEntries(agent);
  assert.equal(findBrokenLink(entries), null, `${says}: the chain of the audit log`);
  const accepted = entries.flatMap(({ event }) => (event.kind === 'accepted' ? [event.action] : []));
  assert.equal(new Set(accepted).size, accepted.length, `${says}: no action ran twice`);
}

async function assertAnswered(agent: AgentId, { action, replyKey }: Composed): Promise<void> {
  const command = toCommand(action, agent, { payload: '', signatures: [] }).id;
  const isAnswer = (message: AgentMessage): message is Extract<AgentMessage, { kind: 'result' }> =>
    message.kind === 'result' && message.command === command;
  await relay.wait(isAnswer);
  // The broker may hear an answer twice, but never two different ones.
  const answers = new Set(relay.heard.filter(isAnswer).map(({ sealed }) => Buffer.from(sealed).toString('base64')));
  assert.equal(answers.size, 1, action.id);
  const opener = new ResultOpener(replyKey.privateKey);
  const [sealed = ''] = answers;
  const [operation] = (await opener.open(Buffer.from(sealed, 'base64'), { action: action.id, agent })).operations;
  const says = operation?.success === true ? 'it ran' : operation?.errors.join();
  assert.match(says ?? '', /^it ran$|was stopped while it ran this/);
}

test(`killed ${kills} times, it is the same agent, runs nothing twice and answers everything`, async () => {
  install('first');
  await (await lab.startAgent(installed)).stop();
  const { agent } = await relay.wait((message) => message.kind === 'heartbeat');
  assert.ok(existsSync(auditLogPath(`${state}/${agent.slice(0, 16)}`)));
  const asked: Composed[] = [];
  for (let kill = 1; kill <= kills; kill += 1) {
    const plan = plans[kill % plans.length] ?? plans[0];
    const upgradeTo = kill % 2 === 0 ? (builds[(kill / 2) % 2] ?? null) : null;
    asked.push(await live(agent, plan, upgradeTo));
    assertWhole(agent, `kill ${kill}, ${plan}${upgradeTo === null ? '' : ` and becomes the ${upgradeTo} build`}`);
  }
  const last = await lab.startAgent(installed);
  asked.push(await ask(agent, 'none'));
  for (const composed of asked) await assertAnswered(agent, composed);
  await last.stop();
  assertWhole(agent, 'in the end');
  assert.deepEqual(readdirSync(`${state}/${agent.slice(0, 16)}/outbox`), [], 'nothing is left to deliver');
  const heartbeats = relay.heard.filter((message) => message.kind === 'heartbeat');
  assert.deepEqual([...new Set(heartbeats.map(({ facts }) => facts.tags.build))].sort(), [...builds]);
  const verified = await lab.run(installed, ['audit', '--verify', '--state', state]);
  assert.equal(verified.code, 0, verified.stderr);
});
