/** What is told of passwords, compared with passwd(1) and chage(1) over the same tables. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Protection } from '../kit/gate.ts';
import { makeHost } from '../kit/testing/host.ts';
import { linesOfTools, whyNoTools } from '../kit/testing/system-tools.ts';
import { askerOfHost } from './testing/host.ts';

const dayMs = 86_400_000;
const today = Math.floor(Date.now() / dayMs);

/** A hash of its own for each account. */
let salts = 10;
function strong(): string {
  salts += 1;
  return `$y$j9T$${'a'.repeat(20)}${salts}$${'b'.repeat(43)}`;
}
const md5 = `$1$saltsalt$${'c'.repeat(22)}`;

/** Fields of shadow behind the name, by account. */
const shadow: Readonly<Record<string, string>> = {
  root: `${strong()}:20000:0:99999:7:::`,
  locked: `!${strong()}:20000:0:99999:7:::`,
  star: '*:20000:0:99999:7:::',
  lock: '!:20000::::::',
  empty: ':20000:0:99999:7:::',
  weak: `${md5}:${today - 10}:0:90:7:::`,
  twin: `!!${md5}:${today - 10}:1:90:14:30::`,
  expired: `${strong()}:${today - 100}:0:90:7:::`,
  inactive: `${strong()}:${today - 100}:0:30:7:30::`,
  must: `${strong()}:0:0:99999:7:::`,
  ended: `${strong()}:20000:0:99999:7::${today}:`,
  tomorrow: `${strong()}:${today - 30}:0:30:7:0:${today + 1}:`,
  never: `${strong()}:::::::`,
  edge: `${strong()}:20000:0:9999:7:::`,
  endless: `${strong()}:20000:0:10000:7:5::`,
  typed: 'NP:20000:0:99999:7:::',
};
const names = [...Object.keys(shadow), 'shadowless', 'open', 'inline'];
const passwordOf: Readonly<Record<string, string>> = { open: '', inline: md5 };

const host = makeHost({
  '/etc/passwd': names.map((name, uid) => `${name}:${passwordOf[name] ?? 'x'}:${uid}:0::/:/bin/sh\n`).join(''),
  '/etc/group': 'root:x:0:\n',
  '/etc/shadow': Object.entries(shadow)
    .map(([name, fields]) => `${name}:${fields}\n`)
    .join(''),
  '/etc/nsswitch.conf': 'passwd: files\ngroup: files\nshadow: files\n',
});
const { ask, askAll } = askerOfHost(host);

it('an answer without the file that passwords are in is no full one', async () => {
  const files = { '/etc/group': 'root:x:0:\n', '/etc/nsswitch.conf': 'passwd: files\ngroup: files\nshadow: files\n' };
  for (const [password, complete] of [
    ['x', [false]],
    ['*', []],
  ] as const) {
    const bare = askerOfHost(makeHost({ ...files, '/etc/passwd': `root:${password}:0:0::/:/bin/sh\n` }));
    const { receipt } = await bare.ask({ entries: ['account'], passwords: ['set'] });
    const told = receipt.sources?.filter(({ kind }) => kind === 'shadow').map((source) => source.complete);
    assert.deepEqual(told, complete);
  }
});

const reason = whyNoTools('passwd', 'chage');
const skip = reason === null ? {} : { skip: reason };
const letters = { none: 'NP', locked: 'L', set: 'P' } as const;

async function accounts() {
  const { hits } = await ask({ entries: ['account'] });
  assert.deepEqual(
    hits.map(({ name }) => name),
    names,
  );
  return hits;
}

