import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Action } from '../../protocol/action/action.ts';
import { toWrappedReplyKeyDigest } from '../../protocol/action/wrapped-reply-key.ts';
import { readPublicKey } from '../../protocol/signatures/openpgp-keys.ts';
import { verifyDetached } from '../../protocol/signatures/signatures.ts';
import { openOwnAction } from '../answers/own-action.ts';
import { newAction } from '../ask/new-action.ts';
import { unwrapReplyKey, wrapReplyKey } from '../ask/wrapped-reply-key.ts';
import { type GpgHome, makeGpgHome } from '../testing/gpg-home.ts';
import { type InvestigatorKey, openKey } from './investigator-key.ts';

const passphrase = 'correct horse';

let home: GpgHome;
let files: string;
const keys = new Map<string, InvestigatorKey>();

before(async () => {
  home = makeGpgHome();
  files = mkdtempSync(join(tmpdir(), 'mig-keys-'));
  const rsa = home.newKey('rsa', 'rsa3072', 'rsa3072');
  const ed25519 = home.newKey('ed25519', 'ed25519', 'cv25519');
  keys.set('RSA 3072 in gpg', await openKey({ kind: 'gpg', fingerprint: rsa }));
  keys.set('Ed25519 in gpg', await openKey({ kind: 'gpg', fingerprint: ed25519 }));
  const path = join(files, 'ed25519.asc');
  writeFileSync(path, home.gpg('--export-secret-keys', '--armor', ed25519));
  keys.set('Ed25519 in a file', await openKey({ kind: 'file', path, passphraseFile: undefined }));
  writeFileSync(join(files, 'passphrase'), `${passphrase}\n`);
});

after(() => {
  home.remove();
  rmSync(files, { recursive: true, force: true });
});

async function question(key: InvestigatorKey) {
  return newAction(
    {
      template: {
        name: 'a question',
        description: {},
        threat: {},
        operations: [{ module: 'file', parameters: { searches: {} } }],
        limits: { seconds: 30 },
      },
      fleet: 'production',
      target: 'all',
      expiryMs: 60_000,
    },
    key,
  );
}

describe('an investigator key', () => {
  for (const name of ['RSA 3072 in gpg', 'Ed25519 in gpg', 'Ed25519 in a file']) {
    const keyOf = (): InvestigatorKey => keys.get(name) ?? assert.fail(name);

    it(`signs so that agents accept it: ${name}`, async () => {
      const bytes = Buffer.from('bytes\n\x00\xff');
      const armored = await keyOf().sign(bytes);
      const publicKey = await readPublicKey(await keyOf().exportPublic());
      const outcome = await verifyDetached(bytes, armored, [publicKey], new Date());
      assert.deepEqual(outcome, { kind: 'valid', signer: keyOf().fingerprint });
      const altered = await verifyDetached(Buffer.from('other'), armored, [publicKey], new Date());
      assert.equal(altered.kind, 'bad-signature');
    });

    it(`opens its own action and reply key again: ${name}`, async () => {
      const created = await question(keyOf());
      assert.equal(Action.safeParse(created.action).success, true);
      const { envelope, wrappedreplykey } = created.submission;
      const { action } = await openOwnAction(envelope, created.action.id, keyOf());
      assert.deepEqual(action, created.action);
      assert.equal(await unwrapReplyKey(wrappedreplykey, action, keyOf()), created.replyKey.privateKey);
    });
  }

  it('reads what gpg encrypted from the key file, and the other way round', async () => {
    const inGpg = keys.get('Ed25519 in gpg') ?? assert.fail();
    const inFile = keys.get('Ed25519 in a file') ?? assert.fail();
    const secret = Buffer.from('secret');
    assert.deepEqual(Buffer.from(await inFile.decrypt(await inGpg.encrypt(secret))), secret);
    assert.deepEqual(Buffer.from(await inGpg.decrypt(await inFile.encrypt(secret))), secret);
  });

  it('refuses a relay that swaps reply keys, actions or signatures', async () => {
    const key = keys.get('Ed25519 in a file') ?? assert.fail();
    const [one, two] = [await question(key), await question(key)];
    const other = keys.get('RSA 3072 in gpg') ?? assert.fail();
    await assert.rejects(unwrapReplyKey(two.submission.wrappedreplykey, one.action, key), {
      code: 'wrapped-key-mismatch',
    });
    const opens = (wrapped: string): Promise<string> =>
      unwrapReplyKey(wrapped, { ...one.action, wrappedreplykeydigest: toWrappedReplyKeyDigest(wrapped) }, key);
    await assert.rejects(opens(two.submission.wrappedreplykey), { code: 'reply-key-mismatch' });
    // The right action named, another action's key inside.
    const crossed = await wrapReplyKey(one.action.id, two.replyKey, key, []);
    await assert.rejects(opens(crossed), { code: 'reply-key-mismatch' });
    const garbage = await key.encrypt(Buffer.from('{"action":1}'));
    await assert.rejects(opens(garbage), { code: 'reply-key-mismatch' });
    await assert.rejects(openOwnAction(two.submission.envelope, one.action.id, key), { code: 'action-mismatch' });
    await assert.rejects(openOwnAction(one.submission.envelope, one.action.id, other), { code: 'action-not-yours' });
    const patched = { ...one.submission.envelope, payload: two.submission.envelope.payload };
    await assert.rejects(openOwnAction(patched, two.action.id, key), { code: 'action-not-yours' });
  });
});

