import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core';
import fc from 'fast-check';
import { newReplyKey } from '../result/sealed.ts';
import { type Aead, open, publicKeyBytes, seal, toPublicKey, toRecipientKey } from './hpke.ts';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((array) => Buffer.from(array));

function newKey() {
  const { publicKey, privateKey } = newReplyKey();
  const rawPrivate = Buffer.from(privateKey, 'base64');
  const rawPublic = Buffer.from(publicKey, 'base64');
  return { rawPrivate, rawPublic, recipient: toRecipientKey(rawPrivate), publicKey: toPublicKey(rawPublic) };
}

describe('HPKE in base mode', () => {
  test('opens the first message of RFC 9180, A.1.1', () => {
    // The RFC has no vector of X25519 with AES-256-GCM; the cipher is all that differs.
    const aes128Gcm: Aead = { id: 1, cipher: 'aes-128-gcm', keyBytes: 16 };
    const recipient = toRecipientKey(hex('4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8'));
    assert.equal(
      recipient.rawPublicKey.toString('hex'),
      '3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d',
    );
    const encapsulated = hex('37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431');
    const ciphertext = hex(
      'f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a',
    );
    const binding = { info: hex('4f6465206f6e2061204772656369616e2055726e'), aad: Buffer.from('Count-0') };
    const plain = open(Buffer.concat([encapsulated, ciphertext]), recipient, binding, aes128Gcm);
    assert.equal(plain.toString(), 'Beauty is truth, truth beauty');
  });

  test('seals what another implementation opens, and opens what it seals', async () => {
    const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
    const { rawPrivate, rawPublic, recipient, publicKey } = newKey();
    const recipientKey = await suite.kem.deserializePrivateKey(rawPrivate);
    const recipientPublicKey = await suite.kem.deserializePublicKey(rawPublic);
    await fc.assert(
      fc.asyncProperty(bytes(2000), bytes(100), bytes(100), async (plain, info, aad) => {
        const sealed = seal(plain, publicKey, { info, aad });
        const reader = await suite.createRecipientContext({
          recipientKey,
          enc: sealed.subarray(0, publicKeyBytes),
          info,
        });
        assert.deepEqual(Buffer.from(await reader.open(sealed.subarray(publicKeyBytes), aad)), plain);
        const sender = await suite.createSenderContext({ recipientPublicKey, info });
        const ciphertext = Buffer.from(await sender.seal(plain, aad));
        const theirs = Buffer.concat([Buffer.from(sender.enc), ciphertext]);
        assert.deepEqual(open(theirs, recipient, { info, aad }), plain);
      }),
      { numRuns: 50 },
    );
  });

  test('opens nothing that was changed, cut short or made up', () => {
    const { recipient, publicKey } = newKey();
    const binding = { info: Buffer.from('info'), aad: Buffer.from('aad') };
    const sealed = seal(Buffer.from('a result'), publicKey, binding);
    assert.equal(open(sealed, recipient, binding).toString(), 'a result');
    for (let length = 0; length < sealed.length; length += 1)
      assert.throws(() => open(sealed.subarray(0, length), recipient, binding), `cut to ${length}`);
    for (let index = 0; index < sealed.length; index += 1) {
      const changed = Buffer.from(sealed);
      changed[index] = (changed[index] ?? 0) ^ 1;
      assert.throws(() => open(changed, recipient, binding), `byte ${index}`);
    }
    assert.throws(() => open(sealed, recipient, { ...binding, info: Buffer.from('other') }));
    assert.throws(() => open(sealed, recipient, { ...binding, aad: Buffer.from('other') }));
    fc.assert(fc.property(bytes(200), (garbage) => assert.throws(() => open(garbage, recipient, binding))));
  });

  test('refuses a key of small order, with which everybody would know the secret', () => {
    const { recipient } = newKey();
    const binding = { info: Buffer.alloc(0), aad: Buffer.alloc(0) };
    for (const point of [Buffer.alloc(32), Buffer.concat([Buffer.from([1]), Buffer.alloc(31)])]) {
      assert.throws(() => seal(Buffer.from('x'), toPublicKey(point), binding));
      assert.throws(() => open(Buffer.concat([point, Buffer.alloc(32)]), recipient, binding));
    }
  });
});
