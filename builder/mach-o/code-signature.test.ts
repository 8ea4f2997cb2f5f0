import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import fc from 'fast-check';
import { CodedError } from '../../protocol/base/coded-error.ts';
import { compileTinyLibrary } from '../fixtures/tiny-library.ts';
import { signAdHoc, verifyCodeSignature } from './code-signature.ts';
import { parseMachO } from './mach-o.ts';

/** With a signature by the compiler's linker, and without. */
let [linked, plain, signed]: Buffer[] = [];

before(async () => {
  linked = await compileTinyLibrary('aarch64-macos.11.0-none');
  plain = await compileTinyLibrary('x86_64-macos.11.0-none');
  signed = signAdHoc(plain, 'mig-agent');
});

function file(buffer: Buffer | undefined): Buffer {
  assert.ok(buffer !== undefined);
  return buffer;
}

function withFlippedBit(buffer: Buffer, at: number): Buffer {
  const changed = Buffer.from(buffer);
  changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
  return changed;
}

describe('a signature without an identity', () => {
  test('that a linker made is understood', () => {
    const { isAdHoc, pages } = verifyCodeSignature(file(linked));
    assert.ok(isAdHoc);
    assert.ok(pages > 1);
  });

  test('that we make holds, names the program, and changes nothing before the load commands end', () => {
    const { identifier, isAdHoc, pages } = verifyCodeSignature(file(signed));
    assert.deepEqual([identifier, isAdHoc], ['mig-agent', true]);
    assert.equal(pages, Math.ceil((parseMachO(file(signed)).signature?.offset ?? 0) / 4096));
    const { contentStart } = parseMachO(file(plain));
    assert.ok(file(signed).subarray(contentStart, file(plain).length).equals(file(plain).subarray(contentStart)));
  });

  test('replaces the one that is there, and the same input gives the same bytes', () => {
    const again = signAdHoc(file(linked), 'other');
    assert.equal(verifyCodeSignature(again).identifier, 'other');
    assert.ok(signAdHoc(again, 'other').equals(again));
    assert.ok(signAdHoc(file(plain), 'mig-agent').equals(file(signed)));
  });

  test('does not hold when a bit of the code, or of its digest, is another', () => {
    const end = parseMachO(file(signed)).signature?.offset ?? 0;
    const rejects = (at: number): void =>
      assert.throws(() => verifyCodeSignature(withFlippedBit(file(signed), at)), CodedError);
    fc.assert(fc.property(fc.nat(end - 1), rejects), { examples: [[0], [end - 1]] });
    rejects(file(signed).length - 1);
  });

  test('does not hold when the file is longer, shorter, or has none', () => {
    const longer = Buffer.concat([file(signed), Buffer.alloc(1)]);
    for (const changed of [longer, file(signed).subarray(0, -1), file(plain)])
      assert.throws(() => verifyCodeSignature(changed), CodedError);
  });
});

test('what is no Mach-O file, or a broken one, is refused by name', () => {
  const endless = Buffer.from(file(plain));
  endless.writeUInt32LE(0, 36);
  for (const broken of [Buffer.alloc(0), Buffer.from('MZ'.padEnd(64)), file(plain).subarray(0, 5000), endless])
    assert.throws(() => parseMachO(broken), { code: 'mach-o-malformed' });
});
