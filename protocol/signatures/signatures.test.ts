import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import * as openpgp from 'openpgp';
import { findKeyProblems, readPublicKey } from './openpgp-keys.ts';
import { verifyDetached } from './signatures.ts';

const bytes = Buffer.from('mig action v3\n{"a":1}');
/** A little ahead, so that what a test signs is not from the future. */
const now = new Date(Date.now() + 60_000);
const yesterday = new Date(now.getTime() - 86_400_000);

type KeyOptions = Omit<Parameters<typeof openpgp.generateKey>[0], 'userIDs' | 'format'>;

function newKey(options: KeyOptions = {}): Promise<{ privateKey: openpgp.PrivateKey; publicKey: openpgp.PublicKey }> {
  return openpgp.generateKey({ userIDs: [{ name: 'Test' }], date: yesterday, ...options, format: 'object' });
}

async function signWith(
  privateKey: openpgp.PrivateKey,
  data: Uint8Array = bytes,
  options: { readonly date?: Date; readonly config?: openpgp.PartialConfig } = {},
): Promise<string> {
  const message = await openpgp.createMessage({ binary: data });
  const signature = await openpgp.sign({
    message,
    signingKeys: privateKey,
    detached: true,
    format: 'armored',
    ...options,
  });
  return signature as string;
}

async function outcomeOf(armored: string, keys: readonly openpgp.PublicKey[], data = bytes) {
  return (await verifyDetached(data, armored, keys, now)).kind;
}

describe('verifyDetached', () => {
  test('accepts a signature by a known key and names its primary fingerprint', async () => {
    const { privateKey, publicKey } = await newKey();
    const other = await newKey();
    const outcome = await verifyDetached(bytes, await signWith(privateKey), [other.publicKey, publicKey], now);
    assert.deepEqual(outcome, { kind: 'valid', signer: publicKey.getFingerprint().toUpperCase() });
  });

  test("is not kept from a signature by another's key that holds the signer's as a subkey", async () => {
    const alice = await newKey();
    const mallory = await newKey();
    const packets = mallory.publicKey.toPacketList();
    const adopted = new openpgp.PublicSubkeyPacket();
    await adopted.read(alice.publicKey.keyPacket.write());
    const binding = packets.at(-1);
    assert.ok(binding instanceof openpgp.SignaturePacket);
    const grown = new openpgp.PacketList<openpgp.AnyKeyPacket | openpgp.SignaturePacket>();
    grown.push(...(packets as openpgp.PacketList<openpgp.AnyKeyPacket>), adopted, binding);
    const greedy = await readPublicKey(new openpgp.PublicKey(grown as never).armor());
    const armored = await signWith(alice.privateKey);
    const outcome = await verifyDetached(bytes, armored, [greedy, alice.publicKey], now);
    assert.deepEqual(outcome, { kind: 'valid', signer: alice.publicKey.getFingerprint().toUpperCase() });
    assert.equal(await outcomeOf(armored, [greedy]), 'bad-signature');
  });

  test('accepts RSA 3072, Ed25519 (RFC 9580) and NIST P-256', async () => {
    for (const options of [
      { type: 'rsa', rsaBits: 3072 },
      { type: 'curve25519' },
      { type: 'ecc', curve: 'nistP256' },
    ] as const) {
      const { privateKey, publicKey } = await newKey(options);
      assert.equal(await outcomeOf(await signWith(privateKey), [publicKey]), 'valid', JSON.stringify(options));
    }
  });

  test('refuses every flipped bit of the data', async () => {
    const { privateKey, publicKey } = await newKey();
    const armored = await signWith(privateKey);
    for (let bit = 0; bit < bytes.length * 8; bit += 7) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      assert.equal(await outcomeOf(armored, [publicKey], changed), 'bad-signature', `bit ${bit}`);
    }
  });

  test('an unknown key counts as unknown, not as bad', async () => {
    const { privateKey } = await newKey();
    const { publicKey } = await newKey();
    assert.equal(await outcomeOf(await signWith(privateKey), [publicKey]), 'unknown-signer');
  });

  test('an expired key is named as such, although it was valid when it signed', async () => {
    const { privateKey, publicKey } = await newKey({
      date: new Date(now.getTime() - 10_000_000),
      keyExpirationTime: 5000,
    });
    const signed = await signWith(privateKey, bytes, { date: new Date(now.getTime() - 9_000_000) });
    assert.equal(await outcomeOf(signed, [publicKey]), 'key-expired');
  });

  test('a revoked key is named as such', async () => {
    const { privateKey, publicKey } = await newKey();
    const signed = await signWith(privateKey);
    const { publicKey: revoked } = await openpgp.revokeKey({ key: privateKey, format: 'object' });
    assert.equal(await outcomeOf(signed, [publicKey]), 'valid');
    assert.equal(await outcomeOf(signed, [revoked]), 'key-revoked');
  });

  test('refuses SHA-1, a text signature, two packets, a cleartext message and garbage', async () => {
    const { privateKey, publicKey } = await newKey();
    const sha1 = await signWith(privateKey, bytes, {
      config: { preferredHashAlgorithm: openpgp.enums.hash.sha1, rejectMessageHashAlgorithms: new Set() },
    });
    const text = (await openpgp.sign({
      message: await openpgp.createMessage({ text: 'mig action v3\n{"a":1}' }),
      signingKeys: privateKey,
      detached: true,
    })) as string;
    const one = await openpgp.readSignature({ armoredSignature: await signWith(privateKey) });
    const two = openpgp.armor(openpgp.enums.armor.signature, Buffer.concat([one.write(), one.write()]));
    const cleartext = (await openpgp.sign({
      message: await openpgp.createCleartextMessage({ text: 'mig action v3\n{"a":1}' }),
      signingKeys: privateKey,
    })) as string;
    for (const [name, armored] of Object.entries({ text, two, cleartext, garbage: 'x', empty: '' }))
      assert.equal(await outcomeOf(armored, [publicKey]), 'bad-signature', name);
    const sha1Packet = (await openpgp.readSignature({ armoredSignature: sha1 })).packets[0];
    if (sha1Packet?.hashAlgorithm === openpgp.enums.hash.sha1)
      assert.equal(await outcomeOf(sha1, [publicKey]), 'bad-signature', 'sha1');
  });

  test('a signature from the future is named as such', async () => {
    const { privateKey, publicKey } = await newKey();
    const signed = await signWith(privateKey, bytes, { date: new Date(now.getTime() + 3_600_000) });
    assert.equal(await outcomeOf(signed, [publicKey]), 'signed-later');
  });
});

