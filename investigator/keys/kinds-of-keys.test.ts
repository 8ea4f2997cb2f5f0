/** The kinds of OpenPGP keys that people have, made by a real gpg and used through it and as a file. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { enums, readSignature } from 'openpgp';
import type { Fingerprint } from '../../protocol/base/identifiers.ts';
import { findKeyProblems, readPublicKey } from '../../protocol/signatures/openpgp-keys.ts';
import { verifyDetached } from '../../protocol/signatures/signatures.ts';
import { type GpgHome, makeGpgHome } from '../testing/gpg-home.ts';
import { assertFitKey } from './check-key.ts';
import { type InvestigatorKey, openKey } from './investigator-key.ts';

const bytes = Buffer.from('what is signed\n\x00\xff');

let home: GpgHome;
let files: string;

before(() => {
  home = makeGpgHome();
  files = mkdtempSync(join(tmpdir(), 'mig-kinds-'));
});
after(() => {
  home.remove();
  rmSync(files, { recursive: true, force: true });
});

function openInGpg(fingerprint: Fingerprint): Promise<InvestigatorKey> {
  return openKey({ kind: 'gpg', fingerprint });
}

function openFile(
  fingerprint: Fingerprint,
  exported: string = home.gpg('--export-secret-keys', '--armor', fingerprint),
) {
  const path = join(files, `${fingerprint}.asc`);
  writeFileSync(path, exported, { mode: 0o600 });
  return openKey({ kind: 'file', path, passphraseFile: undefined });
}

interface Kind {
  readonly name: string;
  readonly make: () => Fingerprint;
  /** Not every key can be exported whole. */
  readonly asFile: boolean;
}

const kinds: readonly Kind[] = [
  { name: 'RSA 3072', make: () => home.newKey('rsa3072', 'rsa3072', 'rsa3072'), asFile: true },
  { name: 'RSA 4096', make: () => home.newKey('rsa4096', 'rsa4096', 'rsa4096'), asFile: true },
  { name: 'Ed25519 and Cv25519', make: () => home.newKey('ed25519', 'ed25519', 'cv25519'), asFile: true },
  { name: 'NIST P-256', make: () => home.newKey('p256', 'nistp256', 'nistp256'), asFile: true },
  {
    name: 'a signing subkey below a primary key that only certifies',
    make: () => {
      const fingerprint = home.newKey('subkey', 'ed25519', 'cv25519', 'cert');
      home.gpg('--quick-add-key', fingerprint, 'nistp256/ecdsa', 'sign', '1d');
      return fingerprint;
    },
    asFile: true,
  },
  {
    name: 'subkeys whose primary secret key is kept offline',
    make: () => {
      const fingerprint = home.newKey('offline', 'ed25519', 'cv25519', 'cert');
      home.gpg('--quick-add-key', fingerprint, 'ed25519', 'sign', '1d');
      const subkeys = home.gpg('--export-secret-subkeys', '--armor', fingerprint);
      home.gpg('--yes', '--delete-secret-keys', fingerprint);
      const path = join(files, 'subkeys.asc');
      writeFileSync(path, subkeys);
      home.gpg('--import', path);
      return fingerprint;
    },
    asFile: false,
  },
];

describe('a key of every common kind signs and receives answers', () => {
  for (const { name, make, asFile } of kinds)
    it(name, async () => {
      const fingerprint = make();
      const inGpg = await openInGpg(fingerprint);
      const opened = asFile ? [inGpg, await openFile(fingerprint)] : [inGpg];
      const publicKey = await readPublicKey(await inGpg.exportPublic());
      for (const key of opened) {
        await assertFitKey(key);
        const armored = await key.sign(bytes);
        assert.deepEqual(await verifyDetached(bytes, armored, [publicKey], new Date()), {
          kind: 'valid',
          signer: fingerprint,
        });
        const [packet] = (await readSignature({ armoredSignature: armored })).packets;
        const modern = [enums.hash.sha256, enums.hash.sha384, enums.hash.sha512];
        assert.ok(modern.some((hash) => hash === packet?.hashAlgorithm));
        for (const other of opened) assert.deepEqual(Buffer.from(await other.decrypt(await key.encrypt(bytes))), bytes);
      }
    });
});

describe('a signature with a hash of the past is refused, whatever the key', () => {
  for (const digest of ['SHA1', 'MD5', 'RIPEMD160'])
    it(digest, async () => {
      const fingerprint = home.newKey(`digest-${digest}`, 'rsa3072', 'rsa3072');
      const path = join(files, digest);
      writeFileSync(path, bytes);
      const options = ['--allow-weak-digest-algos', '--digest-algo', digest, '--local-user', fingerprint];
      const armored = home.gpg(...options, '--armor', '--output', '-', '--detach-sign', path);
      const publicKey = await readPublicKey(await (await openInGpg(fingerprint)).exportPublic());
      assert.equal((await verifyDetached(bytes, armored, [publicKey], new Date())).kind, 'bad-signature');
    });
});

describe('a key that is unfit is named as such, with what to do', () => {
  const unfit: readonly (readonly [string, string, () => Fingerprint])[] = [
    ['RSA of 1024 bits', 'key-weak', () => home.newKey('rsa1024', 'rsa1024', 'rsa1024')],
    ['a subkey of 1024 bits', 'key-weak', () => home.newKey('sub1024', 'rsa3072', 'rsa1024')],
    ['DSA', 'key-weak', () => home.newKey('dsa2048', 'dsa2048', null)],
    [
      'a key that has been revoked',
      'key-revoked',
      () => {
        const fingerprint = home.newKey('revoked', 'ed25519', 'cv25519');
        home.revoke(fingerprint);
        return fingerprint;
      },
    ],
    ['a key without a signing subkey', 'key-cannot-sign', () => home.newKey('certify', 'ed25519', 'cv25519', 'cert')],
    ['a key without an encryption subkey', 'key-cannot-encrypt', () => home.newKey('sign', 'ed25519', null)],
  ];
  for (const [name, code, make] of unfit)
    it(name, async () => {
      const fingerprint = make();
      const key = await openInGpg(fingerprint);
      const refusal = { code, message: new RegExp(`got .*${fingerprint}`), hint: /gpg --quick/ };
      await assert.rejects(assertFitKey(key), refusal);
      // gpg itself has no objection to a weak key; where it does have one, ours says the same.
      if (code === 'key-weak') return;
      const use = code === 'key-cannot-encrypt' ? key.encrypt(bytes) : key.sign(bytes);
      await assert.rejects(use, refusal);
      const inFile = await openFile(fingerprint);
      await assert.rejects(code === 'key-cannot-encrypt' ? inFile.encrypt(bytes) : inFile.sign(bytes), refusal);
    });

  it('is not among the keys that signatures are accepted of', async () => {
    const fingerprint = home.newKey('weak', 'rsa1024', 'rsa1024');
    const key = await openInGpg(fingerprint);
    const publicKey = await readPublicKey(await key.exportPublic());
    assert.deepEqual(await findKeyProblems(publicKey, new Date()), ['key-weak']);
    const outcome = await verifyDetached(bytes, await key.sign(bytes), [publicKey], new Date());
    assert.equal(outcome.kind, 'bad-signature');
  });
});
