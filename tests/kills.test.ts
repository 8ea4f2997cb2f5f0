/**
 * The agent killed again and again, at random moments of starting, answering and being replaced by an upgrade: each time its
 * state is whole. Ten times; MIG_TEST_KILLS=50 for the long form.
 */
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Lab } from '../tools/lab/lab.ts';

const fleet = 'kills';
const kills = Number(process.env.MIG_TEST_KILLS ?? 10);
/** Long enough to be connected and in the middle of a question, short enough to be sometimes not even started. */
const longestLifeMs = 1500;
let lab: Lab;
let executable: string;
let env: Record<string, string>;
let evidence: string;

before(async () => {
  lab = new Lab();
  const alice = await lab.makeInvestigator('alice');
  const relay = await lab.startRelay();
  executable = await lab.buildAgent(fleet, {
    relay: lab.relayConfig(relay.address),
    investigators: { alice: { keys: [{ file: alice.publicKeyFile, fingerprint: alice.fingerprint }] } },
    acl: { default: { minimumWeight: 1, weights: { alice: 1 } } },
    modules: ['file'],
  });
  env = lab.migEnvironment(relay.address, fleet, alice);
  evidence = lab.path('evidence');
  mkdirSync(evidence);
  writeFileSync(join(evidence, 'found'), '');
});
after(() => lab?.close());

/** As a package manager does it: another file under the same name, in one step. */
function upgrade(installed: string): void {
  copyFileSync(executable, `${installed}.new`);
  renameSync(`${installed}.new`, installed);
}

/** The agent's id; fails when its log is not whole. */
async function readAgent(installed: string): Promise<string> {
  const { code, stdout, stderr } = await lab.run(installed, ['audit', '--verify', '--state', lab.path('agent')]);
  assert.equal(code, 0, stderr);
  return / as agent ([0-9a-f]{64})/.exec(stdout)?.[1] ?? '';
}

const ask = () => lab.mig(['file', '-t', 'all', '-e', '60s', '-path', evidence, '-name', 'found'], env);

test(`killed ${kills} times, it is the same agent with a whole log, and answers in the end`, async () => {
  const installed = lab.path('mig-agent');
  upgrade(installed);
  await (await lab.startAgent(installed)).stop();
  const id = await readAgent(installed);
  assert.match(id, /^[0-9a-f]{64}$/);
  const questions: Promise<unknown>[] = [];
  for (let kill = 1; kill <= kills; kill += 1) {
    const agent = lab.start('the agent', installed, ['--state', lab.path('agent')], { PATH: process.env.PATH });
    if (kill % 3 === 0) questions.push(ask());
    const timer = setTimeout(() => agent.child.kill('SIGKILL'), Math.random() * longestLifeMs);
    if (kill % 2 === 0) upgrade(installed);
    await agent.ended;
    clearTimeout(timer);
    assert.equal(await readAgent(installed), id, `after kill ${kill}`);
  }
  await lab.startAgent(installed);
  await Promise.all(questions);
  const { code, stdout, stderr } = await ask();
  assert.equal(code, 0, stderr);
  assert.ok(stdout.includes(join(evidence, 'found')));
  assert.equal(await readAgent(installed), id);
});
