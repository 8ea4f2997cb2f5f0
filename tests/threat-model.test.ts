/** docs/threat-model.md: every line has a test or an attack of the drill behind it, and each of these exists. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { attacks } from '../tools/drill/attacks.ts';
import { projectRoot } from '../tools/lab/lab.ts';

const page = readFileSync(join(projectRoot, 'docs', 'threat-model.md'), 'utf8');
const [claimed = ''] = page.split('\n## Not defended\n');

/** `drill: NAME` or `FILE.test.ts: TEXT OF THE TEST'S NAME`; `.long.ts` for tests with another system's programs. */
const proof = /`(drill|[\w./-]+\.(?:test|long)\.ts): ([^`]+)`/g;

interface Sentence {
  readonly text: string;
  readonly proofs: readonly { readonly source: string; readonly name: string }[];
}

const sentences: readonly Sentence[] = claimed
  .split('\n')
  .filter((line) => line.startsWith('- '))
  .map((line) => ({
    text: line.slice(2, 80),
    proofs: [...line.matchAll(proof)].map(([, source = '', name = '']) => ({ source, name })),
  }));

function assertExists(source: string, name: string): void {
  if (source === 'drill') {
    assert.ok(
      attacks.some((attack) => attack.name === name),
      `expected an attack of the drill named ${name}`,
    );
    return;
  }
  const code = readFileSync(join(projectRoot, source), 'utf8').replaceAll("\\'", "'");
  assert.ok(code.includes(name), `expected ${name} in ${source}`);
}

describe('the threat model', () => {
  test('has sentences on every party, and says what is not defended', () => {
    assert.ok(sentences.length > 40);
    assert.match(page, /\n## Not defended\n\n- /);
  });

  for (const { text, proofs } of sentences)
    test(`is shown: ${text}`, () => {
      assert.ok(proofs.length > 0, 'no test behind this sentence');
      for (const { source, name } of proofs) assertExists(source, name);
    });

  test('names every attack of the drill that is not one of many alike', () => {
    const alike = /^(signature |answer altered |honest relay$)/;
    const unnamed = attacks.filter(({ name }) => !alike.test(name) && !page.includes(`drill: ${name}`));
    assert.deepEqual(
      unnamed.map(({ name }) => name),
      [],
    );
  });
});
