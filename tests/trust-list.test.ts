/** Changes whom agents obey without a build, with the real programs, from the draft of a list to agents that go by it. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { parseSignedBytes } from '../protocol/action/envelope.ts';
import type { RunningProgram } from '../tools/lab/child.ts';
import { type LabInvestigator, toPerson } from '../tools/lab/investigator-key.ts';
import { Lab, type RelayAddress } from '../tools/lab/lab.ts';

const fleet = 'trusting';
const people = ['alice', 'bob', 'eve', 'carol', 'dave'] as const;
type Person = (typeof people)[number];

describe('trust lists', () => {
  const lab = new Lab();
  const keys = {} as Record<Person, LabInvestigator>;
  let relay: RelayAddress;
  let executable: string;
  let agent: RunningProgram;

  before(async () => {
    for (const name of people) keys[name] = await lab.makeInvestigator(name);
    const MIG_ROOT_KEYS = lab.writeRootKeys(fleet, 2, keys.carol, keys.dave);
    relay = (await lab.startRelay(undefined, { MIG_ROOT_KEYS })).address;
    executable = await lab.buildAgent(fleet, {
      relay: lab.relayConfig(relay),
      investigators: { alice: toPerson(keys.alice), bob: toPerson(keys.bob) },
      rootkeys: { people: { carol: toPerson(keys.carol), dave: toPerson(keys.dave) }, threshold: 2 },
      acl: { default: { minimumWeight: 2, weights: { alice: 2, bob: 2 } } },
      modules: ['file'],
      heartbeatSeconds: 2,
    });
    agent = await lab.startAgent(executable);
    await lab.waitForAgents(1, lab.migEnvironment(relay, fleet, keys.alice));
    writeFileSync(lab.path('config.json'), (await lab.run(executable, ['config'])).stdout);
  });
  after(() => lab.close());

  const mig = (person: Person, ...args: string[]) => lab.mig(args, lab.migEnvironment(relay, fleet, keys[person]));
  const ask = (person: Person) =>
    mig(person, 'file', '-t', 'all', '-path', '/etc', '-name', '^passwd$', '-maxdepth', '1', '-e', '30s');

  async function migWell(person: Person, ...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await mig(person, ...args);
    assert.equal(code, 0, stderr);
    return stdout + stderr;
  }

  async function draft(file: string, ...changes: string[]): Promise<void> {
    await migWell('carol', 'trust', 'new', ...changes, '-o', lab.path(file));
  }

  const signAs = (person: Person, file: string) => migWell(person, 'trust', 'sign', lab.path(file), '-y');

  async function assertNotPublished(file: string, code: RegExp): Promise<void> {
    const { code: exitCode, stderr } = await mig('carol', 'trust', 'publish', lab.path(file));
    assert.equal(exitCode, 2);
    assert.match(stderr, code);
  }

  async function publish(file: string, heard: string): Promise<void> {
    const before = agent.lines.length;
    await migWell('carol', 'trust', 'publish', lab.path(file));
    await agent.waitForLine((line) => agent.lines.indexOf(line) >= before && line.includes(heard));
  }

  async function assertRefused(person: Person, code: string): Promise<void> {
    const { stderr } = await ask(person);
    assert.match(stderr, new RegExp(`refused: ${code}`));
  }

  test('a list that one person signed, however often, changes nothing', async () => {
    await draft('few.json', '-with', lab.path('config.json'), '-remove', 'bob');
    await signAs('carol', 'few.json');
    await signAs('carol', 'few.json');
    await assertNotPublished('few.json', /expected signatures of 2 people with root keys, got 1/);
    assert.equal((await ask('bob')).code, 0);
  });

  test('with enough people the leaver is refused at once and the newcomer answered', async () => {
    await draft(
      'first.json',
      ...['-with', lab.path('config.json'), '-remove', 'bob', '-add', `eve=${keys.eve.publicKeyFile}`],
      ...['-weight', 'default:eve=2', '-expires', '20d'],
    );
    await assertRefused('eve', 'unknown-signer');
    await signAs('carol', 'first.json');
    await signAs('dave', 'first.json');
    await publish('first.json', 'took a trust list');
    await assertRefused('bob', 'key-revoked');
    const { code, stderr } = await ask('eve');
    assert.equal(code, 0, stderr);
    assert.match(stderr, /trust list 1 of 1 agent expires in 20 days: sign and publish a new one soon/);
  });

  test('it holds after a kill, and `mig trust show` says who goes by it', async () => {
    await agent.stop('SIGKILL');
    agent = await lab.startAgent(executable);
    await assertRefused('bob', 'key-revoked');
    const shown = await migWell('alice', 'trust', 'show');
    assert.match(shown, new RegExp(`trust list 1 of ${fleet}`));
    assert.match(shown, /agents that go by it: 1 of 1/);
  });

  test('an agent that was away gets the list when it comes back, and an older one is refused from then on', async () => {
    await agent.stop();
    // Asked while she still had the right; nobody has carried it out so far.
    const asked = ask('eve');
    await draft('second.json', '-from', lab.path('first.json'), '-remove', 'eve');
    await signAs('dave', 'second.json');
    await signAs('carol', 'second.json');
    await migWell('carol', 'trust', 'publish', lab.path('second.json'));
    agent = await lab.startAgent(executable);
    await agent.waitForLine((line) => line.includes('took a trust list'));
    assert.match((await asked).stderr, /refused: (unknown-signer|key-revoked)/);
    await assertRefused('eve', 'unknown-signer');
    await assertNotPublished('first.json', /version 1, the relay has 2/);
    await assertRefused('eve', 'unknown-signer');
    assert.equal((await ask('alice')).code, 0);
  });

  test('an action whose id is revoked is not run', async () => {
    const searches = { s1: { paths: ['/etc'], names: ['^passwd$'] } };
    writeFileSync(
      lab.path('question.json'),
      JSON.stringify({
        syntaxversion: 3,
        name: 'q',
        target: 'all',
        operations: [{ module: 'file', parameters: { searches } }],
      }),
    );
    await migWell('alice', 'sign', lab.path('question.json'), '-e', '60s', '-o', lab.path('signed.json'));
    const { envelope } = JSON.parse(readFileSync(lab.path('signed.json'), 'utf8'));
    const { id } = parseSignedBytes(Buffer.from(envelope.payload, 'base64'));
    await draft('third.json', '-from', lab.path('second.json'), '-revokeaction', id);
    await signAs('dave', 'third.json');
    await signAs('carol', 'third.json');
    await publish('third.json', 'took a trust list');
    const { stderr } = await mig('alice', 'launch', lab.path('signed.json'), '-y');
    assert.match(stderr, /refused: action-revoked/);
  });

  test('a list that agents refuse is shown with their reason', async () => {
    await draft('wide.json', '-from', lab.path('third.json'), '-weight', 'default:alice=3');
    await signAs('dave', 'wide.json');
    await signAs('carol', 'wide.json');
    await publish('wide.json', 'refused a trust list');
    // The next heartbeat tells of it.
    const reason =
      /^1 agent has refused it: trust-out-of-bounds \(the list allows more than what is baked in lets it\)$/m;
    for (const endMs = Date.now() + 30_000; ; ) {
      const { code, stderr } = await mig('alice', 'trust', 'show');
      if (reason.test(stderr)) {
        assert.equal(code, 3, stderr);
        assert.match(stderr, /agents that go by it: 0 of 1/);
        break;
      }
      assert.ok(Date.now() < endMs, stderr);
    }
  });

  test('the owner reads of every list that was taken', async () => {
    const { stdout, code } = await lab.run(executable, ['audit', '--state', lab.path('agent'), '--verify']);
    assert.equal(code, 0);
    assert.match(stdout, /trusted list 1, signed by carol, dave, until /);
    assert.match(stdout, /trusted list 3, signed by /);
  });
});
