import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { readCertificate } from './certificate.ts';
import { readSettings } from './settings.ts';

describe('the certificate of a server', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'mig-certificate-test-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const own = () => readCertificate(readSettings({ MIG_STATE_DIR: folder }));

  test('is made for this machine by a CA of its own, once, with keys for the owner only', async () => {
    const first = await own();
    const certificate = new X509Certificate(first.cert);
    const ca = new X509Certificate(readFileSync(first.caFile ?? '', 'utf8'));
    assert.ok(ca.ca && !certificate.ca);
    assert.ok(certificate.verify(ca.publicKey));
    assert.equal(certificate.checkHost('localhost'), 'localhost');
    assert.equal(certificate.checkIP('127.0.0.1'), '127.0.0.1');
    assert.equal(certificate.checkIP('::1'), '::1');
    assert.equal(certificate.checkHost('relay.example.org'), undefined);
    for (const name of ['ca-key.pem', 'server-key.pem']) assert.equal(statSync(join(folder, name)).mode & 0o777, 0o600);
    assert.deepEqual(await own(), first);
  });

  test('is made again when it is not by the CA that is there', async () => {
    await own();
    const foreign = mkdtempSync(join(tmpdir(), 'mig-certificate-test-'));
    const other = await readCertificate(readSettings({ MIG_STATE_DIR: foreign }));
    rmSync(foreign, { recursive: true, force: true });
    writeFileSync(join(folder, 'server.pem'), other.cert);
    const again = await own();
    assert.ok(new X509Certificate(again.cert).verify(new X509Certificate(readFileSync(again.caFile ?? '')).publicKey));
  });

  test('is the one of the operator where there is one, and a missing file is said', async () => {
    const made = await own();
    const files = { MIG_TLS_CERT: join(folder, 'server.pem'), MIG_TLS_KEY: join(folder, 'server-key.pem') };
    const given = await readCertificate(readSettings({ ...files, MIG_STATE_DIR: folder }));
    assert.deepEqual(given, { cert: made.cert, key: made.key, caFile: null });
    const missing = readSettings({ ...files, MIG_TLS_KEY: join(folder, 'nothing.pem'), MIG_STATE_DIR: folder });
    await assert.rejects(readCertificate(missing), { code: 'certificate-unreadable' });
  });
});