describe('keys', () => {
  test('a private key, two keys and no key are each refused by name', async () => {
    const a = await newKey();
    const b = await newKey();
    const two = openpgp.armor(openpgp.enums.armor.publicKey, Buffer.concat([a.publicKey.write(), b.publicKey.write()]));
    await assert.rejects(readPublicKey(a.privateKey.armor()), { code: 'key-is-private' });
    await assert.rejects(readPublicKey(two), { code: 'key-not-alone' });
    await assert.rejects(readPublicKey('nothing'), { code: 'key-unreadable' });
  });

  test('a key that cannot sign or encrypt, or is too weak, is named as such', async () => {
    const signOnly = await newKey({ subkeys: [] });
    assert.deepEqual(await findKeyProblems(signOnly.publicKey, now), ['key-cannot-encrypt']);
    const weak = await newKey({ type: 'rsa', rsaBits: 1024, config: { minRSABits: 1024 } });
    assert.deepEqual(await findKeyProblems(weak.publicKey, now), ['key-weak']);
    assert.deepEqual(await findKeyProblems((await newKey()).publicKey, now), []);
  });
});

describe('real gpg', () => {
  let home = '';
  const gpg = (args: readonly string[], input?: Uint8Array): Buffer =>
    execFileSync(
      'gpg',
      ['--homedir', home, '--batch', '--quiet', '--pinentry-mode', 'loopback', '--passphrase', '', ...args],
      {
        input,
        stdio: ['pipe', 'pipe', 'pipe'],
      },
    );

  before(() => {
    home = mkdtempSync(join(tmpdir(), 'mig-gpg-'));
  });
  after(() => {
    execFileSync('gpgconf', ['--homedir', home, '--kill', 'all']);
    rmSync(home, { recursive: true, force: true });
  });

  test('what gpg signs with SHA-256 is valid, what it signs with SHA-1 or as text is not', async () => {
    gpg(['--quick-generate-key', 'alice@example.org', 'ed25519', 'sign', 'never']);
    const publicKey = await readPublicKey(gpg(['--armor', '--export', 'alice@example.org']).toString());
    const sign = (...extra: string[]) => gpg(['--armor', '--detach-sign', ...extra], bytes).toString();
    assert.equal(await outcomeOf(sign('--digest-algo', 'SHA256'), [publicKey]), 'valid');
    assert.equal(await outcomeOf(sign('--digest-algo', 'SHA512'), [publicKey]), 'valid');
    assert.equal(await outcomeOf(sign('--digest-algo', 'SHA1'), [publicKey]), 'bad-signature');
    assert.equal(await outcomeOf(sign('--textmode'), [publicKey]), 'bad-signature');
  });
});
