import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { addonCodes } from './native-code.ts';

it('every code that the sources of the addon set is known, and no other', () => {
  const sources = globSync('**/*.{cc,h}', { cwd: import.meta.dirname, exclude: ['build/**'] });
  const set = sources.flatMap((source) =>
    [
      ...readFileSync(join(import.meta.dirname, source), 'utf8').matchAll(
        /(?:throwCoded\([^";]*|Set\("code", [^";]*)"([a-z-]+)"/g,
      ),
    ].map(([, code]) => code),
  );
  assert.deepEqual([...new Set(set)].sort(), [...addonCodes].sort());
});
