/** Follows modules/README.md word for word in a copy of this checkout: runs its commands, and writes its files. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type Finished, runProgram } from '../tools/lab/child.ts';
import { projectRoot } from '../tools/lab/lab.ts';

/** Large, and only read or added to. */
const shared = ['node_modules', '.cache'];
/** Generated from the others. */
const made = ['compile_commands.json', 'dist/**', 'native/build/**', 'modules/registry.generated.ts', ...shared];

type Step =
  | { readonly kind: 'command'; readonly line: string }
  | { readonly kind: 'file'; readonly path: string; readonly text: string };

/** In the order of the page: indented lines are commands, a fence below a heading with a path is a file. */
function toSteps(page: string): Step[] {
  return page.split(/^(?=## \d)/m).flatMap((section): Step[] => {
    const path = /^## .*`(modules\/shell\/[^`]+)`$/m.exec(section)?.[1];
    const [, , text] = /^(`{3,})(?:ts|md)\n([\s\S]*?)^\1$/m.exec(section) ?? [];
    if (path !== undefined && text !== undefined) return [{ kind: 'file', path, text }];
    return [...section.matchAll(/^ {4}(\S.*)$/gm)].map(([, line = '']) => ({ kind: 'command', line }));
  });
}

/** Digests of a folder's files by path, without generated ones. */
function toDigests(folder: string): Record<string, string> {
  const files = globSync('**/*.*', { cwd: folder, exclude: made });
  const digests = files.map((file) => {
    const digest = createHash('sha256').update(readFileSync(join(folder, file)));
    return [file, digest.digest('hex')] as const;
  });
  return Object.fromEntries(digests);
}

describe('modules/README.md', () => {
  let copy: string;
  before(() => {
    copy = mkdtempSync(join(tmpdir(), 'mig-new-module-'));
    const left = [...shared, '.git'];
    cpSync(projectRoot, copy, { recursive: true, filter: (path) => !left.includes(basename(path)) });
    for (const name of shared) symlinkSync(join(projectRoot, name), join(copy, name));
  });
  after(() => rmSync(copy, { recursive: true, force: true }));

  function run(line: string): Promise<Finished> {
    // Otherwise a test runner below this one would report to it.
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    return runProgram('sh', ['-c', `cd '${copy}' && ${line}`], { env });
  }

  test('makes a module that holds whatever must, and touches nothing else', { timeout: 600_000 }, async (context) => {
    const before = toDigests(copy);
    const steps = toSteps(readFileSync(join(projectRoot, 'modules', 'README.md'), 'utf8'));
    assert.equal(steps.filter(({ kind }) => kind === 'file').length, 4);
    // The untouched template must pass the tests of every module, too.
    await run('npm run new-module untouched');
    const startedMs = performance.now();
    let printed = '';
    for (const step of steps) {
      if (step.kind === 'file') writeFileSync(join(copy, step.path), step.text);
      else {
        const { code, stdout, stderr } = await run(step.line);
        assert.equal(code, 0, `${step.line}\n${stdout}${stderr}`);
        printed = stdout;
      }
    }
    context.diagnostic(`the commands took ${Math.round((performance.now() - startedMs) / 1000)} s`);
    assert.match(printed, /^\S+ \/bin\/sh \[state:present, size:\d+, changed:.* UTC\]$/m);
    const changed = Object.entries(toDigests(copy)).filter(([file, digest]) => before[file] !== digest);
    const folders = new Set(changed.map(([file]) => file.split('/').slice(0, 2).join('/')));
    assert.deepEqual([...folders].sort(), ['modules/shell', 'modules/untouched']);
  });

  for (const [name, message] of [
    ['', /expected one name, got 0/],
    ['two words', /expected one name, got 2/],
    ['Shell', /small letters and digits .* got "Shell"/],
    ['a-b', /small letters and digits .* got "a-b"/],
    ['file', /expected a name that is not there, got file/],
    ['kit', /expected a name that is not there, got kit/],
    ['config', /expected a name that mig has no command for, got config/],
  ] as const)
    test(`refuses the name ${JSON.stringify(name)}`, () => {
      const script = join(copy, 'tools', 'new-module', 'main.ts');
      const { status, stderr } = spawnSync(
        process.execPath,
        [script, ...name.split(' ').filter((word) => word !== '')],
        {
          encoding: 'utf8',
        },
      );
      assert.equal(status, 2);
      assert.match(stderr, message);
      assert.match(stderr, /^hint: /m);
    });
});
