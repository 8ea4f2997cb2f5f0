/** An action on its way from signer to signer, to the agents and back. */

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it, mock } from 'node:test';
import { generateKey } from 'openpgp';
import { ActionSubmission } from '../../protocol/api/api.ts';
import { clockToleranceMs } from '../../protocol/base/clock.ts';
import type { CodedError } from '../../protocol/base/coded-error.ts';
import { exitCodes } from '../cli/exit-codes.ts';
import { startToyPlatform, type ToyPlatform } from '../testing/toy-platform.ts';

interface Person {
  readonly secret: string;
  readonly public: string;
  readonly fingerprint: string;
}

let platform: ToyPlatform;
let alice: Person;
let bob: Person;
let question: string;
let rules: string;

async function makePerson(name: string): Promise<Person> {
  const { privateKey, publicKey } = await generateKey({ userIDs: [{ name }], format: 'object' });
  return {
    secret: platform.write(`${name}.secret.asc`, privateKey.armor()),
    public: platform.write(`known/${name}.asc`, publicKey.armor()),
    fingerprint: publicKey.getFingerprint().toUpperCase(),
  };
}

before(async () => {
  platform = await startToyPlatform();
  platform.environment.MIG_KEYS = join(platform.folder, 'known');
  mkdirSync(platform.environment.MIG_KEYS);
  alice = await makePerson('alice');
  bob = await makePerson('bob');
  question = platform.write(
    'q.json',
    JSON.stringify({
      syntaxversion: 3,
      name: 'two must agree',
      target: 'all',
      operations: [{ module: 'toy', parameters: { words: ['wget'] } }],
    }),
  );
  const person = (name: string, { fingerprint }: Person) => ({ name, keys: [fingerprint] });
  rules = platform.write(
    'agent-config.json',
    JSON.stringify({
      version: '1',
      name: 'production',
      acl: { toy: { minimumWeight: 2, weights: { alice: 1, bob: 1 } } },
      modules: ['toy'],
      investigators: [person('alice', alice), person('bob', bob)],
    }),
  );
});
after(() => platform.close());

function mig(who: Person, ...argv: readonly string[]) {
  platform.environment.MIG_KEY = who.secret;
  return platform.mig(...argv);
}

const signedFile = (): string => join(platform.folder, 'signed.json');
const verifyArguments = (): string[] => ['verify', signedFile(), '-keys', alice.public, '-keys', bob.public];
const dataOf = (lines: readonly string[]): string[] => lines.filter((line) => line.startsWith('out: '));

