import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { sha256Hex } from '../../protocol/base/identifiers.ts';
import { bundle } from '../bundle.ts';
import { findBase } from './base.ts';
import { packageExecutable } from './package.ts';
import { hostTarget } from './target.ts';

const root = resolve(import.meta.dirname, '..', '..');
const addonBytes = 'stands for an addon';
let folder: string;
let executables: readonly string[];

/** Packages the tiny agent, with all folders of its own. */
async function packageIn(name: string, bytes: Uint8Array): Promise<string> {
  const cache = join(folder, name);
  mkdirSync(cache, { recursive: true });
  const addon = join(cache, 'built.node');
  writeFileSync(addon, addonBytes);
  const output = join(cache, 'executable');
  await packageExecutable({
    base: await findBase(root, hostTarget()),
    program: 'tiny',
    bundle: bytes,
    addon,
    cache,
    output,
  });
  return output;
}

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mig-package-'));
  const { contents } = await bundle(root, 'builder/fixtures/tiny-agent.ts', {
    define: { MIG_ADDON_SHA256: JSON.stringify(sha256Hex(addonBytes)) },
  });
  executables = [await packageIn('a', contents), await packageIn('other/place', contents)];
});
after(() => rmSync(folder, { recursive: true }));

interface Report {
  readonly isSea: boolean;
  readonly execArgv: readonly string[];
  readonly addonIsIntact: boolean;
}

function runFirst(env: NodeJS.ProcessEnv): Report {
  return JSON.parse(execFileSync(executables[0] ?? '', { encoding: 'utf8', env, cwd: '/' }));
}

test('the executable runs alone and holds the addon', () => {
  assert.deepEqual(runFirst({}), { isSea: true, execArgv: [], addonIsIntact: true });
});

test("the executable ignores the host's NODE_OPTIONS", () => {
  const file = join(folder, 'hook.cjs');
  writeFileSync(file, 'process.exit(99);');
  assert.deepEqual(runFirst({ NODE_OPTIONS: `--require=${file} --inspect` }), runFirst({}));
});

test('the same input gives the same bytes in another folder, and no folder is in them', () => {
  const [first, second] = executables.map((path) => readFileSync(path));
  assert.ok(first !== undefined && second !== undefined && first.equals(second));
  assert.ok(!first.includes(folder) && !first.includes(root));
});
