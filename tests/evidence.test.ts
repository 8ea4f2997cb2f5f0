/** An action exported as evidence, and what becomes of evidence that somebody touched. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { toCanonicalJson } from '../protocol/strict-json.ts';
import type { LabInvestigator } from '../tools/lab/investigator-key.ts';
import { Lab, type RelayAddress } from '../tools/lab/lab.ts';

const fleet = 'evident';

interface EvidenceFile {
  readonly exporter: string;
  readonly evidence: {
    envelope: { payload: string; signatures: string[] };
    keys: string[];
    replykey: string;
    exported: string;
    reports: { message: string; agent: string }[];
  };
}

describe('evidence', () => {
  const lab = new Lab();
  const file = lab.path('case.json');
  let alice: LabInvestigator;
  let stranger: LabInvestigator;
  let relay: RelayAddress;

  before(async () => {
    alice = await lab.makeInvestigator('alice');
    stranger = await lab.makeInvestigator('stranger');
    relay = (await lab.startRelay()).address;
    const executable = await lab.buildAgent(fleet, {
      relay: lab.relayConfig(relay),
      investigators: { alice: { keys: [{ file: alice.publicKeyFile, fingerprint: alice.fingerprint }] } },
      acl: { default: { minimumWeight: 1, weights: { alice: 1 } } },
      modules: ['file'],
    });
    await lab.startAgent(executable);
    const env = lab.migEnvironment(relay, fleet, alice);
    await lab.waitForAgents(1, env);
    const folder = lab.path('evidence');
    mkdirSync(folder);
    writeFileSync(join(folder, 'found'), '');
    const asked = await lab.mig(['file', '-t', 'all', '-path', folder, '-name', '^found$', '-f', 'json'], env);
    assert.equal(asked.code, 0, asked.stderr);
    const [{ id }] = JSON.parse((await lab.mig(['actions', '-f', 'json'], env)).stdout).actions;
    const exported = await lab.mig(['export', id, '-o', file], env);
    assert.equal(exported.code, 0, exported.stderr);
  });
  after(() => lab.close());

  /** Without any setting: neither server nor key. */
  const verify = (path: string, ...flags: string[]) => lab.mig(['verify', path, ...flags], {});

  test('is whole, signed and answered for whoever has the file alone', async () => {
    const { code, stdout, stderr } = await verify(file, '-keys', alice.publicKeyFile);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /found \[lastmodified:/);
    assert.match(
      stderr,
      new RegExp(`whole as ${alice.fingerprint} exported it from https://.* \\(a key that you have\\)`),
    );
    assert.match(stderr, new RegExp(`signed by ${alice.fingerprint}`));
    assert.match(stderr, /answered: 1 fully/);
  });

  const flip = (base64: string, at: number): string => {
    const bytes = Buffer.from(base64, 'base64');
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    return bytes.toString('base64');
  };

  const changes: Readonly<Record<string, (file: EvidenceFile) => unknown>> = {
    'its action was changed': ({ evidence }) => {
      evidence.envelope.payload = flip(evidence.envelope.payload, 200);
    },
    'an answer was changed': ({ evidence }) => {
      for (const report of evidence.reports) report.message = flip(report.message, 700);
    },
    'an answer was taken out': ({ evidence }) => evidence.reports.pop(),
    'its time was changed': ({ evidence }) => {
      evidence.exported = '2030-01-01T00:00:00Z';
    },
    'the key that opens the answers was changed': ({ evidence }) => {
      evidence.replykey = flip(evidence.replykey, 3);
    },
    'its signatures were taken out': ({ evidence }) => {
      evidence.envelope.signatures.splice(0);
    },
    'another key stands for the signer': ({ evidence }) => {
      evidence.keys = [readFileSync(stranger.publicKeyFile, 'utf8')];
    },
  };
  for (const [says, change] of Object.entries(changes))
    test(`is not taken when ${says}`, async () => {
      const parsed = JSON.parse(readFileSync(file, 'utf8')) as EvidenceFile;
      change(parsed);
      const path = lab.path('changed.json');
      writeFileSync(path, toCanonicalJson(parsed));
      const { code, stderr } = await verify(path);
      assert.notEqual(code, 0, stderr);
      assert.doesNotMatch(stderr, /^whole as/m);
      assert.doesNotMatch(stderr, /at .*\.ts:/);
    });
});
