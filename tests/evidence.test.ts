/** An action exported as evidence, and the refusal of changed evidence. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { EvidenceFile, toEvidenceBytes, writeEvidenceFile } from '../investigator/answers/evidence/evidence.ts';
import { type InvestigatorKey, openKey } from '../investigator/keys/investigator-key.ts';
import { toInstant } from '../protocol/base/instant.ts';
import { toCanonicalJson } from '../protocol/base/strict-json.ts';
import { newReplyKey } from '../protocol/result/sealed.ts';
import { fakeClock } from '../tools/lab/fake-clock.ts';
import { type LabInvestigator, toPerson } from '../tools/lab/investigator-key.ts';
import { Lab, type RelayAddress } from '../tools/lab/lab.ts';

const fleet = 'evident';

/** The fields that are changed here, without a schema. */
interface Changeable {
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
  let bob: LabInvestigator;
  let stranger: LabInvestigator;
  let executable: string;
  let relay: RelayAddress;

  before(async () => {
    // Good for a day: an export must be good for longer.
    alice = await lab.makeInvestigator('alice', { lifetimeSeconds: 86_400 });
    bob = await lab.makeInvestigator('bob');
    stranger = await lab.makeInvestigator('stranger');
    relay = (await lab.startRelay()).address;
    executable = await lab.buildAgent(fleet, {
      relay: lab.relayConfig(relay),
      investigators: { alice: toPerson(alice), bob: toPerson(bob) },
      acl: { default: { minimumWeight: 2, weights: { alice: 1, bob: 1 } } },
      modules: ['file'],
    });
    await lab.startAgent(executable);
    const env = lab.migEnvironment(relay, fleet, alice);
    await lab.waitForAgents(1, env);
    const folder = lab.path('evidence');
    mkdirSync(folder);
    writeFileSync(join(folder, 'found'), '');
    const question = lab.path('question.json');
    const parameters = { searches: { s1: { paths: [folder], names: ['^found$'] } } };
    const operations = [{ module: 'file', parameters }];
    writeFileSync(question, JSON.stringify({ syntaxversion: 3, name: 'q', target: 'all', operations }));
    const id = (await lab.mig(['propose', question, '-reader', bob.publicKeyFile], env)).stdout.trim();
    const keys = ['-keys', lab.keysFolder];
    const approved = await lab.mig(['approve', id, '-y', ...keys], lab.migEnvironment(relay, fleet, bob));
    assert.equal(approved.code, 0, approved.stderr);
    const asked = await lab.mig(['launch', id, '-y', ...keys], env);
    assert.equal(asked.code, 0, asked.stderr);
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
      new RegExp(
        `^whole as alice.*, ${alice.fingerprint} \\(a key that you have: alice\\) exported it from https://`,
        'm',
      ),
    );
    assert.match(stderr, new RegExp(`signed by .*${alice.fingerprint}`));
    assert.match(stderr, /answered: 1 fully/);
  });

  test('has the keys of all who signed, without their being named', async () => {
    const { code, stderr } = await verify(file, '-keys', bob.publicKeyFile);
    assert.equal(code, 0, stderr);
    assert.match(stderr, new RegExp(`^signed by alice.*, ${alice.fingerprint} \\(compare`, 'm'));
    assert.match(stderr, new RegExp(`^signed by bob.*, ${bob.fingerprint} \\(a key that you have: bob\\)`, 'm'));
  });

  test('says whether the weights were enough for the agents', async () => {
    const config = lab.path('agent-config.json');
    writeFileSync(config, (await lab.run(executable, ['config'])).stdout);
    const enough = await verify(file, '-with', config);
    assert.equal(enough.code, 0, enough.stderr);
    assert.match(enough.stderr, /^file: enough weight$/m);
    const parsed = JSON.parse(readFileSync(config, 'utf8'));
    parsed.acl.default.minimumWeight = 3;
    writeFileSync(config, JSON.stringify(parsed));
    const tooLittle = await verify(file, '-with', config);
    assert.equal(tooLittle.code, 1, tooLittle.stderr);
    assert.match(tooLittle.stderr, /^file: not enough, weight 2 of 3$/m);
  });

  test('is as good ten years later, when a key of then has expired', async () => {
    const later = await fakeClock(lab.path('fake-clock.so'), 10 * 365 * 86_400);
    const { code, stdout, stderr } = await lab.mig(['verify', file], later);
    assert.equal(code, 0, stderr);
    assert.match(stderr, new RegExp(`^signed by .*${alice.fingerprint}`, 'm'));
    assert.match(stdout, /found \[lastmodified:/);
  });

  test('is as good when it was exported after a key had expired', async () => {
    const parsed = EvidenceFile.parse(JSON.parse(readFileSync(file, 'utf8')));
    const evidence = { ...parsed.evidence, exported: toInstant(Date.now() + 2 * 86_400_000) };
    const key = await openKey({ kind: 'file', path: bob.secretKeyFile, passphraseFile: undefined });
    const signature = await key.sign(toEvidenceBytes(evidence));
    const late = lab.path('late.json');
    writeEvidenceFile(late, { ...parsed, evidence, exporter: key.fingerprint, signature });
    const { code, stderr } = await verify(late);
    assert.equal(code, 0, stderr);
    assert.match(stderr, new RegExp(`^whole as .*${bob.fingerprint}`, 'm'));
    assert.match(stderr, new RegExp(`^signed by .*${alice.fingerprint}`, 'm'));
  });

  /** A forgery by somebody who has read the real export: whole, with a key of the forger's own. */
  async function forge(
    name: string,
    change: (evidence: EvidenceFile['evidence'], key: InvestigatorKey) => Promise<EvidenceFile['evidence']>,
  ) {
    const { evidence, ...rest } = EvidenceFile.parse(JSON.parse(readFileSync(file, 'utf8')));
    const key = await openKey({ kind: 'file', path: stranger.secretKeyFile, passphraseFile: undefined });
    const keys = [...evidence.keys, readFileSync(stranger.publicKeyFile, 'utf8')];
    const forged = await change({ ...evidence, keys }, key);
    const signature = await key.sign(toEvidenceBytes(forged));
    const path = lab.path(name);
    writeEvidenceFile(path, { ...rest, evidence: forged, exporter: key.fingerprint, signature });
    return path;
  }

  test('is not good for who names keys of which none has signed anything in it', async () => {
    const path = await forge('forged.json', async (evidence, key) => {
      const signatures = [await key.sign(Buffer.from(evidence.envelope.payload, 'base64'))];
      return { ...evidence, envelope: { ...evidence.envelope, signatures } };
    });
    const { code, stderr } = await verify(path, '-keys', alice.publicKeyFile);
    assert.equal(code, 1, stderr);
    assert.match(stderr, /^none of the keys that you named has signed/m);
  });

  test('is not good with another key for the answers than that of the action', async () => {
    const path = await forge('other-reply-key.json', async (evidence) => ({
      ...evidence,
      replykey: newReplyKey().privateKey,
      reports: [],
    }));
    const { code, stderr } = await verify(path, '-keys', alice.publicKeyFile);
    assert.equal(code, 1, stderr);
    assert.match(stderr, /^NOT the key for the answers to this action/m);
  });

  const flip = (base64: string, at: number): string => {
    const bytes = Buffer.from(base64, 'base64');
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    return bytes.toString('base64');
  };

  const changes: Readonly<Record<string, (file: Changeable) => unknown>> = {
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
      const parsed = JSON.parse(readFileSync(file, 'utf8')) as Changeable;
      change(parsed);
      const path = lab.path('changed.json');
      writeFileSync(path, toCanonicalJson(parsed));
      const { code, stderr } = await verify(path);
      assert.notEqual(code, 0, stderr);
      assert.doesNotMatch(stderr, /^whole as/m);
      // Before anybody reads on, and after the last answer.
      const lines = stderr.trimEnd().split('\n');
      if (code === 1) for (const line of [lines[0], lines.at(-1)]) assert.match(line ?? '', /^NOT /);
      assert.doesNotMatch(stderr, /at .*\.ts:/);
    });
});
