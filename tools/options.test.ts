/** What people mistype to any of the project's own commands. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { projectRoot } from './lab/lab.ts';

const { scripts }: { readonly scripts: Readonly<Record<string, string>> } = JSON.parse(
  readFileSync(join(projectRoot, 'package.json'), 'utf8'),
);
const programs = new Map(
  Object.entries(scripts).flatMap(([name, script]) => {
    const [, file, rest = ''] = /tools\/run\.mjs (\S+\.ts)(.*)$/.exec(script) ?? [];
    return file === undefined || name.startsWith('test') ? [] : [[name, [file, ...rest.split(' ').filter(Boolean)]]];
  }),
);

describe('an unknown option', () => {
  for (const [name, words] of programs)
    it(`of npm run ${name} is refused in a line`, () => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [...words, '--bogus'], {
        cwd: projectRoot,
        encoding: 'utf8',
      });
      assert.equal(stdout, '');
      assert.match(stderr, /^error: expected .*--bogus/);
      assert.doesNotMatch(stderr, /^ {4}at |To specify a positional|Warning:/m);
      assert.equal(status, 2);
    });
});
