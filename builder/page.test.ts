/** The page in `mig`: small, the same bytes from the same source, and without ways to make HTML of text. */
import assert from 'node:assert/strict';
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { bundlePage } from './page.ts';

const root = resolve(import.meta.dirname, '..');
const folder = 'investigator/web';
const maximumBytes = 60 * 1024;

it('has at most 60 KB, packed as browsers are sent it', async () => {
  const { script, style } = await bundlePage(root);
  const bytes = gzipSync(script, { level: 9 }).length + gzipSync(style, { level: 9 }).length;
  assert.ok(script.length > 10_000 && style.length > 1000);
  assert.ok(bytes <= maximumBytes, `${bytes} bytes`);
});

it('is the same in every folder', async () => {
  const copy = mkdtempSync(join(tmpdir(), 'mig-page-'));
  try {
    cpSync(join(root, folder), join(copy, folder), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
    const [here, there] = [await bundlePage(root), await bundlePage(copy)];
    assert.equal(there.script, here.script);
    assert.equal(there.style, here.style);
  } finally {
    rmSync(copy, { recursive: true });
  }
});

it('takes in preact and its signals alone', async () => {
  const { packages } = await bundlePage(root);
  assert.deepEqual(packages, [
    'node_modules/@preact/signals',
    'node_modules/@preact/signals-core',
    'node_modules/preact',
  ]);
});

it('has their licences, which each copy must have', async () => {
  const { script, packages } = await bundlePage(root);
  for (const folder of packages) {
    assert.ok(script.includes(`/*! ${folder.slice('node_modules/'.length)}\n`), folder);
    const licence = readFileSync(join(root, folder, 'LICENSE'), 'utf8');
    assert.ok(script.includes(licence.trim()), folder);
  }
});

const sources = globSync('page/**/*.{ts,tsx}', { cwd: join(root, folder) });

it('imports types alone from outside of its folder', () => {
  assert.ok(sources.length > 15);
  for (const file of sources)
    for (const [line, name = ''] of readFileSync(join(root, folder, file), 'utf8').matchAll(
      /^(?:import|export) .*? from '([^']+)';$/gm,
    )) {
      const depth = file.split('/').length - 2;
      const isOutside = name.startsWith(`${depth === 0 ? '' : '../'.repeat(depth)}../`);
      if (isOutside) assert.match(line, /^import type /, `${file}: ${line}`);
      else if (!name.startsWith('.')) assert.match(name, /^(preact|preact\/hooks|@preact\/signals)$/, file);
    }
});

it('makes no HTML, no code and no link of text', () => {
  for (const file of sources) {
    const source = readFileSync(join(root, folder, file), 'utf8');
    assert.doesNotMatch(
      source,
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|dangerously/,
      file,
    );
    for (const [, value = ''] of source.matchAll(/\bhref=(\S+)/g))
      assert.match(value, /^\{toHash\(/, `${file}: ${value}`);
  }
});
