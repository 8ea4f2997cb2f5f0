/** The whole path, from `mig` over the relay to the packaged agent and back, on each pair of database and broker. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import * as z from 'zod';
import { type Finished, type RunningProgram, runProgram } from '../tools/lab/child.ts';
import { type LabInvestigator, toPerson } from '../tools/lab/investigator-key.ts';
import { Lab, type LabServices, migCommand } from '../tools/lab/lab.ts';
import { createAgentUser, createDatabase, createVhost, findServices } from './services.ts';

const fleet = 'platform';
/** No question has this word: where it turns up, an answer was readable. */
const secretName = `needle-${randomBytes(8).toString('hex')}`;

interface Pair {
  readonly says: string;
  readonly services: LabServices;
  readonly drop: () => Promise<void>;
}

async function makePairs(): Promise<Pair[]> {
  const pairs: Pair[] = [{ says: 'embedded defaults', services: {}, drop: async () => {} }];
  const { databaseUrl, amqpUrl } = await findServices();
  if (databaseUrl === null || amqpUrl === null) return pairs;
  const vhost = await createVhost(amqpUrl);
  if (vhost === null) return pairs;
  const [database, agents] = await Promise.all([createDatabase(databaseUrl), createAgentUser(vhost)]);
  const drop = async (): Promise<void> => {
    await agents.drop();
    await vhost.drop();
    await database.drop();
  };
  const broker = { serverUrl: vhost.url, agentUrl: agents.url };
  return [...pairs, { says: 'PostgreSQL and RabbitMQ', services: { databaseUrl: database.url, broker }, drop }];
}

const Answer = z.object({
  action: z.object({ id: z.string() }),
  results: z.array(z.unknown()),
});

/** Every file below a folder, as bytes. */
function* readAll(folder: string): Generator<Buffer> {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, name);
    if (statSync(path).isFile()) yield readFileSync(path);
  }
}

/** Every value of every table as text. */
async function readDatabase(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const tables = await client.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
  );
  let text = '';
  for (const { name } of tables.rows) {
    const rows = await client.query<Record<string, unknown>>(`SELECT * FROM ${name}`);
    for (const row of rows.rows)
      for (const value of Object.values(row))
        text += Buffer.isBuffer(value) ? value.toString('latin1') : JSON.stringify(value);
  }
  await client.end();
  return text;
}

