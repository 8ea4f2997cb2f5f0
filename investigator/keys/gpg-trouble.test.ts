/** What gpg's own troubles are called, and what a person's gpg.conf must not change. By a real gpg. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { CodedError } from '../../protocol/base/coded-error.ts';
import type { Fingerprint } from '../../protocol/base/identifiers.ts';
import { readPublicKey } from '../../protocol/signatures/openpgp-keys.ts';
import { verifyDetached } from '../../protocol/signatures/signatures.ts';
import { type FakePinentry, installPinentry, pinentryErrors } from '../testing/fake-pinentry.ts';
import { type GpgHome, makeGpgHome } from '../testing/gpg-home.ts';
import { explainFailure } from './gpg-failure.ts';
import { type InvestigatorKey, openKey } from './investigator-key.ts';

const bytes = Buffer.from('what is signed\r\n\x00\xff');
const passphrase = 'correct horse';

let home: GpgHome;
let pinentry: FakePinentry;
let fingerprint: Fingerprint;
let other: Fingerprint;
let key: InvestigatorKey;

const write = (name: string, text: string): void => writeFileSync(join(home.directory, name), text);
const keyFiles = (): string[] => {
  const folder = join(home.directory, 'private-keys-v1.d');
  return readdirSync(folder).map((name) => join(folder, name));
};

before(async () => {
  home = makeGpgHome();
  pinentry = installPinentry(home.directory);
  fingerprint = home.newKey('locked', 'ed25519', 'cv25519', 'sign', passphrase);
  other = home.newKey('other', 'ed25519', null);
  key = await openKey({ kind: 'gpg', fingerprint });
});
beforeEach(() => {
  rmSync(join(home.directory, 'gpg.conf'), { force: true });
  pinentry.answer(passphrase);
});
after(() => home.remove());

async function refusal(use: () => Promise<unknown>): Promise<CodedError> {
  try {
    await use();
  } catch (error) {
    return error as CodedError;
  }
  return assert.fail('expected a refusal');
}

describe("gpg's troubles are named, with what to do", () => {
  const troubles: readonly (readonly [string, string, RegExp, () => void])[] = [
    ['a cancelled prompt', 'pinentry-cancelled', /nothing was sent/, () => pinentry.answer(pinentryErrors.cancelled)],
    [
      'a prompt that nobody answers',
      'pinentry-timeout',
      /pinentry-timeout/,
      () => pinentry.answer(pinentryErrors.timeout),
    ],
    ['a wrong passphrase', 'passphrase-wrong', /try again/, () => pinentry.answer('wrong')],
    ['no terminal', 'pinentry-without-terminal', /GPG_TTY/, () => pinentry.answer(pinentryErrors.noTerminal)],
    [
      'no pinentry',
      'pinentry-missing',
      /pinentry-program in gpg-agent\.conf/,
      () => write('gpg-agent.conf', 'pinentry-program /nonexistent\n'),
    ],
    ['no gpg-agent', 'gpg-agent-missing', /gpgconf --launch/, () => write('gpg.conf', 'no-autostart\n')],
  ];
  for (const [name, code, hint, make] of troubles)
    it(name, async () => {
      const wrapped = await key.encrypt(bytes);
      make();
      try {
        for (const use of [() => key.sign(bytes), () => key.decrypt(wrapped)]) {
          const error = await refusal(use);
          assert.equal(error.code, code, error.message);
          assert.match(error.hint ?? '', hint);
        }
      } finally {
        pinentry = installPinentry(home.directory);
      }
    });

  it('a card that is not there', async () => {
    const contents = new Map(keyFiles().map((path) => [path, readFileSync(path)]));
    const serial = 'D2760001240102000005000012340000';
    for (const [path, content] of contents) {
      const curve = content.includes('Ed25519')
        ? '(curve Ed25519)(flags eddsa)'
        : '(curve Curve25519)(flags djb-tweak)';
      const point = /\(q\s+#([0-9A-F\s]+)#/.exec(content.toString('latin1'))?.[1]?.replaceAll(/\s/g, '');
      writeFileSync(
        path,
        `Key: (shadowed-private-key (ecc ${curve}(q\n #${point}#)(shadowed t1-v1\n (#${serial}# OPENPGP.1))))\n`,
      );
    }
    try {
      const error = await refusal(() => key.sign(bytes));
      assert.equal(error.code, 'card-missing', error.message);
      assert.match(error.hint ?? '', /gpg --card-status/);
    } finally {
      for (const [path, content] of contents) writeFileSync(path, content);
    }
  });

  it('no secret key of that fingerprint', async () => {
    const absent = await openKey({ kind: 'gpg', fingerprint: 'A'.repeat(40) as Fingerprint });
    for (const use of [() => absent.sign(bytes), () => absent.exportPublic()]) {
      const error = await refusal(use);
      assert.equal(error.code, 'key-not-found');
      assert.match(error.hint ?? '', /gpg --list-secret-keys.*GNUPGHOME/);
    }
  });

  it('other words of gpg are left to gpg', () => {
    assert.equal(explainFailure('sign', '[GNUPG:] FAILURE sign 67109999'), undefined);
    assert.equal(explainFailure('sign', '[GNUPG:] ERROR pkdecrypt_failed 11')?.code, 'passphrase-wrong');
  });
});

describe('a gpg.conf that would make other signatures', () => {
  const lines = ['textmode', 'default-sig-expire 1d', 'comment mine', 'emit-version', 'digest-algo SHA1'];
  for (const line of [...lines, 'throw-keyids', `encrypt-to ${'B'.repeat(40)}`, 'compress-algo zlib'])
    it(`changes nothing: ${line}`, async () => {
      write('gpg.conf', `${line}\n`);
      const publicKey = await readPublicKey(await key.exportPublic());
      const armored = await key.sign(bytes);
      assert.deepEqual(await verifyDetached(bytes, armored, [publicKey], new Date()), {
        kind: 'valid',
        signer: fingerprint,
      });
      assert.doesNotMatch(armored, /^(?:Comment|Version):/m);
      const inTwoDays = new Date(Date.now() + 2 * 86_400_000);
      assert.notEqual((await verifyDetached(bytes, armored, [publicKey], inTwoDays)).kind, 'unknown-signer');
      assert.deepEqual(Buffer.from(await key.decrypt(await key.encrypt(bytes))), bytes);
    });

  it('is named where it asks for the signature of a key that is not there', async () => {
    write('gpg.conf', 'local-user nobody\n');
    const error = await refusal(() => key.sign(bytes));
    assert.match(error.hint ?? '', /local-user/);
  });

  it('is named where it makes two signatures', async () => {
    write('gpg.conf', `local-user ${other}\n`);
    const error = await refusal(() => key.sign(bytes));
    assert.equal(error.code, 'gpg-failed');
    assert.match(error.hint ?? '', /local-user.*gpg\.conf/);
  });
});
