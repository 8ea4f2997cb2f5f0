/** OpenPGP compared with other implementations: we verify what they sign, and refuse what they refuse. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import { createMessage, generateKey, type PublicKey, readPrivateKey, readSignature, sign, verify } from 'openpgp';
import { findKeyProblems, type KeyCode, readPublicKey } from '../../protocol/signatures/openpgp-keys.ts';
import { type SignatureOutcome, verifyDetached } from '../../protocol/signatures/signatures.ts';
import { signRaw, toSignaturePacket } from '../../tools/drill/raw-signature.ts';
import { signatureTricks, signPlainly, toArmor } from '../../tools/drill/signature-tricks.ts';
import { implementations, missingImplementations, withGpg } from './implementations.ts';
import { collidingA, collidingB } from './sha1-collision.ts';

const bytes = Buffer.from('mig action v3\n{"a":1}');
const gpgIsHere = implementations.some(({ name }) => name === 'gpg');

for (const { name, debian } of missingImplementations)
  test(`${name} against ours`, {
    skip: `NOT TESTED: ${name} is not installed; try apt-get install ${debian}`,
  }, () => {});

interface MadeKey {
  readonly secret: string;
  readonly public: string;
}

/** A key made by gpg: the primary, then subkeys by algorithm and usage. */
function makeKey(primary: string, usage: string, subkeys: readonly (readonly [string, string])[]): MadeKey {
  return withGpg(null, (gpg) => {
    gpg('gpg', ['--quick-gen-key', 'alice <alice@example.org>', primary, usage, 'never']);
    const listed = gpg('gpg', ['--list-secret-keys', '--with-colons']).stdout;
    const fingerprint = /^fpr:{9}([0-9A-F]{40}):/m.exec(listed)?.[1] ?? assert.fail(`no ${primary} key: ${listed}`);
    for (const [algorithm, subkeyUsage] of subkeys)
      gpg('gpg', ['--quick-add-key', fingerprint, algorithm, subkeyUsage, 'never']);
    const armored = (command: string): string => gpg('gpg', ['--armor', command]).stdout;
    return { secret: armored('--export-secret-keys'), public: armored('--export') };
  });
}

async function outcomeOf(armored: string, key: PublicKey, data: Uint8Array = bytes): Promise<SignatureOutcome['kind']> {
  return (await verifyDetached(data, armored, [key], new Date(Date.now() + 60_000))).kind;
}

describe('keys of every kind', { skip: gpgIsHere ? false : 'NOT TESTED: gpg is not installed' }, () => {
  const kinds: readonly [says: string, ...Parameters<typeof makeKey>][] = [
    ['RSA 3072', 'rsa3072', 'sign', [['rsa3072', 'encr']]],
    ['RSA 4096', 'rsa4096', 'sign', [['rsa4096', 'encr']]],
    ['Ed25519 and Cv25519', 'ed25519', 'sign', [['cv25519', 'encr']]],
    ['NIST P-256', 'nistp256', 'sign', [['nistp256', 'encr']]],
    [
      'a subkey that signs below a primary that only certifies',
      'ed25519',
      'cert',
      [
        ['ed25519', 'sign'],
        ['cv25519', 'encr'],
      ],
    ],
  ];
  for (const [says, ...options] of kinds)
    test(`${says}: each implementation's signature is good for each other and for us, and ours for them`, async () => {
      const made = makeKey(...options);
      const key = await readPublicKey(made.public);
      assert.deepEqual(await findKeyProblems(key, new Date()), []);
      const ours = await sign({
        message: await createMessage({ binary: bytes }),
        signingKeys: await readPrivateKey({ armoredKey: made.secret }),
        detached: true,
        format: 'armored',
      });
      const signatures = new Map(implementations.map((one) => [one.name, one.sign(made.secret, bytes)]));
      signatures.set('ours', ours as string);
      for (const [signer, signature] of signatures) {
        assert.ok(signature !== null, `${signer} signs`);
        assert.equal(await outcomeOf(signature, key), 'valid', `${signer} → ours`);
        assert.equal(
          await outcomeOf(signature, key, Buffer.from('x')),
          'bad-signature',
          `${signer} → ours, other data`,
        );
        for (const one of implementations)
          assert.equal(one.verifies(made.public, signature, bytes), true, `${signer} → ${one.name}`);
      }
    });

  const unfit: readonly [says: string, code: KeyCode, ...Parameters<typeof makeKey>][] = [
    ['RSA 1024', 'key-weak', 'rsa1024', 'sign', [['rsa1024', 'encr']]],
    ['DSA 2048', 'key-weak', 'dsa2048', 'sign', [['elg2048', 'encr']]],
    ['a weak subkey below a strong primary', 'key-weak', 'rsa3072', 'cert', [['rsa1024', 'sign']]],
  ];
  for (const [says, code, ...options] of unfit)
    test(`${says} is refused: ${code}`, async () => {
      const made = makeKey(...options);
      const key = await readPublicKey(made.public);
      assert.deepEqual(await findKeyProblems(key, new Date()), [code]);
      const signature = implementations[0]?.sign(made.secret, bytes);
      assert.equal(await outcomeOf(signature ?? '', key), 'bad-signature');
    });
});

