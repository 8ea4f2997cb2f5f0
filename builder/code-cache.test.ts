import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { codeSuffix, keepCode, toLoader, wrapBundle } from './code-cache.ts';

const folder = mkdtempSync(join(tmpdir(), 'mig-code-'));
const program = join(folder, 'tool.cjs');
const bundle = join(folder, 'tool.bundle.cjs');
/** Tells whether V8 took the code. */
const witness = `data:text/javascript,${encodeURIComponent(`import vm from 'node:vm';
const { Script } = vm;
vm.Script = class extends Script {
  constructor(source, options) {
    super(source, options);
    process.stdout.write(options.cachedData === undefined ? 'none ' : this.cachedDataRejected ? 'refused ' : 'taken ');
  }
};`)}`;

function runTool(): string {
  return execFileSync(process.execPath, ['--import', witness, program, '--version'], { encoding: 'utf8' });
}

function writeTool(source: string): string {
  const bytes = Buffer.from(source);
  writeFileSync(bundle, wrapBundle(bytes));
  const suffix = codeSuffix(bytes);
  writeFileSync(program, toLoader('tool.bundle.cjs', suffix));
  return bundle + suffix;
}

after(() => rmSync(folder, { recursive: true }));

const source = `function late() { return require('node:path').basename(__filename) + ' ' + process.argv[2]; }
setImmediate(() => process.stdout.write(late()));`;

it('a tool runs without kept code, with it, and with what is no code', async () => {
  const codeFile = writeTool(source);
  assert.equal(runTool(), 'none tool.bundle.cjs --version');
  await keepCode(program, codeFile, null);
  assert.equal(runTool(), 'taken tool.bundle.cjs --version');
  writeFileSync(codeFile, 'made by another V8');
  assert.equal(runTool(), 'refused tool.bundle.cjs --version');
});

it('the code of another bundle is not taken, however long that is', async () => {
  await keepCode(program, writeTool(source), null);
  writeTool(source.replace("' '", "'+'"));
  assert.equal(runTool(), 'none tool.bundle.cjs+--version');
});

it('a function is kept that was compiled when it first ran', async () => {
  const whole = writeTool(source);
  await keepCode(program, whole, null);
  const part = writeTool(source.replace('process.stdout.write(late())', '{}'));
  await keepCode(program, part, null);
  assert.ok(statSync(part).size < statSync(whole).size - 100);
});
