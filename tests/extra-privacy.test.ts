/** An environment with extra privacy: the investigator learns counts, and no names. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { after, before, test } from 'node:test';
import { loadModules, moduleNames } from '../modules/registry.ts';
import { toPerson } from '../tools/lab/investigator-key.ts';
import { Lab } from '../tools/lab/lab.ts';

const fleet = 'private';
let lab: Lab;
let env: Record<string, string>;

before(async () => {
  lab = new Lab();
  const alice = await lab.makeInvestigator('alice');
  const relay = await lab.startRelay();
  const executable = await lab.buildAgent(fleet, {
    relay: lab.relayConfig(relay.address),
    investigators: { alice: toPerson(alice) },
    // Nobody may get names. That is no obstacle: such agents tell none.
    acl: { default: { minimumWeight: 1, weights: { alice: 1 }, answers: { names: 'never' } } },
    modules: [...moduleNames],
    extraPrivacy: true,
  });
  env = lab.migEnvironment(relay.address, fleet, alice);
  await lab.startAgent(executable);
  await lab.waitForAgents(1, env);
});
after(() => lab?.close());

test('files are counted and not named, unreadable ones included', async () => {
  const folder = lab.path('evidence');
  mkdirSync(folder);
  for (const name of ['secret-1', 'secret-2']) writeFileSync(`${folder}/${name}`, '');
  const { code, stdout, stderr } = await lab.mig(['file', '-t', 'all', '-path', folder, '-name', '^secret'], env);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /found 2, not listed/);
  assert.doesNotMatch(stdout, /secret-[12]|lastmodified/);
  const unread = await lab.mig(['file', '-t', 'all', '-path', '/proc/kmsg', '-content', 'x'], env);
  assert.match(unread.stdout + unread.stderr, /1 message is kept back for privacy/);
  assert.doesNotMatch(unread.stdout, /kmsg/);
});

test('of a policy, the number of tests that fail is told, and neither which nor why', async () => {
  const tests = ['secret-1', 'secret-2', 'secret-3'].map((name) => ({
    id: name,
    title: name,
    check: { missing: { file: { paths: [lab.path('evidence')], names: [`^${name}$`] } } },
  }));
  const file = lab.path('document.json');
  writeFileSync(file, JSON.stringify({ version: 2, name: 'n', tests }));
  const { code, stdout, stderr } = await lab.mig(['policy', file, '-t', 'all'], env);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /found 2, not listed/);
  assert.match(stderr, /3 tests/);
  assert.doesNotMatch(stdout + stderr, /secret-/);
});

/** Modules whose searches need no filter list all that there is. */
const withoutFlags = [...(await loadModules())].filter(
  ([, { parameters }]) => parameters.safeParse({ searches: { s1: {} } }).success,
);

for (const [module, flags] of [
  ['process', ['-name', '^node$|^mig|^MainThread$']],
  ['netstat', ['-li', '127.0.0.0/8']],
  ['memory', ['-name', basename(process.execPath)]],
  ...withoutFlags.map(([name]) => [name, []] as const),
] as const)
  test(`what ${module} ${flags.join(' ')} finds is counted and not named`, async () => {
    const { code, stdout, stderr } = await lab.mig([module, '-t', 'all', ...flags], env);
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /found \d+(?:, not listed| entries)/);
    assert.doesNotMatch(stdout, /127\.0\.0|pid|in search/);
  });