describe('signatures by a fit key that must count for nothing', async () => {
  const { privateKey, publicKey } = await generateKey({
    userIDs: [{ name: 'alice' }],
    type: 'rsa',
    rsaBits: 2048,
    date: new Date(Date.now() - 60_000),
    format: 'object',
  });

  test('the same key’s plain signature is good for us and for everybody', async () => {
    const signature = signPlainly(bytes, privateKey);
    assert.equal(await outcomeOf(signature, publicKey), 'valid');
    for (const one of implementations) assert.equal(one.verifies(publicKey.armor(), signature, bytes), true, one.name);
  });

  for (const { says, forge, outcome = 'bad-signature' } of signatureTricks)
    test(`a signature ${says} is refused`, async (t) => {
      const signature = await forge(bytes, privateKey);
      assert.equal(await outcomeOf(signature, publicKey), outcome);
      const takers = implementations.filter((one) => one.verifies(publicKey.armor(), signature, bytes));
      t.diagnostic(`taken by ${takers.map(({ name }) => name).join(', ') || 'none'} of ${implementations.length}`);
    });

  test('a signature that is changed in any place is never good for us when another implementation refuses it', async () => {
    const packet = toSignaturePacket(signRaw(bytes, privateKey));
    const good: string[] = [];
    for (let bit = 0; bit < packet.length * 8; bit += 1) {
      const changed = Buffer.from(packet);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const armored = toArmor(changed);
      if ((await outcomeOf(armored, publicKey)) === 'valid') good.push(armored);
    }
    for (const signature of good)
      for (const one of implementations)
        assert.equal(one.verifies(publicKey.armor(), signature, bytes), true, one.name);
  });

  test('a SHA-1 signature is good for two messages, and refused for both', async () => {
    const sha1 = (data: Buffer): string => createHash('sha1').update(data).digest('hex');
    assert.notDeepEqual(collidingA, collidingB);
    assert.equal(sha1(collidingA), sha1(collidingB));
    const packet = toSignaturePacket(signRaw(collidingA, privateKey, { hash: 'sha1' }));
    for (const data of [collidingA, collidingB]) {
      const { signatures } = await verify({
        message: await createMessage({ binary: data }),
        signature: await readSignature({ binarySignature: packet }),
        verificationKeys: publicKey,
        config: { rejectMessageHashAlgorithms: new Set() },
      });
      assert.equal(await signatures[0]?.verified, true, 'a verifier that takes SHA-1 takes both');
      assert.equal(await outcomeOf(toArmor(packet), publicKey, data), 'bad-signature');
    }
  });
});