for (const { says, services, drop } of await makePairs())
  describe(`on ${says}`, () => {
    let lab: Lab;
    let relay: Awaited<ReturnType<Lab['startRelay']>>;
    let agent: RunningProgram;
    let alice: LabInvestigator;
    let bob: LabInvestigator;
    let env: Record<string, string>;
    let folder: string;

    before(async () => {
      lab = new Lab({ services });
      alice = await lab.makeInvestigator('alice');
      bob = await lab.makeInvestigator('bob');
      relay = await lab.startRelay();
      const executable = await lab.buildAgent(fleet, {
        relay: lab.relayConfig(relay.address),
        investigators: { alice: toPerson(alice), bob: toPerson(bob) },
        acl: { default: { minimumWeight: 2, weights: { alice: 2, bob: 1 } } },
        modules: ['file'],
      });
      agent = await lab.startAgent(executable);
      env = lab.migEnvironment(relay.address, fleet, alice);
      await lab.waitForAgents(1, env);
      folder = lab.path('evidence');
      mkdirSync(folder);
      writeFileSync(join(folder, secretName), 'some content\n');
    });
    after(async () => {
      await lab?.close();
      await drop();
    });

    const mig = (...args: readonly string[]): Promise<Finished> => lab.mig(args, env);

    test('a file is found by its hash and printed as the users of the original know it', async () => {
      const sha256 = createHash('sha256').update('some content\n').digest('hex');
      const { code, stdout, stderr } = await mig('file', '-t', 'all', '-path', folder, '-sha2', sha256);
      assert.equal(code, 0, stderr);
      assert.match(stderr, /^1 agent will be targeted, and any that comes up within 5m\./m);
      assert.match(stderr, /^Following action ID [0-9a-f]{32}$/m);
      assert.match(stderr, /^1 sent, 1 done, 1 succeeded$/m);
      assert.match(stderr, /^1 agent has found results$/m);
      const hit =
        /^\S+ (\S+) \[lastmodified:\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)? \+0000 UTC, mode:-rw-r--r--, size:13\]$/m;
      assert.equal(hit.exec(stdout)?.[1], join(folder, secretName));
    });

    test('one dash or two make no difference, and JSON is one document on standard output', async () => {
      const { code, stdout } = await mig('file', '--t=all', '--path', folder, '-name', '^needle', '-f', 'json');
      assert.equal(code, 0);
      assert.equal(Answer.parse(JSON.parse(stdout)).results.length, 1);
    });

    test('nothing found is exit code 1 and comes with what was examined', async () => {
      const { code, stdout, stderr } = await mig('file', '-t', 'all', '-path', folder, '-name', '^absent$');
      assert.equal(code, 1, stderr);
      assert.equal(stdout, '');
      assert.match(stderr, /answered: 1 fully, 0 partly, 0 refused, 0 failed, 0 silent; examined .*1 file\b/);
    });

    test('targets choose by the facts and tags of the agents', async () => {
      const question = ['file', '-path', folder, '-name', '^needle'];
      assert.equal(
        (await mig(...question, '-t', "environment->>'os' = 'linux' AND NOT name LIKE 'no such %'")).code,
        0,
      );
      assert.equal((await mig(...question, '-t', 'online')).code, 0);
      const none = await mig(...question, '-t', "tags->>'team' = 'nobody'");
      assert.equal(none.code, 2);
      assert.match(none.stderr, /expected at least one agent that fits the target/);
      const wrong = await mig(...question, '-t', "nmae = 'x'");
      assert.equal(wrong.code, 2);
      assert.match(wrong.stderr, /did you mean name/);
    });

    test('too little weight is refused by the agent, and the investigator sees the reason', async () => {
      const asBob = { ...env, ...lab.migEnvironment(relay.address, fleet, bob), XDG_STATE_HOME: lab.path('bob') };
      const { code, stderr } = await lab.mig(['file', '-t', 'all', '-path', folder, '-name', 'x'], asBob);
      assert.equal(code, 3, stderr);
      assert.match(stderr, /^[^\s#]+#[0-9a-f]{12} refused: insufficient-weight/m);
    });

    test('an earlier action is listed and its answers are shown again', async () => {
      const asked = await mig(
        'file',
        '-t',
        'all',
        '-path',
        folder,
        '-name',
        '^needle',
        '-f',
        'json',
        '-title',
        'once more',
      );
      const { id } = Answer.parse(JSON.parse(asked.stdout)).action;
      const listed = await mig('actions');
      assert.match(listed.stdout, new RegExp(`${id}.*once more`));
      const shown = await mig('show', id);
      assert.equal(shown.code, 0, shown.stderr);
      assert.ok(shown.stdout.includes(join(folder, secretName)));
      const full = await runProgram('sh', ['-c', `exec "${migCommand}" show ${id} > /dev/full`], {
        env: { PATH: process.env.PATH, ...env },
      });
      assert.equal(full.code, 4);
      assert.match(
        full.stderr,
        new RegExp(`^error: the answer could not be printed.*\nhint: .*again: mig show ${id}$`, 'm'),
      );
    });

    test('a key in gpg signs and opens as well as one in a file', async () => {
      const home = lab.path('gnupg');
      mkdirSync(home, { mode: 0o700 });
      execFileSync('gpg', ['--homedir', home, '--batch', '--quiet', '--import', alice.secretKeyFile], {
        stdio: 'pipe',
      });
      const withGpg = { ...env, MIG_KEY: alice.fingerprint, GNUPGHOME: home, XDG_STATE_HOME: lab.path('gpg-state') };
      try {
        const asked = await lab.mig(['file', '-t', 'all', '-path', folder, '-name', '^needle', '-f', 'json'], withGpg);
        assert.equal(asked.code, 0, asked.stderr);
        const shown = await lab.mig(['show', Answer.parse(JSON.parse(asked.stdout)).action.id], withGpg);
        assert.equal(shown.code, 0, shown.stderr);
      } finally {
        execFileSync('gpgconf', ['--homedir', home, '--kill', 'all']);
      }
    });

    test('-t local answers without server, agent or settings', async () => {
      const { code, stdout, stderr } = await lab.mig(['file', '-t', 'local', '-path', folder, '-name', '^needle'], {});
      assert.equal(code, 0, stderr);
      assert.ok(stdout.includes(join(folder, secretName)));
    });

    test('an agent that is away gets the action when it comes back', async () => {
      await agent.stop('SIGKILL');
      const asking = mig('file', '-t', 'all', '-path', folder, '-name', '^needle');
      agent = await lab.startAgent(lab.path('dist', fleet, `mig-agent-linux-${process.arch}`));
      assert.equal((await asking).code, 0);
    });

    test("the relay's database, files and logs hold no answer that can be read", async () => {
      const needle = Buffer.from(secretName);
      for (const bytes of readAll(lab.path('relay')))
        assert.equal(bytes.includes(needle), false, 'in a file of the relay');
      assert.ok(relay.program.lines.length > 1);
      assert.equal(
        relay.program.lines.some((line) => line.includes(secretName)),
        false,
        'in the log',
      );
      if (services.databaseUrl !== undefined) {
        const text = await readDatabase(services.databaseUrl);
        assert.ok(text.includes('once more'), 'the reading itself works');
        assert.equal(text.includes(secretName), false, 'in the database');
      }
    });
  });
