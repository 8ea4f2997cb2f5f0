/** `mig run FILE -t local`: a question from a file is asked here as agents would be asked. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { runProgram } from '../tools/lab/child.ts';
import { migCommand } from '../tools/lab/lab.ts';

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'mig-run-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** Without what has a default. */
const bare: Readonly<Record<string, () => object>> = {
  file: () => ({ searches: { s1: { paths: [folder] } } }),
  process: () => ({ searches: { s1: {} } }),
  memory: () => ({ searches: { s1: { names: ['.'] } } }),
  netstat: () => ({ localip: ['127.0.0.1'] }),
  package: () => ({ searches: { s1: {} } }),
  account: () => ({ searches: { s1: {} } }),
};

for (const [module, parameters] of Object.entries(bare))
  test(`${module} is asked with the defaults that its file leaves out`, async () => {
    const file = join(folder, `${module}.json`);
    writeFileSync(file, JSON.stringify({ name: 'bare', operations: [{ module, parameters: parameters() }] }));
    const { code, stdout, stderr } = await runProgram(migCommand, ['run', file, '-t', 'local', '-f', 'json'], {
      env: { ...process.env, HOME: folder },
    });
    assert.ok([0, 1, 3].includes(code ?? -1), stderr);
    assert.doesNotMatch(stdout, /module process could not be run/);
    assert.match(stdout, /"success": ?true/);
  });
