/** Lists of many packages, read and searched at once. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';
import { native } from '../index.ts';

const folder = mkdtempSync(join(tmpdir(), 'mig-lists-'));
after(() => rmSync(folder, { recursive: true }));

describe('small files', () => {
  writeFileSync(join(folder, 'a'), 'one');
  writeFileSync(join(folder, 'empty'), '');
  writeFileSync(join(folder, 'ü'), 'three');
  writeFileSync(join(folder, 'large'), 'x'.repeat(101));
  mkdirSync(join(folder, 'folder'));
  symlinkSync('a', join(folder, 'link'));

  it('are read one behind the other, and others are named with the reason', () => {
    const names = ['a', 'empty', 'none', 'large', 'folder', 'link', 'ü'];
    const { bytes, ends, failures } = native().readSmallFiles(folder, names, 100);
    assert.equal(bytes.toString(), 'onethree');
    assert.deepEqual([...ends], [3, 3, 3, 3, 3, 3, 8]);
    assert.deepEqual(
      failures.map(({ file, reason }) => [names[file], reason]),
      [
        ['none', 'vanished'],
        ['large', 'size-limit'],
        ['folder', 'special-file'],
        ['link', 'special-file'],
      ],
    );
  });

  it('of a folder that is not there all fail', () =>
    assert.equal(native().readSmallFiles(join(folder, 'no'), ['a', 'b'], 100).failures.length, 2));
});

describe('lines', () => {
  const find = (text: string, wanted: string): (readonly number[])[] => {
    const found = [...native().findLines(Buffer.from(text), Buffer.from(wanted))];
    return found.flatMap((line, index) => (index % 2 === 0 ? [[line, found[index + 1] ?? -1]] : []));
  };

  it('are found where they begin, whole ones only', () => {
    assert.deepEqual(find('/a\n/ab\n/b\n/a', '/a\n/b'), [
      [0, 0],
      [1, 7],
      [0, 10],
    ]);
    assert.deepEqual(find('', '/a'), []);
    assert.deepEqual(find('/a\n', ''), []);
  });

  it('are found as by splitting the text', () => {
    const line = fc.string({ unit: fc.constantFrom('/', 'a', 'b', 'ü'), minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(fc.array(line), fc.uniqueArray(line), (lines, wanted) => {
        const found = find(lines.join('\n'), wanted.join('\n')).map(([index = -1]) => wanted[index]);
        assert.deepEqual(
          found,
          lines.filter((one) => wanted.includes(one)),
        );
      }),
    );
  });
});
