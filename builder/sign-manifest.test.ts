import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type GpgHome, makeGpgHome } from '../investigator/testing/gpg-home.ts';
import { Fingerprint } from '../protocol/base/identifiers.ts';
import { signManifest } from './sign-manifest.ts';

describe('a manifest', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mig-manifest-'));
  const manifest = join(folder, 'manifest.json');
  let home: GpgHome;
  let key: Fingerprint;
  before(() => {
    home = makeGpgHome();
    key = home.newKey('release', 'ed25519', null);
    writeFileSync(manifest, '{"version":"0.1.0"}\n');
  });
  after(() => {
    home.remove();
    rmSync(folder, { recursive: true });
  });

  it('is signed, again and again, and gpg says when it was changed afterwards', async () => {
    assert.equal(await signManifest(manifest, key), `${manifest}.asc`);
    await signManifest(manifest, key);
    home.gpg('--verify', `${manifest}.asc`, manifest);
    assert.deepEqual(readdirSync(folder).sort(), ['manifest.json', 'manifest.json.asc']);
    writeFileSync(manifest, '{"version":"0.1.1"}\n');
    assert.throws(() => home.gpg('--verify', `${manifest}.asc`, manifest), /BAD signature/);
  });

  it('that cannot be signed keeps the signature that it had, and the error says what gpg said', async () => {
    const before = readdirSync(folder).sort();
    const nobody = Fingerprint.parse('A'.repeat(40));
    await assert.rejects(signManifest(manifest, nobody), {
      code: 'manifest-unsigned',
      message: /expected gpg to sign with A{40}: .*[Nn]o secret key/,
    });
    assert.deepEqual(readdirSync(folder).sort(), before);
  });
});
