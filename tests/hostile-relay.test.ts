/** What the investigator sees of a relay that alters actions, targets or answers, or sends actions elsewhere. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type Action, toInstant } from '../protocol/action.ts';
import type { Report } from '../protocol/api.ts';
import { type Envelope, parseSignedBytes } from '../protocol/envelope.ts';
import { AgentId, sha256Hex } from '../protocol/identifiers.ts';
import type { CommandMessage } from '../protocol/topology.ts';
import type { Finished, RunningProgram } from '../tools/lab/child.ts';
import type { LabInvestigator } from '../tools/lab/investigator-key.ts';
import { Lab, type RelayAddress } from '../tools/lab/lab.ts';
import { composeAction, toEnvelope } from './compose.ts';
import { HostileApi, type Tamper } from './hostile-api.ts';
import { HostileRelay } from './hostile-relay.ts';

const fleet = 'hostile';

describe('a compromised relay', () => {
  let lab: Lab;
  let broker: HostileRelay;
  let relay: RelayAddress;
  let agent: RunningProgram;
  let agentId: AgentId;
  let executable: string;
  let alice: LabInvestigator;
  let bob: LabInvestigator;
  let stranger: LabInvestigator;
  let env: Record<string, string>;
  let question: string[];

  before(async () => {
    broker = await HostileRelay.start(false);
    lab = new Lab({ services: { broker } });
    alice = await lab.makeInvestigator('alice');
    bob = await lab.makeInvestigator('bob');
    stranger = await lab.makeInvestigator('stranger');
    relay = (await lab.startRelay()).address;
    const person = (who: LabInvestigator) => ({ keys: [{ file: who.publicKeyFile, fingerprint: who.fingerprint }] });
    executable = await lab.buildAgent(fleet, {
      relay: { url: broker.agentUrl },
      investigators: { alice: person(alice), bob: person(bob) },
      acl: { default: { minimumWeight: 2, weights: { alice: 2, bob: 1 } } },
      modules: ['file'],
    });
    agent = await lab.startAgent(executable);
    env = lab.migEnvironment(relay, fleet, alice);
    await lab.waitForAgents(1, env);
    const listed = await lab.mig(['agents', '-f', 'json'], env);
    agentId = AgentId.parse(JSON.parse(listed.stdout).agents[0].id);
    const folder = lab.path('evidence');
    mkdirSync(folder);
    writeFileSync(join(folder, 'found'), '');
    question = ['file', '-t', 'all', '-path', folder, '-name', '^found$'];
  });
  after(async () => {
    await lab?.close();
    await broker?.stop();
  });

  /** Asks while the agent is away, puts another command in the place of the one that waits, and lets the agent come back. */
  async function askWithSwappedCommand(swap: (command: CommandMessage) => Promise<Envelope>): Promise<Finished> {
    await agent.stop('SIGKILL');
    const asking = lab.mig(question, env);
    const command = await broker.takeCommand(agentId);
    await broker.send(agentId, Buffer.from(JSON.stringify({ id: command.id, envelope: await swap(command) })));
    agent = await lab.startAgent(executable);
    return asking;
  }

  const sign = async (changes: Partial<Action>, signers: readonly LabInvestigator[]): Promise<Envelope> =>
    toEnvelope((await composeAction(fleet, alice, { operations: [fileOperation], ...changes })).action, signers);
  const fileOperation = { module: 'file', parameters: { searches: { s1: { paths: ['/'], names: ['x'] } } } };
  const past = { validfrom: toInstant(Date.now() - 900_000), expireafter: toInstant(Date.now() - 300_000) };

  function alter(envelope: Envelope, change: (text: string) => string): Envelope {
    const text = Buffer.from(envelope.payload, 'base64').toString('utf8');
    const changed = change(text);
    assert.notEqual(changed, text);
    return { ...envelope, payload: Buffer.from(changed).toString('base64') };
  }

  const swaps: readonly { says: string; code: string; swap: (command: CommandMessage) => Promise<Envelope> }[] = [
    {
      says: 'flips a bit of the action',
      code: 'bad-signature',
      swap: async ({ envelope }) => alter(envelope, (text) => text.replace('"name":"mig', '"name":"nig')),
    },
    {
      says: 'widens the target',
      code: 'bad-signature',
      swap: async ({ envelope }) => alter(envelope, (text) => text.replace('"target":"all"', '"target":"TRUE"')),
    },
    {
      says: 'extends the expiry',
      code: 'bad-signature',
      swap: async ({ envelope }) => alter(envelope, (text) => text.replace(/"expireafter":"2/, '"expireafter":"3')),
    },
    {
      says: 'puts its own signature in place of the investigator’s',
      code: 'unknown-signer',
      swap: () => sign({}, [stranger]),
    },
    {
      says: 'sends an action of somebody with too little weight',
      code: 'insufficient-weight',
      swap: () => sign({}, [bob]),
    },
    { says: 'sends an old action', code: 'expired', swap: () => sign(past, [alice]) },
    { says: 'sends an action of another fleet', code: 'wrong-fleet', swap: () => sign({ fleet: 'staging' }, [alice]) },
    {
      says: 'sends an action to another agent than its target names',
      code: 'target-mismatch',
      swap: () => sign({ target: "name = 'another-host'" }, [alice]),
    },
  ];
  for (const { says, code, swap } of swaps)
    test(`that ${says} is seen: ${code}`, async () => {
      const { code: exitCode, stdout, stderr } = await askWithSwappedCommand(swap);
      assert.equal(exitCode, 3, stderr);
      assert.equal(stdout, '');
      assert.match(stderr, new RegExp(`refused: ${code} .*somebody altered it on the way`));
    });

  test('that plays an action again, also to an agent that was killed meanwhile, is seen: replayed', async () => {
    await agent.stop('SIGKILL');
    const asking = lab.mig(question, env);
    const command = await broker.takeCommand(agentId);
    const body = Buffer.from(JSON.stringify(command));
    await broker.send(agentId, body);
    agent = await lab.startAgent(executable);
    assert.equal((await asking).code, 0);
    await broker.send(agentId, body);
    await agent.waitForLine((line) => line.includes('replayed'));
    const { id } = parseSignedBytes(Buffer.from(command.envelope.payload, 'base64'));
    const shown = await lab.mig(['show', id], env);
    assert.equal(shown.code, 0, shown.stderr);
    assert.match(shown.stderr, /refused a further delivery: replayed/);
    await agent.stop('SIGKILL');
    agent = await lab.startAgent(executable);
    await broker.send(agentId, body);
    await agent.waitForLine((line) => line.includes('replayed'));
  });

  /** Asks through an API that changes the reports on their way. */
  async function askThrough(tamper: Tamper): Promise<Finished> {
    const ca = lab.path('hostile-api.pem');
    const api = await HostileApi.start(relay, ca, tamper);
    try {
      return await lab.mig(question, {
        ...env,
        MIG_SERVER: api.url,
        MIG_CA: ca,
        XDG_STATE_HOME: lab.path('state-hostile'),
      });
    } finally {
      api.close();
    }
  }

  function withMessage(report: Report, change: (message: Buffer) => void): Report {
    const message = Buffer.from(report.message, 'base64');
    change(message);
    return { ...report, message: message.toString('base64') };
  }

  test('that passes everything on is not suspected', async () => {
    const { code, stderr } = await askThrough((report) => report);
    assert.equal(code, 0, stderr);
  });

  test('that flips a bit of an answer is seen', async () => {
    for (const position of [3, 200, -3]) {
      const { code, stdout, stderr } = await askThrough((report) =>
        withMessage(report, (message) => {
          const index = position < 0 ? message.length + position : position;
          message[index] = (message[index] ?? 0) ^ 1;
        }),
      );
      assert.equal(code, 3, stderr);
      assert.equal(stdout, '');
      assert.match(stderr, /1 answer was not genuine: agent [0-9a-f]{12}: agent-message-(forged|malformed)/);
    }
  });

  test('that gives the answer of an earlier action is seen', async () => {
    let earlier: Report | null = null;
    await askThrough((report) => {
      earlier = report;
      return report;
    });
    const { code, stdout, stderr } = await askThrough((report) => ({ ...report, message: earlier?.message ?? '' }));
    assert.equal(code, 3, stderr);
    assert.equal(stdout, '');
    assert.match(stderr, /1 answer was not genuine: .*: other-action/);
  });

  test('that says that the answer came from another agent is seen', async () => {
    const { code, stderr } = await askThrough((report) => ({ ...report, agent: AgentId.parse(sha256Hex('invented')) }));
    assert.equal(code, 3, stderr);
    assert.match(stderr, /1 answer was not genuine: .*: other-agent/);
  });

  test('that keeps an answer back leaves the agent silent, not without findings', async () => {
    const { code, stdout, stderr } = await askThrough(() => null);
    assert.equal(code, 3, stderr);
    assert.equal(stdout, '');
    assert.match(stderr, /1 silent/);
  });
});
