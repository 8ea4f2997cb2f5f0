/** Checks the pages: links, named files and npm scripts exist; the tables of words and imports are those of the code. */
import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import * as z from 'zod';
import { projectRoot } from './lab/lab.ts';

const page = readFileSync(join(projectRoot, 'docs', 'words.md'), 'utf8');
const rows = [...page.matchAll(/^\| ([a-zA-Z][^|]*) \| .+ \| `([^`]+)`: `(\w+)` \|$/gm)].map(
  ([, word = '', file = '', name = '']) => ({ word, file, name }),
);

test('every row of the table of words names a file and what is defined in it', () => {
  const lines = page.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| word |'));
  assert.ok(rows.length > 40);
  assert.equal(rows.length, lines.length);
  for (const { word, file, name } of rows)
    assert.match(readFileSync(join(projectRoot, file), 'utf8'), new RegExp(`\\b${name}\\b`), word);
});

test('no word is defined twice', () => {
  const words = rows.map(({ word }) => word);
  assert.deepEqual(words, [...new Set(words)]);
});

const pages = globSync(['README.md', 'docs/**/*.md', 'modules/**/*.md', 'native/*.md'], { cwd: projectRoot });
const read = (file: string): string => readFileSync(join(projectRoot, file), 'utf8');

test('every link of the pages leads to a file', () => {
  assert.ok(pages.length > 15);
  const broken = pages.flatMap((file) =>
    [...read(file).matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)]
      .map(([, link = '']) => link)
      .filter((link) => !/^https?:/.test(link) && !existsSync(join(projectRoot, dirname(file), link)))
      .map((link) => `${file}: ${link}`),
  );
  assert.deepEqual(broken, []);
});

test('every file of the repository that the pages name is there', () => {
  const folders = 'agent|builder|host|investigator|modules|native|packaging|protocol|server|tests|tools';
  const named = new RegExp(`[\`'](?:\\./)?((?:${folders})/[\\w./-]+\\.(?:ts|cc|h|sql|md|json))\\b`, 'g');
  // The reader of modules/README.md writes some of its files.
  const missing = pages
    .filter((file) => !file.startsWith('modules/'))
    .flatMap((file) =>
      [...read(file).matchAll(named)]
        .map(([, name = '']) => name)
        .filter((name) => !name.includes('/NAME/') && !existsSync(join(projectRoot, name)))
        .map((name) => `${file}: ${name}`),
    );
  assert.deepEqual(missing, []);
});

/** Every page with commands, and the test that runs them or what they are made of. */
const runBy: Readonly<Record<string, string>> = {
  'README.md': 'tests/pages.test.ts',
  'keys/README.md': 'tests/pages.test.ts',
  'docs/sysadmin.md': 'tests/sysadmin-docs.test.ts',
  'docs/operator.md': 'tests/operator-docs.test.ts',
  'docs/investigator.md': 'tests/investigator-docs.test.ts',
  'docs/console.md': 'tests/console.test.ts',
  'docs/evidence.md': 'tests/evidence.test.ts',
  'modules/README.md': 'tests/new-module.test.ts',
  // Commands of developers that take minutes to hours: their scripts exist, see below.
  'docs/benchmarks.md': 'tools/docs.test.ts',
  'docs/development.md': 'tools/docs.test.ts',
  'docs/scaling.md': 'tools/docs.test.ts',
};

test('every page with commands has a test that runs them', () => {
  const withCommands = [...pages, 'keys/README.md'].filter((file) =>
    /^ {4}(?:npm|mig|dist|gpg|docker|sh|tar|apt|packaging|rabbitmqctl)\b/m.test(
      read(file).replaceAll(/^```[\s\S]*?^```$/gm, ''),
    ),
  );
  assert.deepEqual(withCommands.sort(), Object.keys(runBy).sort());
  for (const file of Object.values(runBy)) assert.ok(existsSync(join(projectRoot, file)), file);
});

test('every npm script of the pages exists', () => {
  const { scripts } = z.object({ scripts: z.record(z.string(), z.string()) }).parse(JSON.parse(read('package.json')));
  const missing = pages.flatMap((file) =>
    [...read(file).matchAll(/npm run ([\w:-]+)/g)]
      .map(([, name = '']) => name)
      .filter((name) => !Object.hasOwn(scripts, name))
      .map((name) => `${file}: npm run ${name}`),
  );
  assert.deepEqual(missing, []);
});

test('the table of imports says what the linter checks', () => {
  const listed = [...read('docs/development.md').matchAll(/^\| (`[a-z]+\/`.*) \| (.+) \|$/gm)].flatMap(
    ([, folders = '', allowed = '']) => {
      const others = [...allowed.matchAll(/`([a-z]+)\/`/g)].map(([, name]) => name).join(', ') || 'nothing';
      return [...folders.matchAll(/`([a-z]+\/)`/g)].map(([, folder]) => `${folder} may import ${others}`);
    },
  );
  const checked = [...read('biome.json').matchAll(/"message": "([a-z]+\/ may import .+?) besides/g)].map(
    ([, text = '']) => text,
  );
  assert.deepEqual([...listed].sort(), [...checked].sort());
});

test('README has fewer than 100 lines', () => {
  assert.ok(read('README.md').split('\n').length <= 100);
});