describe('a key that cannot be used', () => {
  const absent = (): Promise<InvestigatorKey> =>
    openKey({ kind: 'gpg', fingerprint: (keys.get('RSA 3072 in gpg') ?? assert.fail()).fingerprint });

  it('is named when gpg does not hold it', async () => {
    const { fingerprint } = await absent();
    home.gpg('--yes', '--delete-secret-keys', fingerprint);
    await assert.rejects((await absent()).sign(Buffer.from('x')), { code: 'key-not-found' });
  });

  it('is named when it has expired', async () => {
    const fingerprint = home.newKey('old', 'ed25519', 'cv25519');
    home.gpg('--quick-set-expire', fingerprint, 'seconds=1');
    const key = await openKey({ kind: 'gpg', fingerprint });
    const deadlineMs = Date.now() + 20_000;
    let code: unknown;
    // The key's life ends on the wall clock: ask until gpg says so.
    while (code !== 'key-expired' && Date.now() < deadlineMs)
      code = await key.sign(Buffer.from('x')).then(
        () => undefined,
        (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
      );
    assert.equal(code, 'key-expired');
    const path = join(files, 'old.asc');
    writeFileSync(path, home.gpg('--export-secret-keys', '--armor', fingerprint));
    const inFile = await openKey({ kind: 'file', path, passphraseFile: undefined });
    await assert.rejects(inFile.sign(Buffer.from('x')), { code: 'key-expired' });
  });

  it('is named when it cannot receive answers', async () => {
    const fingerprint = home.newKey('signonly', 'ed25519', null);
    const key = await openKey({ kind: 'gpg', fingerprint });
    await assert.rejects(key.encrypt(Buffer.from('x')), { code: 'key-cannot-encrypt' });
    await assert.rejects(question(key), { code: 'key-cannot-encrypt' });
  });

  it('is named when gpg is not there', async () => {
    const path = process.env.PATH;
    process.env.PATH = files;
    try {
      await assert.rejects((await absent()).sign(Buffer.from('x')), { code: 'gpg-not-found' });
    } finally {
      process.env.PATH = path;
    }
  });

  it('needs the right passphrase', async () => {
    const fingerprint = home.newKey('locked', 'ed25519', 'cv25519');
    const exported = ['--batch', '--pinentry-mode', 'loopback', '--passphrase'];
    execFileSync('gpg', [...exported, passphrase, '--change-passphrase', fingerprint], { stdio: 'ignore' });
    const path = join(files, 'locked.asc');
    const armored = execFileSync('gpg', [...exported, passphrase, '--export-secret-keys', '--armor', fingerprint]);
    writeFileSync(path, armored);
    const key = await openKey({ kind: 'file', path, passphraseFile: join(files, 'passphrase') });
    assert.match(await key.sign(Buffer.from('x')), /BEGIN PGP SIGNATURE/);
    writeFileSync(join(files, 'wrong'), 'wrong');
    await assert.rejects(openKey({ kind: 'file', path, passphraseFile: join(files, 'wrong') }), {
      code: 'passphrase-wrong',
    });
    await assert.rejects(openKey({ kind: 'file', path, passphraseFile: join(files, 'absent') }), {
      code: 'passphrase-needed',
    });
  });

  it('is unreadable when the file is something else', async () => {
    const path = join(files, 'public.asc');
    writeFileSync(path, await (keys.get('Ed25519 in gpg') ?? assert.fail()).exportPublic());
    for (const wrong of [path, join(files, 'absent')])
      await assert.rejects(openKey({ kind: 'file', path: wrong, passphraseFile: undefined }), {
        code: 'key-unreadable',
      });
  });
});
