/** Every attack of the drill is in exactly one group, and every group is played by exactly one file of tests. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import * as z from 'zod';
import { projectRoot } from '../lab/lab.ts';
import { attackGroups, attacks } from './attacks.ts';

const AttackList = z.array(z.object({ name: z.string(), tried: z.string() }));

/** The lists that the files of attacks export for the drill. */
async function readLists(): Promise<string[]> {
  const files = globSync('*.ts', { cwd: join(import.meta.dirname, 'attacks') });
  assert.ok(files.length > 20);
  const lists = await Promise.all(
    files.map(async (file) => {
      const exported: object = await import(`./attacks/${file}`);
      const found = Object.entries(exported).filter(([name]) => name.endsWith('Attacks'));
      assert.equal(found.length, 1, `expected one list of attacks in ${file}`);
      return AttackList.parse(found[0]?.[1]);
    }),
  );
  return lists.flat().map(({ name }) => name);
}

test('no two attacks have one name', () => {
  assert.equal(new Set(attacks.map(({ name }) => name)).size, attacks.length);
});

test('every attack is in one group', async () => {
  assert.deepEqual(attacks.map(({ name }) => name).sort(), (await readLists()).sort());
});

test('every group is played by one file of tests', () => {
  const played = globSync('tests/drill/*.test.ts', { cwd: projectRoot }).flatMap((file) =>
    [...readFileSync(join(projectRoot, file), 'utf8').matchAll(/^playGroup\('(\w+)'\);$/gm)].map(([, group]) => group),
  );
  assert.deepEqual(played.sort(), Object.keys(attackGroups).sort());
});
