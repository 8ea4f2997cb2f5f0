import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { capabilitiesOf, capabilityMeanings } from '../host/capabilities.ts';
import { modulesFor, readModules, trialQuestions } from './modules.ts';
import { targetName, targets } from './package/target.ts';

const root = resolve(import.meta.dirname, '..');

const declared = await readModules(root);
const pageFile = join(root, 'docs', 'sysadmin.md');
const page = readFileSync(pageFile, 'utf8');

/** The modules of shipped agents that need a capability, each with those that the unit leaves to it. */
function toCapabilityTable(): string {
  const meanings = Object.entries(capabilityMeanings);
  const rows = [...declared].flatMap(([name, { needs, isForTests }]) => {
    const capabilities: readonly string[] = capabilitiesOf(needs);
    if (isForTests || capabilities.length === 0) return [];
    const cells = meanings.map(([capability]) => (capabilities.includes(capability) ? 'yes' : 'no'));
    return [`| \`${name}\` | ${cells.join(' | ')} |`];
  });
  return [
    `| module | ${meanings.map(([capability, meaning]) => `\`${capability}\`: ${meaning}`).join(' | ')} |`,
    `|---|${'---|'.repeat(meanings.length)}`,
    ...rows,
  ].join('\n');
}

test('a module that is not for a system is left out there, the others keep their order', () => {
  const modules = ['netstat', 'file'];
  assert.deepEqual(modulesFor(declared, modules, 'linux'), modules);
  assert.deepEqual(modulesFor(declared, modules, 'plan9'), []);
});

test('a trial is asked on the command line as in an action', () => {
  const [question] = trialQuestions(declared, ['netstat', 'file'], 'linux');
  assert.ok(question !== undefined);
  const { module, words, finds } = question;
  assert.equal(module, 'file');
  assert.deepEqual(words, ['-path', '/etc', '-name', '^passwd$', '-maxdepth', '1']);
  assert.equal(finds, '/etc/passwd');
});

test('docs/sysadmin.md has a row for each target', () => {
  for (const target of targets)
    assert.match(page, new RegExp(`^\\|[^|]*\`${targetName(target)}\`[^|]*\\|[^|]+\\|$`, 'm'));
});

test("docs/sysadmin.md has the capabilities of the unit for each module's needs", () => {
  const table = /(?<=^<!-- capabilities: .* -->\n)[\s\S]*?(?=\n<!-- end of capabilities -->$)/m;
  assert.match(page, table);
  const made = page.replace(table, toCapabilityTable);
  if (process.env.UPDATE === '1') writeFileSync(pageFile, made);
  else assert.equal(page, made, 'UPDATE=1 npm test -- builder/modules.test.ts writes the table');
});
