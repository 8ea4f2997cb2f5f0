import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { CodedError } from '../../protocol/base/coded-error.ts';
import { assertSettings, describeFormerConfig, requireSetting } from './require-settings.ts';
import { readSettings } from './settings.ts';

const fingerprint = 'A'.repeat(40);
let folder: string;
let file: string;

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'mig-settings-'));
  mkdirSync(join(folder, 'mig'));
  file = join(folder, 'mig', 'config.json');
});
after(() => rmSync(folder, { recursive: true, force: true }));

function read(config: unknown, environment: Record<string, string> = {}) {
  writeFileSync(file, typeof config === 'string' ? config : JSON.stringify(config));
  return readSettings({ XDG_CONFIG_HOME: folder, XDG_STATE_HOME: folder, ...environment });
}

describe('settings', () => {
  it('come from the config file, with paths relative to it', () => {
    const settings = read({ server: 'https://mig.example.org', ca: 'ca.pem', fleet: 'staging', key: 'me.asc' });
    assert.equal(settings.server?.host, 'mig.example.org');
    assert.equal(settings.caFile, join(folder, 'mig', 'ca.pem'));
    assert.equal(settings.fleet, 'staging');
    assert.deepEqual(settings.key, { kind: 'file', path: join(folder, 'mig', 'me.asc'), passphraseFile: undefined });
    assert.equal(settings.stateDirectory, join(folder, 'mig'));
  });

  it('come from the environment first, where empty is as good as absent', () => {
    const settings = read(
      { server: 'https://one.example.org', fleet: 'staging', key: 'me.asc' },
      {
        MIG_SERVER: 'https://two.example.org:8443',
        MIG_FLEET: '',
        MIG_KEY: fingerprint.replaceAll('AAAA', 'aaaa '),
        MIG_CA: 'ca.pem',
      },
    );
    assert.equal(settings.server?.host, 'two.example.org:8443');
    assert.equal(settings.fleet, 'staging');
    assert.equal(settings.caFile, 'ca.pem');
    assert.deepEqual(settings.key, { kind: 'gpg', fingerprint });
  });

  it('may be absent, until one is needed', () => {
    const settings = readSettings({ XDG_CONFIG_HOME: join(folder, 'nowhere') });
    assert.equal(settings.server, undefined);
    for (const name of ['server', 'fleet', 'key'] as const)
      assert.throws(() => requireSetting(settings, name), { code: 'setting-missing' });
  });

  it('that are missing are named all at once', () => {
    const settings = readSettings({ XDG_CONFIG_HOME: join(folder, 'nowhere'), MIG_FLEET: 'staging' });
    assert.throws(
      () => assertSettings(settings, 'server', 'fleet', 'key'),
      (error: CodedError) => {
        assert.equal(error.code, 'setting-missing');
        assert.match(error.message, /^expected the server's https URL, got none\nexpected the fingerprint/);
        assert.match(error.hint ?? '', /^set MIG_SERVER, MIG_KEY, or "server", "key" in .*config\.json$/m);
        return true;
      },
    );
  });

  it("of the original's file are noticed, and what they are called here", () => {
    assert.equal(describeFormerConfig(folder), undefined);
    writeFileSync(join(folder, '.migrc'), '[api]\n');
    assert.match(describeFormerConfig(folder) ?? '', /\.migrc is the original's and is not read: .*"server".*"key"/);
  });

  it('that are larger than any config file are refused, with the file', () => {
    assert.throws(
      () => read(`{"fleet": "${'a'.repeat(70_000)}"}`),
      /at most 65536 bytes of JSON in .*config\.json, got 70/,
    );
  });

  it('name all bad fields at once', () => {
    assert.throws(
      () => read({ server: 'http://mig.example.org', fleet: 'Prod', sever: 1 }),
      (error: Error & { code: string }) =>
        error.code === 'settings-malformed' &&
        ['server: expected an https URL', 'fleet: ', '"sever" (did you mean "server"?)'].every((part) =>
          error.message.includes(part),
        ),
    );
    assert.throws(
      () => read({}, { MIG_SERVER: 'ftp://x', MIG_FLEET: '!' }),
      (error: Error & { code: string }) =>
        error.code === 'settings-malformed' &&
        ['MIG_SERVER', 'MIG_FLEET'].every((name) => error.message.includes(name)),
    );
  });

  for (const server of [
    'mig.example.org',
    '127.0.0.1:8443',
    'https://',
    'https://a b',
    'https://mig.example.org:99999',
  ])
    it(`name what should be the server's URL and is ${server}`, () => {
      assert.throws(() => read({}, { MIG_SERVER: server }), {
        code: 'settings-malformed',
        message: `MIG_SERVER: expected an https URL such as https://mig.example.org, got ${server}`,
      });
      assert.throws(() => read({ server }), { code: 'settings-malformed' });
    });

  for (const [name, config] of [
    ['no JSON', 'server='],
    ['a list', '[]'],
    ['a URL with a path', { server: 'https://mig.example.org/api' }],
    ['an empty key', { key: '' }],
  ] as const)
    it(`refuse a config file with ${name}`, () => assert.throws(() => read(config), { code: 'settings-malformed' }));

  it('refuse a config file that was named and is not there', () => {
    assert.throws(() => readSettings({ MIG_CONFIG: join(folder, 'absent.json') }), { code: 'settings-unreadable' });
  });
});
