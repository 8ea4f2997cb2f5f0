import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { exitCodeMeanings } from './exit-codes.ts';

it('the page for investigators has a row for each exit code', () => {
  const page = readFileSync(new URL('../../docs/investigator.md', import.meta.url), 'utf8');
  const [, table = ''] = /^## Exit codes\n([\s\S]*?)\n## /m.exec(page) ?? [];
  const codes = [...table.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => code);
  assert.deepEqual(codes, Object.keys(exitCodeMeanings));
});
