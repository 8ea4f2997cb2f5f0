import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { readTextFile } from './text-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'mig-text-'));
after(() => rmSync(folder, { recursive: true, force: true }));

describe('a text file', () => {
  const text = '{"name": "Müller 😀"}\r\n';
  const mark = '\ufeff';
  const le = (some: string): Buffer => Buffer.from(some, 'utf16le');
  const cases: Readonly<Record<string, Buffer>> = {
    'UTF-8': Buffer.from(text),
    'UTF-8 with a mark': Buffer.from(mark + text),
    'UTF-16LE with a mark': le(mark + text),
    'UTF-16BE with a mark': le(mark + text).swap16(),
    'UTF-16LE': le(text),
    'UTF-16BE': le(text).swap16(),
    'UTF-16LE that is cut': Buffer.concat([le(text), Buffer.from([0x41])]),
  };
  for (const [name, bytes] of Object.entries(cases))
    it(`is read from ${name}`, () => {
      const path = join(folder, name);
      writeFileSync(path, bytes);
      assert.equal(readTextFile(path), text);
    });

  it('may be empty', () => {
    const path = join(folder, 'empty');
    writeFileSync(path, '');
    assert.equal(readTextFile(path), '');
  });
});
