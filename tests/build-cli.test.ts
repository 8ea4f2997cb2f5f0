/** `npm run build:cli`: the one file that an investigator installs, on a machine with nothing else. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { filesResult, takeAnswers } from '../investigator/testing/large-answer.ts';
import { runProgram } from '../tools/lab/child.ts';
import { projectRoot } from '../tools/lab/lab.ts';

describe('mig as one executable', () => {
  let folder: string;
  let executable: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mig-cli-'));
    const built = await runProgram(process.execPath, [
      join(projectRoot, 'builder', 'main.ts'),
      'cli',
      '--out',
      join(folder, 'out'),
    ]);
    assert.equal(built.code, 0, built.stderr);
    executable = join(folder, 'out', `mig-${process.platform}-${process.arch}`);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** Without PATH, and with options for Node that must not reach it. */
  const run = (args: readonly string[]) =>
    runProgram(executable, args, { env: { HOME: folder, NODE_OPTIONS: '--require=/absent.js' } });

  test('prints its help and its man page', async () => {
    const { code, stdout } = await run(['help']);
    assert.equal(code, 0);
    assert.match(stdout, /^mig: asks all agents at once\./);
    const page = await run(['man']);
    assert.equal(page.stdout, readFileSync(join(folder, 'out', 'mig.1'), 'utf8'));
  });

  test('asks this machine, with the native addon that is inside', async () => {
    writeFileSync(join(folder, 'needle.txt'), 'in a haystack');
    const { code, stdout, stderr } = await run(['file', '-t', 'local', '-path', folder, '-content', 'haystack']);
    assert.equal(code, 0, stderr);
    assert.ok(stdout.includes(join(folder, 'needle.txt')), stdout);
  });

  test('composes tables, pages and completions, which are loaded on demand', async () => {
    for (const args of [
      ['completion', 'bash'],
      ['file', '-t', 'local', '-path', folder, '-name', '^x$', '-f', 'html'],
    ])
      assert.ok([0, 1].includes((await run(args)).code ?? -1), args.join(' '));
    const { code, stderr } = await run(['agents']);
    assert.equal(code, 2);
    assert.match(stderr, /^error: expected the server's https URL, got none/);
  });

  test('opens a large answer in a process of its own, which a hostile one ends alone', async () => {
    const program = { command: executable, args: [] };
    const hostile = filesResult(0, { elements: { s1: Array.from({ length: 1_000_000 }, () => 1) } });
    const { names, codes } = await takeAnswers(program, filesResult(0), hostile, filesResult(20_000));
    assert.deepEqual(names, ['web0', 'web2']);
    // The machine decides whether it is noticed or runs out of memory first.
    assert.match(codes.join(), /^(?:too-costly|elements-malformed)$/);
  });

  test('tells what is inside, the packages of the page included', () => {
    const sbom = readFileSync(join(folder, 'out', 'mig.cdx.json'), 'utf8');
    for (const name of ['node', 'zod', 'preact', '@preact/signals', '@preact/signals-core'])
      assert.ok(sbom.includes(`"name": "${name}"`), name);
  });

  test('comes with digests that sha256sum checks', async () => {
    const { code, stdout } = await runProgram('sh', ['-c', `cd '${join(folder, 'out')}' && sha256sum -c SHA256SUMS`]);
    assert.equal(code, 0, stdout);
  });
});
