/** A listing from its declaration to the answer, with made-up rows. */
import assert from 'node:assert/strict';
import { mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { carryOut } from '../carry-out.ts';
import type { Protection } from '../gate.ts';
import { askerOf, linesOf } from '../testing/ask.ts';
import { limits } from '../testing/limits.ts';
import type { RowOf } from './columns.ts';
import { defineListing } from './define-listing.ts';
import { address, age, choice, number, path, size, text, time } from './kinds.ts';
import { texts, words } from './lists.ts';
import { runListing } from './run-listing.ts';

const columns = {
  name: { kind: text, help: 'Name.', discloses: 'names', line: 'head' },
  file: { kind: path, help: 'Where it is.', discloses: 'names' },
  rank: { kind: number, help: 'How many are before it.' },
  weight: { kind: size, help: 'How large it is.' },
  span: { kind: age, help: 'How long it lasts.' },
  made: { kind: time, help: 'When it was made.' },
  state: { kind: choice(['on', 'off']), help: 'Whether it is there.' },
  host: { kind: address, help: 'Where it came from.' },
  part: { kind: texts, help: 'What it is made of.' },
  sign: { kind: words(['new', 'odd', 'old']), help: 'What is said of it.' },
} as const;

type Thing = RowOf<typeof columns>;

const module = defineListing({
  name: 'thing',
  summary: 'Which things are there?',
  platforms: ['linux'],
  needs: [],
  things: 'things',
  columns,
  key: ['name'],
  examples: [],
});

function over(rows: Iterable<Thing>) {
  return askerOf(
    module,
    runListing(module, () => rows),
  );
}

const ms = (moment: string): number => Date.parse(moment);
const things: readonly Thing[] = [
  {
    name: 'a',
    rank: 1,
    weight: 10,
    span: 60,
    made: ms('2026-01-31T07:00:30Z'),
    state: 'on',
    host: '10.0.0.1',
    part: ['steel', 'oak'],
    sign: ['new', 'odd'],
  },
  {
    name: 'b',
    rank: 2,
    weight: 2048,
    span: 7200,
    made: ms('2026-02-02T00:00:00Z'),
    state: 'off',
    host: '::1',
    part: ['steel'],
    sign: ['old'],
  },
  { name: 'c', rank: 2.5, weight: 5_000_000, span: 864_000, made: Date.now() - 1000, host: '8.8.8.8' },
  { name: 'none' },
];

describe('filters', () => {
  const cases: readonly (readonly [Readonly<Record<string, readonly string[]>>, ...names: string[]])[] = [
    [{}, 'a', 'b', 'c', 'none'],
    [{ names: ['^a'] }, 'a'],
    [{ names: ['n', 'e$'] }, 'none'],
    [{ names: ['!^[ab]$', '!c'] }, 'none'],
    [{ files: ['!x'] }, 'a', 'b', 'c', 'none'],
    [{ ranks: ['1', '2'] }, 'a', 'b'],
    [{ ranks: ['>2'] }, 'b', 'c'],
    [{ ranks: ['>2', '<2'] }, 'b'],
    [{ ranks: ['1..2'] }, 'a', 'b'],
    [{ ranks: ['..1.5'] }, 'a'],
    [{ weights: ['>1k', '<1m'] }, 'b'],
    [{ spans: ['<2h'] }, 'a', 'b'],
    [{ mades: ['<1h'] }, 'c'],
    [{ mades: ['>1h'] }, 'a', 'b'],
    [{ mades: ['2026-01-31'] }, 'a'],
    [{ mades: ['2026-01-31T07:00'] }, 'a'],
    [{ mades: ['2026-01-31T07:01..2026-02-02'] }, 'b'],
    [{ mades: ['2026-02-01..'] }, 'b', 'c'],
    [{ states: ['on', 'off'] }, 'a', 'b'],
    [{ states: ['off'], ranks: ['1'] }],
    [{ hosts: ['10.0.0.0/8', '::/0'] }, 'a', 'b'],
    [{ hosts: ['public'] }, 'c'],
    [{ hosts: ['!10.0.0.0/8'] }, 'b', 'c'],
    [{ parts: ['^steel$'] }, 'a', 'b'],
    [{ parts: ['^steel$', 'oak'] }, 'a'],
    [{ parts: ['!^oak$'] }, 'b', 'c', 'none'],
    [{ parts: ['l', '!oak'] }, 'b'],
    [{ signs: ['new', 'old'] }, 'a', 'b'],
    [{ signs: ['odd'] }, 'a'],
  ];
  for (const [written, ...names] of cases)
    it(`${JSON.stringify(written)} finds ${names.join(' ') || 'nothing'}`, async () => {
      const { hits } = await over(things).ask(written);
      assert.deepEqual(
        hits.map(({ name }) => name),
        names,
      );
    });

  const wrong: readonly (readonly [Parameters<typeof module.toParameters>[0], RegExp])[] = [
    [{ name: ['('] }, /^-name: /],
    [{ rank: ['many'] }, /^-rank: expected a number or a range .*got "many"/],
    [{ rank: ['2..1'] }, /^-rank: /],
    [{ rank: ['..'] }, /^-rank: /],
    [{ rank: ['1..2..3'] }, /^-rank: /],
    [{ weight: ['10q'] }, /^-weight: .*got "10q"/],
    [{ made: ['2026-02-30'] }, /^-made: .*got "2026-02-30"/],
    [{ made: ['<2026-01-31'] }, /^-made: /],
    [{ state: ['maybe'] }, /^-state: /],
    [{ host: ['10.0.0.0/33'] }, /^-host: /],
    [{ rarest: ['colour'] }, /^-rarest: /],
  ];
  for (const [given, message] of wrong)
    it(`refuse ${JSON.stringify(given)} by the flag`, () =>
      assert.throws(() => module.toParameters(given), { code: 'usage', message }));
});

describe('a listing', () => {
  it('prints the values of a list behind each other, and keeps them as a list', async () => {
    const { hits } = await over(things).ask({ signs: ['odd'] });
    assert.deepEqual(hits[0]?.part, ['steel', 'oak']);
    assert.match(linesOf(module, { s1: hits })[0] ?? '', /part:steel oak, sign:new odd\]/);
    assert.match(linesOf(module, { s1: [{ part: ['black steel', 'oak'] }] })[0] ?? '', /part:black steel; oak\]/);
  });

  it('tells its source by which columns it filters and groups', async () => {
    let told: readonly string[] = [];
    const { askAll } = askerOf(
      module,
      runListing(module, ({ asked }) => {
        told = [...asked];
        return [];
      }),
    );
    await askAll({ one: { names: ['a'] }, two: { signs: ['new'], options: { rarest: ['rank'] } } });
    assert.deepEqual(told.toSorted(), ['name', 'rank', 'sign']);
  });

  it('counts what could not be judged, and does not list it', async () => {
    const { hits, receipt } = await over([{ name: 'a', rank: null }, { rank: null }, { name: 'a', rank: 1 }]).ask({
      names: ['a'],
      ranks: ['>0'],
    });
    assert.deepEqual(hits, [{ name: 'a', rank: 1 }]);
    assert.deepEqual(receipt.skipped, [{ reason: 'undecided', count: 1 }]);
    assert.deepEqual(receipt.examined, { things: 3 });
  });

  it('lists no more than the match limit of each search', async () => {
    const { elements, receipt } = await over(Array.from({ length: 9 }, () => ({ name: 'a' }))).askAll({
      one: { options: { matchlimit: 1 } },
      three: { options: { matchlimit: 3 } },
    });
    assert.deepEqual([elements.one?.length, elements.three?.length], [1, 3]);
    assert.deepEqual(receipt.examined, { things: 9 });
    assert.equal(receipt.cutshort, 'match-limit');
  });

  // Once, a search that ended early revealed by these counts how many rows come before a matching one.
  it('counts the same whatever is asked', async () => {
    const protection: Protection = {
      rules: [{ glob: '/secret', mayRead: false, mayTell: false }],
      contents: [],
      questions: 0,
    };
    const rows = ['/a', '/b', '/c', '/secret', '/d', '/e', '/secret'].map((file) => ({ file }));
    for (const pattern of ['^/[bc]$', '^/[bd]$', '^/z$']) {
      const search = { files: [pattern], options: { matchlimit: 1 } };
      const { receipt } = await over(rows).askAll({ s1: search }, undefined, {}, protection);
      assert.deepEqual(receipt.examined, { things: 7 });
      assert.deepEqual(
        receipt.skipped.filter(({ reason }) => reason === 'protected'),
        [{ reason: 'protected', count: 2 }],
      );
    }
  });

  it('ends soon when it is told to, also where rows come without a pause', async () => {
    function* endless(): Generator<Thing> {
      for (;;) yield { name: 'a' };
    }
    const { receipt } = await over(endless()).askAll({ s1: { names: ['b'] } }, AbortSignal.timeout(200));
    assert.equal(receipt.cutshort, 'time');
    assert.ok(receipt.cost.wallms < 2000, `${receipt.cost.wallms} ms`);
  });

  it('tells nothing of what is protected, by where its path is and by where it leads', async () => {
    const protection: Protection = {
      rules: [{ glob: '/proc/*/secret', mayRead: false, mayTell: false }],
      contents: [],
      questions: 0,
    };
    const rows = [`/proc/${process.pid}/secret`, '/proc/self/secret', '/srv/open'].map((file) => ({ file }));
    const { hits, receipt } = await over(rows).askAll({ s1: {} }, undefined, {}, protection);
    assert.deepEqual(hits, [{ file: '/srv/open' }]);
    assert.deepEqual(receipt.skipped, [{ reason: 'protected', count: 2 }]);
  });

  it('tells nothing of what a link leads to that is named like a pattern', async (context) => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'mig-listing-')));
    context.after(() => rmSync(folder, { recursive: true }));
    const [secret, link] = [join(folder, 'secret'), join(folder, 'x[1]')];
    writeFileSync(secret, '');
    symlinkSync(secret, link);
    const rules = [{ glob: secret, mayRead: false, mayTell: false }];
    const { hits } = await over([{ file: link }]).askAll(
      { s1: {} },
      undefined,
      {},
      { rules, contents: [], questions: 0 },
    );
    assert.deepEqual(hits, []);
  });

  it('tells names alone where no more is asked for', async () => {
    const context = { signal: new AbortController().signal, limits };
    const run = runListing(module, () => things);
    const { elements } = await carryOut(module, run, { searches: { s1: { ranks: ['1'] } }, answer: 'names' }, context);
    assert.deepEqual(elements, { s1: [{ name: 'a' }] });
  });
});

