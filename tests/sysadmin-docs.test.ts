/**
 * Follows docs/sysadmin.md word for word: writes its configuration, with existing keys, where the page says, and runs each
 * of its commands in order. `npm run test:docs` also runs those that take minutes.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { LabInvestigator } from '../tools/lab/investigator-key.ts';
import { Lab, projectRoot } from '../tools/lab/lab.ts';
import { runCommands } from './page-commands.ts';
import { type PageSystem, startPageSystem, whyNoPageSystem } from './page-system.ts';

const page = readFileSync(join(projectRoot, 'docs', 'sysadmin.md'), 'utf8');
const isLong = process.env.MIG_TEST_DOCS === 'long';
/** Commands that rightly end with another code than 0. */
const expectedCodes: ReadonlyMap<string, number> = new Map([
  // Nothing runs services in the system of this test.
  ['mig-agent-production status', 1],
]);

/** The page's first code block, with the keys and the relay of this test. */
function toConfig(relayUrl: string, people: readonly LabInvestigator[]): string {
  const [, code = ''] = /^```ts\n([\s\S]*?)^```$/m.exec(page) ?? [];
  const fingerprints = people.map(({ fingerprint }) => fingerprint);
  return code
    .replace(/amqps:\/\/[^']+/, relayUrl)
    .replaceAll(/fingerprint: '[^']+'/g, () => `fingerprint: '${fingerprints.shift()}'`);
}

const reason = await whyNoPageSystem();
if (reason !== null) process.stderr.write(`SKIPPED: ${reason}; no command of docs/sysadmin.md was run\n`);

describe('docs/sysadmin.md', { skip: reason ?? false }, () => {
  let lab: Lab;
  let system: PageSystem;

  before(async () => {
    lab = new Lab();
    system = await startPageSystem(lab);
    const [alice, bob] = await Promise.all([lab.makeInvestigator('alice'), lab.makeInvestigator('bob')]);
    const { address } = await lab.startRelay();
    const { url, ca } = lab.relayConfig(address);
    await system.writeFile(join(projectRoot, 'build.config.ts'), toConfig(url, [alice, bob]));
    const keys = { 'alice.asc': alice.publicKeyFile, 'bob.asc': bob.publicKeyFile, 'relay-ca.pem': ca ?? '' };
    for (const [name, file] of Object.entries(keys))
      await system.writeFile(join(projectRoot, 'keys', name), readFileSync(file));
    await system.writeFile('/mnt/image/usr/lib/systemd/systemd', '');
  });
  after(async () => {
    await system?.stop();
    await lab?.close();
  });

  test('every command works', async () => {
    const run = await runCommands(page, (command) => system.run(projectRoot, command), { isLong, expectedCodes });
    assert.ok(run >= 14, `${run} commands`);
  });
});
