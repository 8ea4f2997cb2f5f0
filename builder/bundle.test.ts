import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { bundleAgent } from './bundle.ts';
import { tinyEnvironment } from './fixtures/environment.ts';

/** A small checkout: an agent, two modules, and a CommonJS dependency whose file names esbuild keeps. */
const checkout: Readonly<Record<string, string>> = {
  'agent/main.ts': `
    import environment from 'mig:environment';
    import modules from 'mig:modules';
    import loud from 'loud';
    Promise.all(Object.values(modules).map(async ({ loadRun }) => (await loadRun())())).then((said) =>
      console.log(JSON.stringify([environment.name, MIG_VERSION, MIG_ADDON_SHA256, said, loud('x'), import.meta.url])));`,
  'modules/file/module.ts': "export const module = { name: 'file' };",
  'modules/file/run.ts': "export const run = (): string => 'ran file';",
  'modules/memory/module.ts': "export const module = { name: 'memory' };",
  'modules/memory/run.ts': "export const run = (): string => 'ran memory';",
  'node_modules/loud/index.js': 'module.exports = (text) => text.toUpperCase();',
};

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'mig-bundle-'));
});
after(() => rmSync(folder, { recursive: true }));

function makeCheckout(name: string): string {
  const root = join(folder, name);
  for (const [file, text] of Object.entries(checkout)) {
    mkdirSync(join(root, dirname(file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  return root;
}

async function bundleIn(root: string, modules: readonly string[] = ['file']): Promise<Uint8Array> {
  const { contents } = await bundleAgent({
    root,
    entry: 'agent/main.ts',
    environment: { ...tinyEnvironment, modules: [...modules] },
    modules,
    addonSha256: 'ab'.repeat(32),
    version: '1.2.3',
  });
  return contents;
}

test('the bundle runs with what was baked in, and without its checkout', async () => {
  const root = makeCheckout('run');
  const file = join(folder, 'run.cjs');
  writeFileSync(file, await bundleIn(root));
  rmSync(root, { recursive: true });
  const printed: unknown = JSON.parse(execFileSync(process.execPath, [file], { encoding: 'utf8' }));
  assert.deepEqual(printed, ['tiny', '1.2.3', 'ab'.repeat(32), ['ran file'], 'X', `file://${file}`]);
});

test('only the modules of the environment are in the bundle', async () => {
  const root = makeCheckout('modules');
  const one = Buffer.from(await bundleIn(root)).toString();
  const two = Buffer.from(await bundleIn(root, ['file', 'memory'])).toString();
  assert.ok(!one.includes('ran memory'));
  assert.ok(two.includes('ran memory'));
});

test('two checkouts in different folders give the same bytes, without the name of either', async () => {
  const short = await bundleIn(makeCheckout('a'));
  const long = await bundleIn(makeCheckout('some/where/else/altogether'));
  assert.ok(Buffer.from(short).equals(long));
  assert.ok(!Buffer.from(short).includes(folder));
});

test('the agent itself bundles without a trace of where it was built', async () => {
  const root = resolve(import.meta.dirname, '..');
  const { contents, packages } = await bundleAgent({
    root,
    entry: 'agent/main.ts',
    environment: tinyEnvironment,
    modules: tinyEnvironment.modules,
    addonSha256: 'ab'.repeat(32),
    version: '1.2.3',
  });
  assert.ok(!Buffer.from(contents).includes(root));
  assert.ok(packages.includes('node_modules/zod') && packages.includes('node_modules/openpgp'));
  assert.ok(!packages.includes('node_modules/fastify'));
});

test('the bundle is in strict mode, as its sources are', async () => {
  const root = makeCheckout('strict');
  writeFileSync(join(root, 'agent/main.ts'), 'console.log((function () { return this === undefined; })());');
  const file = join(folder, 'strict.cjs');
  writeFileSync(file, await bundleIn(root));
  assert.equal(execFileSync(process.execPath, [file], { encoding: 'utf8' }).trim(), 'true');
});

test('a module that does not bundle is told with its file', async () => {
  const root = makeCheckout('broken');
  writeFileSync(join(root, 'modules/file/run.ts'), "import './missing.ts';");
  await assert.rejects(bundleIn(root), { code: 'bundle-failed', message: /modules\/file\/run\.ts/ });
});
