import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { test } from 'node:test';
import { lotsFolder, toLots } from './lots.ts';
import { listUnits } from './sources.ts';

const root = dirname(dirname(import.meta.dirname));

for (const os of ['linux', 'darwin', 'win32'])
  test(`every source for ${os} is compiled once`, async () => {
    const units = listUnits(root, os);
    const lots = await toLots(root, os, units);
    const compiled = lots.flatMap(({ source }) => {
      if (!source.startsWith(lotsFolder)) return [source];
      const lines = readFileSync(join(root, source), 'utf8').matchAll(/^#include "(.+)"$/gm);
      return [...lines].map(([, path = '']) => posix.join(posix.dirname(source), path));
    });
    assert.deepEqual(compiled.sort(), units.map(({ source }) => source).sort());
    assert.ok(lots.length < units.length);
  });

test('a change of one source is a change of its lot alone', async () => {
  const units = listUnits(root, 'linux');
  const changed = units.map((unit) =>
    unit.source === 'native/scan/scan.cc' ? { ...unit, digest: `${unit.digest} changed` } : unit,
  );
  const [before, after] = [await toLots(root, 'linux', units), await toLots(root, 'linux', changed)];
  assert.deepEqual(
    after.filter(({ digest }, index) => digest !== before[index]?.digest).map(({ source }) => source),
    [`${lotsFolder}/linux/native-scan.cc`],
  );
});