describe('an answer of yes or no', () => {
  type Searches = Parameters<ReturnType<typeof over>['askAll']>[0];

  /** An answer without its cost. */
  async function answerOf(rows: readonly Thing[], searches: Searches): Promise<unknown> {
    const context = { signal: new AbortController().signal, limits };
    const run = runListing(module, () => rows);
    const { receipt, ...result } = await carryOut(module, run, { searches, answer: 'yesno' }, context);
    return { ...result, receipt: { ...receipt, cost: null } };
  }

  const one = [{ name: 'a' }, ...Array.from({ length: 3 }, () => ({ name: 'z' }))];
  const three = [{ name: 'z' }, ...Array.from({ length: 3 }, () => ({ name: 'a' }))];

  it('is the same however many fit, whatever the match limits', async () => {
    const limited = [1, 2, 3, 4].map((matchlimit): [string, Searches[string]] => [
      `s${matchlimit}`,
      { names: ['a'], options: { matchlimit } },
    ]);
    const searches = Object.fromEntries(limited);
    const answer = await answerOf(three, searches);
    assert.deepEqual(answer, await answerOf(one, searches));
    assert.deepEqual(Reflect.get(Object(answer), 'errors'), []);
  });

  it('is the same however many of those that fit could not be judged', async () => {
    const searches = { s1: { names: ['a'], ranks: ['>0'] } };
    const withoutRank = (rows: readonly Thing[]) => rows.map((row) => ({ ...row, rank: null }));
    const answer = await answerOf(withoutRank(three), searches);
    assert.deepEqual(answer, await answerOf(withoutRank(one), searches));
    const { skipped } = Reflect.get(Object(answer), 'receipt');
    assert.deepEqual(skipped, [{ reason: 'undecided', count: 1 }]);
  });

  it('is the same however many different ones there are, where the rarest are asked for', async () => {
    const many = Array.from({ length: 100_001 }, (_, rank) => ({ rank }));
    const searches: Searches = { s1: { options: { rarest: ['rank'] } } };
    const equal = many.map(() => ({ rank: 1 }));
    assert.deepEqual(await answerOf(many, searches), await answerOf(equal, searches));
  });
});

