/** Follows docs/operator.md: runs each of its commands in order, with a RabbitMQ node and a database of its own. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openPostgres } from '../server/database/postgres.ts';
import { runProgram } from '../tools/lab/child.ts';
import { Lab, projectRoot } from '../tools/lab/lab.ts';
import { findMissingPrograms, type OwnBroker, startOwnRabbit } from '../tools/lab/own-services.ts';
import { runCommands } from './page-commands.ts';
import { type PageSystem, startPageSystem, whyNoPageSystem } from './page-system.ts';
import { createDatabase, findServices, type OwnService } from './services.ts';

const page = readFileSync(join(projectRoot, 'docs', 'operator.md'), 'utf8');

async function whyNot(): Promise<string | null> {
  const missing = findMissingPrograms();
  if (missing.length > 0) return `install ${missing.join(', ')}`;
  const { code } = await runProgram('pg_restore', ['--version']).catch(() => ({ code: 1 }));
  if (code !== 0) return 'install postgresql-client';
  if ((await findServices()).databaseUrl === null) return 'PostgreSQL does not answer';
  return whyNoPageSystem();
}
const reason = await whyNot();
if (reason !== null) process.stderr.write(`SKIPPED: no command of docs/operator.md was run: ${reason}\n`);

describe('docs/operator.md', { skip: reason ?? false }, () => {
  let lab: Lab;
  let node: OwnBroker;
  let database: OwnService;
  let system: PageSystem;

  before(async () => {
    lab = new Lab();
    node = await startOwnRabbit(lab.folder);
    database = await createDatabase((await findServices()).databaseUrl ?? '');
    const made = await openPostgres(database.url, { onLost: () => {}, onBack: () => {} });
    await made.close();
    system = await startPageSystem(lab);
    const alice = await lab.makeInvestigator('alice');
    await system.writeFile(join(projectRoot, 'keys', 'alice.asc'), readFileSync(alice.publicKeyFile));
    // Folders of the programs that the page is about.
    for (const folder of ['/etc/rabbitmq', '/var/backups']) await system.writeFile(join(folder, '.there'), '');
  });
  after(async () => {
    await system?.stop();
    await node?.stop();
    await database?.drop();
    await lab?.close();
  });

  test('every command works', async () => {
    const env = { ...node.env, MIG_DATABASE_URL: database.url };
    const run = await runCommands(page, (command) => system.run(projectRoot, command, env));
    assert.ok(run >= 24, `${run} commands`);
    const { stdout } = await system.run(
      projectRoot,
      'openssl verify -CAfile /etc/mig-server/tls/ca.pem -purpose sslserver /etc/mig-server/tls/server.pem',
    );
    assert.match(stdout, /server\.pem: OK/);
  });
});
