import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import * as z from 'zod';
import { makeSbom } from './sbom.ts';

const root = resolve(import.meta.dirname, '..');
const Bom = z.object({
  bomFormat: z.literal('CycloneDX'),
  components: z.array(
    z.object({
      name: z.string(),
      version: z.string().min(1),
      hashes: z.array(z.object({ content: z.string() })).optional(),
    }),
  ),
});

function make(packages: readonly string[]): Promise<string> {
  return makeSbom({ root, program: 'mig', version: '1.2.3', packages, nodeVersion: process.versions.node });
}

test('what is inside is told with name, version and hash: from npm, in the addon, and Node with its libraries', async () => {
  const text = await make(['node_modules/zod', 'node_modules/@hpke/core']);
  const { components } = Bom.parse(JSON.parse(text));
  assert.deepEqual(
    components.map(({ name }) => name),
    ['node', '@hpke/core', 'lzma-native', 'node-addon-api', 'node-bzip2', 're2', 'zod', 'zstd-napi'],
  );
  const zod = components.find(({ name }) => name === 'zod');
  const installed: unknown = JSON.parse(readFileSync(join(root, 'node_modules/zod/package.json'), 'utf8'));
  assert.equal(zod?.version, z.object({ version: z.string() }).parse(installed).version);
  assert.match(zod?.hashes?.[0]?.content ?? '', /^[0-9a-f]{128}$/);
  assert.ok(text.includes(process.versions.openssl));
  assert.ok(text.includes('pkg:npm/%40hpke/core@'));
});

test('the order in which packages were met does not matter, nor the time', async () => {
  assert.equal(
    await make(['node_modules/zod', 'node_modules/amqplib', 'node_modules/zod']),
    await make(['node_modules/amqplib', 'node_modules/zod']),
  );
});