describe('the rarest', () => {
  const rows: readonly Thing[] = [...Array.from({ length: 5 }, () => ({ name: 'a' })), { name: 'b' }, {}, {}];

  it('are groups with their counts', async () => {
    const { hits } = await over(rows).ask({ options: { rarest: ['name'] } });
    assert.deepEqual(hits, [{ name: 'b', count: 1 }, { count: 2 }, { name: 'a', count: 5 }]);
    assert.deepEqual(linesOf(module, { s1: hits }).slice(0, 2), ['b [count:1]', '[count:2]']);
  });

  it('are those that a match limit leaves', async () => {
    const { hits, receipt } = await over(rows).ask({ names: ['.'], options: { rarest: ['name'], matchlimit: 1 } });
    assert.deepEqual(hits, [{ name: 'b', count: 1 }]);
    assert.equal(receipt.cutshort, 'match-limit');
  });

  it('are not all there where there are too many different ones, which the receipt says', async () => {
    function* many(): Generator<Thing> {
      for (let rank = 0; rank <= 100_000; rank += 1) yield { rank };
    }
    const search = { options: { rarest: ['rank' as const], matchlimit: 2 } };
    const { hits, receipt } = await over(many()).ask(search);
    assert.equal(hits.length, 2);
    assert.equal(receipt.cutshort, 'memory');
  });
});