describe('an action that two must sign', () => {
  it('is not enough with one signature, enough with both, and both can open the answers', async () => {
    await mig(alice, 'sign', question, '-o', signedFile(), '-reader', bob.public);
    const once = await mig(alice, ...verifyArguments(), '-with', rules);
    assert.equal(once.exitCode, exitCodes.nothingFound);
    assert.deepEqual(dataOf(once.lines), [
      `out: signed by alice (${alice.fingerprint})`,
      'out: toy: not enough, weight 1 of 2',
    ]);

    const second = await mig(bob, 'sign', signedFile(), '-o', signedFile(), '-y');
    assert.ok(second.lines.includes(`err: signed by alice (${alice.fingerprint}), verified`));
    assert.ok(second.lines.includes('err: named "two must agree"'), 'what is asked was shown');
    assert.ok(second.lines.some((line) => line.includes('Does the machine know these words?')));
    const twice = await mig(bob, ...verifyArguments(), '-with', rules);
    assert.equal(twice.exitCode, exitCodes.found);
    assert.equal(dataOf(twice.lines).at(-1), 'out: toy: enough weight');

    const launched = await mig(bob, 'launch', signedFile(), '-y');
    assert.equal(launched.exitCode, exitCodes.found);
    assert.ok(launched.lines.includes('out: web1 knows wget'));
    const id = /[0-9a-f]{32}/.exec(launched.lines.join('\n'))?.[0] ?? '';
    const shown = await mig(alice, 'show', id);
    assert.ok(shown.lines.includes('out: web1 knows wget'));
  });

  it('is not enough when the same person signs twice', async () => {
    await mig(alice, 'sign', question, '-o', signedFile());
    await mig(alice, 'sign', signedFile(), '-o', signedFile(), '-y');
    const { exitCode, lines } = await mig(alice, ...verifyArguments(), '-with', rules);
    assert.equal(exitCode, exitCodes.nothingFound);
    assert.equal(dataOf(lines).at(-1), 'out: toy: not enough, weight 1 of 2');
  });

  it('is told from one that somebody changed', async () => {
    await mig(alice, 'sign', question, '-o', signedFile());
    const submission = ActionSubmission.parse(JSON.parse(readFileSync(signedFile(), 'utf8')));
    const payload = Buffer.from(submission.envelope.payload, 'base64').toString('utf8').replace('wget', 'curl');
    const envelope = { ...submission.envelope, payload: Buffer.from(payload, 'utf8').toString('base64') };
    writeFileSync(signedFile(), JSON.stringify({ ...submission, envelope }));
    const { exitCode, lines } = await mig(alice, ...verifyArguments());
    assert.equal(exitCode, exitCodes.nothingFound);
    assert.match(dataOf(lines).join(), /not a signature of this action/);
    await assert.rejects(mig(bob, 'sign', signedFile(), '-y'), { code: 'signature-not-valid' });
    await assert.rejects(mig(alice, 'launch', signedFile(), '-y'), { code: 'action-not-yours' });
  });

  it('may be signed by a clock that is ahead of ours by the tolerance, and no more', async () => {
    const signAhead = async (aheadMs: number): Promise<void> => {
      mock.timers.enable({ apis: ['Date'], now: Date.now() + aheadMs });
      try {
        await mig(alice, 'sign', question, '-o', signedFile());
      } finally {
        mock.timers.reset();
      }
    };
    // Signatures have whole seconds.
    await signAhead(clockToleranceMs - 2000);
    const { exitCode, lines } = await mig(alice, ...verifyArguments());
    assert.equal(exitCode, exitCodes.found, lines.join('\n'));
    assert.equal((await mig(alice, 'launch', signedFile(), '-y')).exitCode, exitCodes.found);
    await signAhead(3_600_000);
    const later = await mig(alice, ...verifyArguments());
    assert.equal(later.exitCode, exitCodes.nothingFound);
    assert.match(dataOf(later.lines).join('\n'), /counts nothing: signed-later.*not to be signed or launched: /s);
    for (const command of ['launch', 'sign'])
      await assert.rejects(mig(alice, command, signedFile(), '-y'), (error: CodedError) => {
        assert.equal(error.code, 'signed-later');
        assert.match(error.hint ?? '', /clock is wrong/);
        return true;
      });
  });

  it('is launched only by who has signed it and can open the answers', async () => {
    await mig(alice, 'sign', question, '-o', signedFile());
    await assert.rejects(mig(bob, 'launch', signedFile(), '-y'), { code: 'action-not-yours' });
    await assert.rejects(mig(bob, 'sign', signedFile(), '-o', signedFile(), '-y'), { code: 'not-a-reader' });
  });

  it('is never signed without a yes', async () => {
    await mig(alice, 'sign', question, '-o', signedFile(), '-reader', bob.public);
    await assert.rejects(mig(bob, 'sign', signedFile()), { code: 'not-confirmed' });
  });

  it('is refused when the file is none, or for another environment', async () => {
    await assert.rejects(mig(alice, 'verify', question), { code: 'signed-file-malformed' });
    await assert.rejects(mig(alice, 'verify', join(platform.folder, 'absent')), { code: 'file-unreadable' });
    await mig(alice, 'sign', question, '-o', signedFile());
    const staging = JSON.stringify({ ...JSON.parse(readFileSync(rules, 'utf8')), name: 'staging' });
    const other = platform.write('staging.json', staging);
    await assert.rejects(mig(alice, ...verifyArguments(), '-with', other), { code: 'other-fleet' });
    await assert.rejects(mig(alice, ...verifyArguments(), '-with', question), { code: 'environment-malformed' });
  });
});

