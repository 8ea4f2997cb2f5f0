/** The login of the API as its description tells it, by gpg and curl alone. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import * as z from 'zod';
import { type GpgHome, makeGpgHome } from '../investigator/testing/gpg-home.ts';
import { loginRecipe } from '../server/api/login-recipe.ts';
import type { LabInvestigator } from '../tools/lab/investigator-key.ts';
import { Lab, projectRoot, type RelayAddress } from '../tools/lab/lab.ts';

const programs = ['bash', 'curl', 'gpg', 'openssl'];
const missing = programs.filter((name) => spawnSync(name, ['--version']).error !== undefined);
const Described = z.object({
  paths: z.object({ '/api/v1/sessions': z.object({ post: z.object({ description: z.string() }) }) }),
});

describe('the login of the API', { skip: missing.length === 0 ? false : `needs ${missing.join(', ')}` }, () => {
  const lab = new Lab();
  let alice: LabInvestigator;
  let address: RelayAddress;
  let home: GpgHome;
  before(async () => {
    alice = await lab.makeInvestigator('alice');
    ({ address } = await lab.startRelay());
    home = makeGpgHome();
    home.gpg('--import', alice.secretKeyFile);
  });
  after(async () => {
    home.remove();
    await lab.close();
  });

  /** The recipe, with another request at its end. */
  function run(path: string): string {
    const script = `set -eu -o pipefail\n${loginRecipe.replace('"$api/agents"', `"$api${path}"`)}`;
    const env = { ...process.env, MIG_SERVER: address.api, MIG_CA: address.ca, KEY: alice.fingerprint };
    return execFileSync('bash', ['-c', script], { env, encoding: 'utf8' });
  }

  test('is done by gpg and curl', () => {
    assert.deepEqual(JSON.parse(run('/agents')), { agents: [], total: 0, next: null });
  });

  test('is in the OpenAPI document and in the page of operators, as it is run here', () => {
    const { description } = Described.parse(JSON.parse(run('/openapi.json'))).paths['/api/v1/sessions'].post;
    assert.ok(description.includes(loginRecipe), description);
    const page = readFileSync(join(projectRoot, 'docs', 'operator.md'), 'utf8');
    assert.ok(page.includes(`\`\`\`sh\n${loginRecipe}\`\`\`\n`));
  });
});
