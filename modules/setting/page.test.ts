/** The page has a row for every key space. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { spaces } from './spaces.ts';

const begin = '<!-- key spaces: made by UPDATE=1 npm test -- modules/setting -->';
const end = '<!-- end of key spaces -->';

function toTable(): string {
  const rows = spaces.map(({ prefix, help, example, discloses }) => {
    const cells = [`\`${prefix}:\``, help, `\`${example}\``, discloses].map((cell) => cell.replaceAll('|', '\\|'));
    return `| ${cells.join(' | ')} |`;
  });
  return ['| keys | what | example | tells |', '|---|---|---|---|', ...rows].join('\n');
}

it('the page lists the key spaces', () => {
  const file = join(import.meta.dirname, 'README.md');
  const page = readFileSync(file, 'utf8');
  const [before, rest] = page.split(begin);
  const after = rest?.split(end)[1];
  assert.ok(before !== undefined && after !== undefined, 'expected the comments around the table of key spaces');
  const made = `${before}${begin}\n${toTable()}\n${end}${after}`;
  if (process.env.UPDATE === '1') writeFileSync(file, made);
  else assert.equal(page, made, 'UPDATE=1 npm test -- modules/setting writes the table');
});