describe('a proposal', () => {
  const idIn = (lines: readonly string[]): string =>
    /^out: ([0-9a-f]{32})$/m.exec(lines.join('\n'))?.[1] ?? assert.fail();
  const propose = async (): Promise<string> =>
    idIn((await mig(alice, 'propose', question, '-reader', bob.public)).lines);

  it('is shown in full to who approves it, and is enough for both to launch it', async () => {
    const id = await propose();
    const listed = await mig(bob, 'proposals');
    assert.match(dataOf(listed.lines).join('\n'), new RegExp(`${id} .* alice +all +two must agree`));
    const unknown = await mig(bob, 'proposals', '-keys', bob.public);
    assert.match(dataOf(unknown.lines).join('\n'), new RegExp(`${id} +NOT VERIFIED: signer-unknown *$`, 'm'));
    await assert.rejects(mig(bob, 'approve', id, '-y', '-keys', bob.public), { code: 'signer-unknown' });
    await assert.rejects(mig(bob, 'launch', id, '-y', '-keys', bob.public), { code: 'action-not-yours' });
    const keys = ['-keys', alice.public, '-keys', bob.public, '-with', rules];
    assert.equal((await mig(bob, 'verify', id, ...keys)).exitCode, exitCodes.nothingFound);

    const approved = await mig(bob, 'approve', id, '-y');
    assert.equal(approved.exitCode, exitCodes.found);
    const notes = approved.lines.join('\n');
    assert.match(notes, new RegExp(`^err: signed by alice \\(${alice.fingerprint}\\), verified$`, 'm'));
    assert.match(notes, /toy: Does the machine know these words\?\nerr: {6}words wget/);
    assert.match(notes, /"words": \[\nerr: +"wget"/);
    const verified = await mig(bob, 'verify', id, ...keys);
    assert.deepEqual(dataOf(verified.lines), [
      `out: signed by alice (${alice.fingerprint})`,
      `out: signed by bob (${bob.fingerprint})`,
      'out: toy: enough weight',
    ]);
    for (const who of [alice, bob]) {
      const { exitCode, lines } = await mig(who, 'launch', id, '-y');
      assert.equal(exitCode, exitCodes.found);
      assert.ok(dataOf(lines).some((line) => /web1\S* knows wget/.test(line)));
    }
  });

  it('is not signed without a yes, in another environment, or when it is not the one that was asked for', async () => {
    const [id, other] = [await propose(), await propose()];
    const signatures = (): number => platform.relay.requests.filter((one) => one.endsWith('/signatures')).length;
    const before = signatures();
    await assert.rejects(mig(bob, 'approve', id), { code: 'not-confirmed' });
    platform.environment.MIG_FLEET = 'staging';
    await assert.rejects(mig(bob, 'approve', id, '-y'), { code: 'other-fleet' });
    platform.environment.MIG_FLEET = 'production';
    platform.relay.proposals.swap(id, other);
    await assert.rejects(mig(bob, 'approve', id, '-y'), { code: 'proposal-mismatch' });
    await assert.rejects(mig(bob, 'launch', id, '-y'), { code: 'proposal-mismatch' });
    assert.equal(signatures(), before);
  });

  it('may be for a word of the config file', async () => {
    mkdirSync(join(platform.folder, 'mig'), { recursive: true });
    platform.write('mig/config.json', JSON.stringify({ targets: { webservers: "tags->>'team' = 'web'" } }));
    const id = idIn((await mig(alice, 'propose', question, '-t', 'webservers')).lines);
    const listed = await mig(alice, 'proposals');
    assert.match(dataOf(listed.lines).join('\n'), new RegExp(`${id} .* tags->>'team' = 'web' `));
  });

  it('is launched only by who has signed it', async () => {
    const id = await propose();
    await assert.rejects(mig(bob, 'launch', id, '-y'), { code: 'action-not-yours' });
  });

  it('is withdrawn, and then nobody can approve it', async () => {
    const id = await propose();
    const { exitCode, lines } = await mig(alice, 'withdraw', id);
    assert.equal(exitCode, exitCodes.found);
    assert.match(lines.join('\n'), new RegExp(`^err: withdrawn: ${id}\nerr: .*still valid`));
    assert.doesNotMatch(dataOf((await mig(bob, 'proposals')).lines).join('\n'), new RegExp(id));
    await assert.rejects(mig(bob, 'approve', id, '-y'), { code: 'not-found' });
    await assert.rejects(mig(alice, 'withdraw', id), { code: 'not-found' });
    await assert.rejects(mig(alice, 'withdraw', 'x'), { code: 'usage' });
  });

  it('may be a file that somebody has signed', async () => {
    await mig(alice, 'sign', question, '-o', signedFile());
    const { lines } = await mig(alice, 'propose', signedFile());
    assert.match(idIn(lines), /^[0-9a-f]{32}$/);
    await assert.rejects(mig(alice, 'propose', signedFile(), '-e', '2d'), { code: 'usage' });
  });
});
