import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { compileTinyLibrary } from '../fixtures/tiny-library.ts';
import { unsignPe } from './unsign-pe.ts';

let plain: Buffer;
before(async () => {
  plain = unsignPe(await compileTinyLibrary('x86_64-windows-gnu'));
});

/** Adds the traces of a signing tool: a checksum, and a certificate table at the end, named by the header. */
function withSignature(file: Buffer): Buffer {
  const signed = Buffer.concat([file, Buffer.alloc(64, 7)]);
  const optional = signed.readUInt32LE(0x3c) + 24;
  signed.writeUInt32LE(0x1234, optional + 64);
  signed.writeUInt32LE(file.length, optional + 144);
  signed.writeUInt32LE(64, optional + 148);
  return signed;
}

test('an executable without its signature is what it was before it was signed', () => {
  assert.ok(unsignPe(withSignature(plain)).equals(plain));
  assert.ok(unsignPe(plain).equals(plain));
});

test('a signature that is not at the end, or another kind of file, is refused', () => {
  const longer = Buffer.concat([withSignature(plain), Buffer.from('more')]);
  for (const file of [longer, Buffer.from('MZ'), Buffer.alloc(4096)]) assert.throws(() => unsignPe(file), TypeError);
});