describe('the passwords of accounts', () => {
  it('are what passwd -Sa says', skip, async () => {
    const lines = linesOfTools(host, 'passwd -Sa').map((line) => line.split(' '));
    const theirs = new Map(lines.map(([name = '', state, ...rest]) => [name, { state, days: rest.slice(1, 4) }]));
    const days = (seconds: number | null | undefined): string => String((seconds ?? -86_400) / 86_400);
    for (const { name = '', password, minage, maxage, warnage } of await accounts()) {
      const [state = 'set'] = password ?? [];
      assert.equal(
        state in letters ? letters[state as keyof typeof letters] : state,
        theirs.get(name ?? '')?.state,
        name ?? '',
      );
      if (name !== null && shadow[name] !== undefined)
        assert.deepEqual([minage, maxage, warnage].map(days), theirs.get(name)?.days, name);
    }
  });

  it('have the days that chage -l says', skip, async () => {
    const say = (time: number | null | undefined): string =>
      typeof time === 'number' ? new Date(time).toISOString().slice(0, 10) : 'never';
    for (const { name, password, changed, expires, inactive, ends } of await accounts()) {
      if (typeof name !== 'string' || shadow[name] === undefined) continue;
      const lines = linesOfTools(host, `chage -i -l ${name}`).map((line) => line.split(/\s*:\s*/)[1]);
      const must = 'password must be changed';
      const ours = password?.includes('mustchange')
        ? [must, must, must, say(ends)]
        : [say(changed), say(expires), say(inactive), say(ends)];
      assert.deepEqual(ours, lines.slice(0, 4), name);
    }
  });

  const expected: Readonly<Record<string, string>> = {
    root: 'set neverexpires',
    locked: 'locked neverexpires',
    star: 'locked unusable',
    lock: 'locked unusable',
    empty: 'none neverexpires',
    weak: 'set weak shared',
    twin: 'locked weak shared',
    expired: 'set expired',
    inactive: 'set expired inactive',
    must: 'set mustchange',
    ended: 'set ended neverexpires',
    tomorrow: 'set',
    never: 'set neverexpires neverchanged',
    typed: 'set unusable',
    shadowless: 'set unusable',
    open: 'none',
    inline: 'set weak shared',
  };
  for (const [name, verdicts] of Object.entries(expected))
    it(`of ${name} is ${verdicts}`, async () => {
      const { hits } = await ask({ names: [`^${name}$`], entries: ['account'] });
      assert.deepEqual(hits[0]?.password, verdicts.split(' '));
    });

  it('are asked for by any of the words', async () => {
    const { hits } = await ask({ passwords: ['none', 'weak'], entries: ['account'] });
    assert.deepEqual(
      hits.map(({ name }) => name),
      ['empty', 'weak', 'twin', 'open', 'inline'],
    );
  });

  it('leave no hash and no salt in an answer', async () => {
    const text = JSON.stringify(await ask({}));
    for (const secret of ['saltsalt', 'aaaaaaaaaa', 'bbbbbbbbbb', 'cccccccccc'])
      assert.ok(!text.includes(secret), secret);
  });
});

describe('a protected table of passwords', () => {
  const protection = (mayRead: boolean, questions: number): Protection => ({
    rules: [
      { glob: '**/shadow', mayRead, mayTell: true },
      { glob: '**/gshadow', mayRead, mayTell: true },
    ],
    contents: [],
    questions,
  });
  const asked = (search: Parameters<typeof ask>[0], rules: Protection) =>
    askAll({ s1: search }, undefined, undefined, rules);

  it('is not read by a question without a filter on it', async () => {
    const { hits, receipt } = await asked({ entries: ['account'] }, protection(true, 10));
    assert.equal(hits.length, names.length);
    assert.ok(hits.every(({ name, password }) => name === 'open' || name === 'inline' || password === null));
    assert.equal(receipt.protectedquestions, 0);
    assert.ok(!receipt.sources?.some(({ kind }) => kind === 'shadow'));
  });

  it('counts as a question where it is asked for', async () => {
    const { hits, receipt } = await asked({ passwords: ['expired'] }, protection(true, 10));
    assert.deepEqual(
      hits.map(({ name }) => name),
      ['expired', 'inactive'],
    );
    assert.equal(receipt.protectedquestions, 1);
  });

  it('counts as one where it is grouped by', async () => {
    const { receipt } = await asked({ options: { rarest: ['scheme'] } }, protection(true, 10));
    assert.equal(receipt.protectedquestions, 1);
  });

  for (const [says, rules, skipped] of [
    ['of too few people', protection(false, 10), 'protected'],
    ['beyond the limit of the hour', protection(true, 0), 'question-limit'],
  ] as const)
    it(`is not read for a question ${says}, which the receipt says`, async () => {
      const { hits, receipt } = await asked({ passwords: ['expired'] }, rules);
      assert.deepEqual(hits, []);
      assert.equal(receipt.protectedquestions, 0);
      const undecided = receipt.skipped.find(({ reason: why }) => why === 'undecided')?.count ?? 0;
      assert.equal(undecided, names.length - 2);
      assert.ok(receipt.skipped.some(({ reason: why }) => why === skipped));
      assert.deepEqual(
        receipt.sources?.filter(({ kind }) => kind === 'shadow').map(({ complete }) => complete),
        [false],
      );
    });
});
