import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { compileTinyLibrary } from '../fixtures/tiny-library.ts';
import { signAdHoc, verifyCodeSignature } from './code-signature.ts';
import { dropLocalSymbols, readPointers, readSymbols } from './symbols.ts';

for (const triple of ['x86_64-macos.11.0-none', 'aarch64-macos.11.0-none'])
  describe(`a library for ${triple} without its local symbols`, () => {
    let whole: Buffer;
    let without: Buffer;

    before(async () => {
      whole = await compileTinyLibrary(triple);
      without = dropLocalSymbols(whole);
    });

    test('does not tell their names and is smaller', () => {
      assert.ok(whole.includes('hidden'));
      assert.equal(without.includes('hidden'), false);
      assert.ok(without.length < whole.length);
    });

    test('has the same others at the same addresses', () => {
      const describeAll = (file: Buffer) =>
        readSymbols(file).map(({ name, isDefined, library, address }) => ({ name, isDefined, library, address }));
      const names = describeAll(whole).map(({ name }) => name);
      assert.ok(names.includes('_tiny') && names.includes('_outside'), names.join());
      assert.deepEqual(describeAll(without), describeAll(whole));
    });

    test('has the same behind each pointer', () => {
      assert.ok(readPointers(whole).includes('_outside'));
      assert.deepEqual(readPointers(without), readPointers(whole));
    });

    test('can be signed and has nothing more to drop', () => {
      const signed = signAdHoc(without, 'tiny');
      assert.equal(verifyCodeSignature(signed).identifier, 'tiny');
      assert.ok(signAdHoc(dropLocalSymbols(signed), 'tiny').equals(signed));
    });
  });
