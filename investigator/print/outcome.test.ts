/** What an investigator reads, as golden files; record anew with UPDATE=1 and look at the difference. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import * as z from 'zod';
import type { Counts } from '../../protocol/api/api.ts';
import { AgentId } from '../../protocol/base/identifiers.ts';
import { emptyReceipt, type SkipReason } from '../../protocol/result/result.ts';
import type { Answer, ResultAnswer } from '../answers/answer.ts';
import type { NotGenuine } from '../answers/not-genuine.ts';
import { type Grade, toExitCode } from '../answers/outcome.ts';
import { Tally } from '../answers/tally.ts';
import type { Show } from '../cli/common-flags.ts';
import { exitCodes } from '../cli/exit-codes.ts';
import { recordConsole } from '../testing/recorded-console.ts';
import { toyModules, toyResult } from '../testing/toy-module.ts';
import { toCell } from './csv.ts';
import { openPrinter } from './open-printer.ts';
import { findRefusers } from './refused.ts';

const idOf = (digit: string): AgentId => AgentId.parse(digit.repeat(64));
const counts = { queued: 0, sent: 0, running: 0, succeeded: 0, failed: 0, refused: 0, expired: 0, cancelled: 0 };
const action = {
  name: 'who knows <wget>?',
  target: 'all',
  operations: [{ module: 'toy', parameters: { words: ['wget'] } }],
};

function answer(digit: string, name: string, ...operations: ResultAnswer['operations']): ResultAnswer {
  return { kind: 'result', agent: idOf(digit), name, state: 'succeeded', operations };
}

interface Came {
  readonly counts: Counts;
  readonly answers: readonly Answer[];
  readonly notGenuine?: readonly NotGenuine[];
  /** As the relay names them. */
  readonly names?: ReadonlyMap<AgentId, string>;
}

const formats = ['text', 'json', 'ndjson', 'csv', 'html', 'sarif', 'junit'] as const;

/** Everything that a person sees when these answers come. */
async function print(came: Came, format: (typeof formats)[number], show: Show) {
  const console = recordConsole();
  const now = (): number => Date.parse('2026-01-31T07:00:00Z');
  const by = ['Alice', 'Bob'].map((name) => `${name}, ${'A'.repeat(40)}`);
  const printer = await openPrinter(format, { asked: action, by, now, modules: toyModules, show, console });
  const tally = new Tally();
  for (const one of came.answers) if (tally.add(one) && one.kind === 'result') printer.result(one);
  for (const one of came.notGenuine ?? []) tally.addNotGenuine(one);
  const outcome = tally.toOutcome(action, came.counts, { silent: [], names: came.names ?? new Map() });
  printer.end(outcome);
  return { lines: console.lines, outcome };
}

const outcomes: readonly (readonly [string, Came, number])[] = [
  [
    'found',
    {
      counts: { ...counts, succeeded: 2 },
      answers: [answer('a', 'web1.example.org', toyResult(['wget'])), answer('b', 'web2.example.org', toyResult([]))],
    },
    exitCodes.found,
  ],
  [
    'nothing-found',
    { counts: { ...counts, succeeded: 1 }, answers: [answer('a', 'web1', toyResult([]))] },
    exitCodes.nothingFound,
  ],
  [
    'gaps',
    {
      counts: { ...counts, succeeded: 2 },
      answers: [
        answer(
          'a',
          'web1',
          toyResult(['wget'], {
            errors: ['cannot open /root: no permission'],
            receipt: {
              ...emptyReceipt('time'),
              examined: { files: 3210, bytes: 1048576 },
              skipped: [
                { reason: 'no-permission', count: 2 },
                { reason: 'special-file', count: 0 },
                { reason: 'link-outside', count: 4 },
              ],
            },
          }),
        ),
        answer(
          'b',
          'web2',
          toyResult([], {
            receipt: {
              ...emptyReceipt(),
              examined: { files: 10 },
              skipped: [{ reason: 'other-file-system', count: 1 }],
            },
          }),
        ),
      ],
    },
    exitCodes.found,
  ],
  [
    'nothing-found-partly',
    {
      counts: { ...counts, succeeded: 2, expired: 1 },
      answers: [
        answer('a', 'web1', toyResult([])),
        answer(
          'b',
          'web2',
          toyResult([], { receipt: { ...emptyReceipt(), skipped: [{ reason: 'read-error', count: 1 }] } }),
        ),
      ],
    },
    exitCodes.incomplete,
  ],
  [
    'incomplete',
    {
      counts: { ...counts, succeeded: 2, failed: 1, refused: 1, expired: 1 },
      answers: [
        answer('a', 'web1', toyResult(['wget'])),
        {
          ...answer('b', 'web2', toyResult([], { success: false, elements: null, errors: ['out of memory'] })),
          state: 'failed',
        },
        { kind: 'refusal', agent: idOf('c'), code: 'unknown-signer', altered: false },
      ],
      notGenuine: [{ agent: idOf('d'), code: 'seal-broken' }],
    },
    exitCodes.incomplete,
  ],
  [
    'stopped',
    {
      counts: { ...counts, cancelled: 2 },
      answers: [
        {
          ...answer('a', 'web1', toyResult([], { success: false, receipt: emptyReceipt('cancelled') })),
          state: 'cancelled',
        },
        { ...answer('b', 'web2', toyResult(['wget'], { receipt: emptyReceipt('cancelled') })), state: 'cancelled' },
      ],
    },
    exitCodes.incomplete,
  ],
  [
    'hostile',
    {
      counts: { ...counts, succeeded: 2 },
      answers: [
        answer(
          'a',
          'web1 /etc/shadow\u001b[2J',
          toyResult(['\u001b]0;owned\u0007\nweb2 knows nothing', 'exe.\u202etxt']),
        ),
        answer(
          'b',
          'web2',
          toyResult(['wget'], {
            errors: ['\u009b31m'],
            receipt: { ...emptyReceipt(), examined: { 'fi\u202eles': 1 }, skipped: [] },
          }),
        ),
        answer('c', 'web2', toyResult([])),
      ],
    },
    exitCodes.found,
  ],
];

describe('an outcome', () => {
  for (const [name, came, exitCode] of outcomes) {
    for (const format of formats)
      it(`prints as recorded: ${name} as ${format}`, async () => {
        const { lines } = await print(came, format, format === 'text' || format === 'csv' ? 'found' : 'all');
        const text = `${lines.join('\n')}\n`;
        const folder = join(import.meta.dirname, 'golden');
        const file = join(folder, `${name}.${format === 'text' ? 'txt' : `${format}.txt`}`);
        if (process.env.UPDATE === '1') {
          mkdirSync(folder, { recursive: true });
          writeFileSync(file, text);
        }
        assert.equal(text, readFileSync(file, 'utf8'));
      });

    it(`exits with ${exitCode}: ${name}`, async () =>
      assert.equal(toExitCode((await print(came, 'json', 'all')).outcome), exitCode));
  }

  it('says the match limit once', async () => {
    const skipped = [{ reason: 'match-limit', count: 1 } as const];
    const limited = toyResult(['wget'], { receipt: { ...emptyReceipt('match-limit'), skipped } });
    const came = { counts: { ...counts, succeeded: 1 }, answers: [answer('a', 'web1', limited)] };
    const { lines } = await print(came, 'text', 'found');
    assert.ok(lines.includes('err: web1 cut short: the match limit was reached'), lines.join('\n'));
  });

  it('of many agents names those that answered partly', async () => {
    const scopeOnly = toyResult([], {
      receipt: { ...emptyReceipt(), examined: {}, skipped: [{ reason: 'link-outside', count: 1 }] },
    });
    const partly = toyResult([], {
      receipt: { ...emptyReceipt(), examined: {}, skipped: [{ reason: 'no-permission', count: 1 }] },
    });
    const others = Array.from({ length: 30 }, (_, index) => ({
      ...answer('a', `web${index}`, scopeOnly),
      agent: AgentId.parse(index.toString(16).padStart(64, '0')),
    }));
    const came = { counts: { ...counts, succeeded: 31 }, answers: [...others, answer('b', 'db1', partly)] };
    const gaps = (await print(came, 'text', 'found')).lines.filter((line) => line.includes('skipped'));
    assert.equal(gaps.length, 2);
    assert.match(gaps[0] ?? '', /^err: db1 skipped 1 that the agent has no permission to look at$/);
    assert.match(gaps[1] ?? '', /^err: 30 agents skipped only/);
  });

  it('of many agents names the first that had errors, refused, or were not genuine', async () => {
    const many = Array.from({ length: 25 }, (_, index) => AgentId.parse(index.toString(16).padStart(64, '0')));
    const failed = toyResult([], { success: false, elements: null, errors: ['out of memory', 'and more'] });
    const came = {
      counts: { ...counts, failed: 25, refused: 25 },
      answers: [
        ...many.map((agent): Answer => ({ ...answer('a', `web-${agent.slice(-2)}`, failed), agent })),
        ...many.map(
          (agent): Answer => ({
            kind: 'refusal',
            agent: AgentId.parse(`f${agent.slice(1)}`),
            code: 'expired',
            altered: false,
          }),
        ),
      ],
      notGenuine: many.map((agent) => ({ agent, code: 'seal-broken' })),
    };
    const { lines } = await print(came, 'text', 'found');
    const count = (sign: RegExp): number => lines.filter((line) => sign.test(line)).length;
    assert.deepEqual([count(/failed: out of memory/), count(/refused: /), count(/not genuine: /)], [20, 1, 1]);
    assert.ok(lines.includes('err: 5 more agents with errors or gaps (-show errors names them)'));
    assert.equal(count(/^err: 25 agents refused: expired \(.*\): f\S+, f\S+, f\S+ and 22 more$/), 1);
    assert.equal(count(/^err: 25 answers were not genuine: seal-broken: \S+, \S+, \S+ and 22 more$/), 1);
    const all = (await print(came, 'text', 'errors')).lines.filter((line) => line.startsWith('out: '));
    assert.equal(all.length, 50);
    const refusers = findRefusers((await print(came, 'text', 'found')).outcome);
    assert.deepEqual(
      refusers.map((id) => id.slice(0, 1) + id.slice(-1)),
      ['f0', 'f1', 'f2', '00', '01', '02'],
    );
  });

  it('names agents that refuse as the relay does, with a part of the id that is theirs', async () => {
    const refusal = { kind: 'refusal', agent: idOf('c'), code: 'expired', altered: false } as const;
    const came = {
      counts: { ...counts, refused: 2 },
      answers: [refusal, { ...refusal, agent: idOf('d') }],
      notGenuine: [{ agent: idOf('e'), code: 'seal-broken' }],
      names: new Map([
        [idOf('c'), 'web1.example.org'],
        [idOf('e'), 'web\u001b[31m3'],
      ]),
    };
    const { lines } = await print(came, 'text', 'found');
    const ending = lines.filter((line) => /refused: |not genuine: /.test(line)).map((line) => line.split(': ').at(-1));
    assert.deepEqual(ending, ['web1.example.org#cccccccccccc, dddddddddddd', 'seal-broken']);
    assert.equal(lines.filter((line) => line.includes(' agent web\\u{1b}[31m3#eeeeeeeeeeee: seal-broken')).length, 1);
    const json: unknown = JSON.parse((await print(came, 'json', 'found')).lines.join('\n').replaceAll('out: ', ''));
    const named = z.object({ refusals: z.array(z.object({ name: z.string().nullable() })) }).parse(json);
    assert.deepEqual(
      named.refusals.map(({ name }) => name),
      ['web1.example.org', null],
    );
    const html = (await print(came, 'html', 'found')).lines.join('\n');
    assert.match(html, /<li>web1\.example\.org \(c{64}\): expired/);
  });

  const shown: readonly (readonly [Show, readonly string[]])[] = [
    ['found', ['out: web1 knows wget']],
    ['notfound', ['out: web2 found nothing']],
    ['all', ['out: web1 knows wget', 'out: web2 found nothing']],
    ['errors', ['out: web3 failed: out of memory']],
  ];
  for (const [show, expected] of shown)
    it(`shows ${show}`, async () => {
      const failed = toyResult([], { success: false, elements: null, errors: ['out of memory'] });
      const answers = [
        answer('a', 'web1', toyResult(['wget'])),
        answer('b', 'web2', toyResult([])),
        answer('c', 'web3', failed),
      ];
      const { lines } = await print({ counts: { ...counts, succeeded: 3 }, answers }, 'text', show);
      assert.deepEqual(
        lines.filter((line) => line.startsWith('out: ')),
        expected,
      );
    });
});

describe('an answer that was stopped, or failed, with nothing found', () => {
  const nothing = toyResult([]);
  const unfinished = toyResult([], { success: false });
  const cut = toyResult([], { receipt: emptyReceipt('cancelled') });
  const answers: readonly (readonly [string, Grade, ResultAnswer])[] = [
    ['cancelled by its state alone', 'stopped', { ...answer('a', 'web1', nothing), state: 'cancelled' }],
    ['cancelled by its receipt alone', 'stopped', answer('a', 'web1', cut)],
    ['cancelled before it began', 'stopped', { ...answer('a', 'web1', unfinished), state: 'cancelled' }],
    ['failed by its state alone', 'failed', { ...answer('a', 'web1', nothing), state: 'failed' }],
    ['without success, whatever its state says', 'failed', answer('a', 'web1', unfinished)],
    ['of two operations, of which one failed', 'failed', answer('a', 'web1', nothing, unfinished)],
    ['of two operations, of which one was stopped', 'stopped', answer('a', 'web1', nothing, cut)],
  ];
  const told: Readonly<Record<(typeof formats)[number], (text: string, grade: Grade) => boolean>> = {
    text: (text, grade) => text.includes(`err: web1 ${grade}`) && text.includes(`1 ${grade}`),
    json: (text, grade) => text.includes(`"answered": "${grade}",`) && text.includes('"found": "unknown"'),
    ndjson: (text, grade) => text.includes(`"answered":"${grade}","found":"unknown"`),
    csv: (text, grade) => text.includes(`web1,${grade},unknown,`),
    html: (text, grade) =>
      text.includes(`<td class="${grade}">${grade}</td>`) && text.includes('<td class="">unknown</td>'),
    sarif: (text, grade) => text.includes(`"text": "web1: ${grade}"`) && text.includes('"executionSuccessful": false'),
    junit: (text, grade) => text.includes('errors="1"') && text.includes(`<error message="${grade}"/>`),
  };
  for (const [name, grade, one] of answers)
    for (const format of formats)
      it(`is never one that found nothing: ${name}, as ${format}`, async () => {
        const { lines, outcome } = await print({ counts: { ...counts, succeeded: 1 }, answers: [one] }, format, 'all');
        const text = lines.join('\n');
        assert.ok(told[format](text, grade), text);
        assert.doesNotMatch(text, /found nothing/);
        assert.equal(toExitCode(outcome), exitCodes.incomplete);
        const { lines: shown } = await print(
          { counts: { ...counts, succeeded: 1 }, answers: [one] },
          format,
          'notfound',
        );
        assert.doesNotMatch(shown.filter((line) => line.startsWith('out: ')).join('\n'), /web1/);
      });

  const reasons: readonly (readonly [SkipReason, number])[] = [
    ['vanished', exitCodes.nothingFound],
    ['too-deep', exitCodes.nothingFound],
    ['link-outside', exitCodes.nothingFound],
    ['protected', exitCodes.incomplete],
    ['question-limit', exitCodes.incomplete],
    ['no-permission', exitCodes.incomplete],
    ['remote-file', exitCodes.incomplete],
    ['undecided', exitCodes.incomplete],
  ];
  for (const [reason, exitCode] of reasons)
    it(`exits with ${exitCode} when nothing was found and ${reason} was skipped`, async () => {
      const skipped = toyResult([], { receipt: { ...emptyReceipt(), skipped: [{ reason, count: 1 }] } });
      const came = { counts: { ...counts, succeeded: 1 }, answers: [answer('a', 'web1', skipped)] };
      assert.equal(toExitCode((await print(came, 'text', 'found')).outcome), exitCode);
    });

  it('is not made of nobody having answered', async () => {
    const { outcome } = await print({ counts, answers: [] }, 'text', 'all');
    assert.equal(toExitCode(outcome), exitCodes.incomplete);
  });
});

describe('a cell', () => {
  for (const [text, cell] of [
    ['plain', 'plain'],
    ['=HYPERLINK("x")', '"\'=HYPERLINK(""x"")"'],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\\u{9}=1"],
    ['a,b', '"a,b"'],
    ['two\nlines', 'two\\u{a}lines'],
  ] as const)
    it(`holds ${JSON.stringify(text)} and is no formula`, () => assert.equal(toCell(text), cell));

  it('is one field that begins with no sign of a formula, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const cell = toCell(text);
        assert.doesNotMatch(cell, /[\r\n]/);
        assert.doesNotMatch(cell.replace(/^"/, ''), /^\s*[=+\-@]/);
        assert.ok(/^[^",;\s]*$/u.test(cell) || /^"(?:[^"]|"")*"$/u.test(cell));
      }),
    );
  });
});

it('a page holds no markup of an agent, names no other place, and allows only its own script', async () => {
  const evil = '</td><script>alert(1)</script><img src=x onerror=alert(2)>"\'&';
  const came = { counts: { ...counts, succeeded: 1 }, answers: [answer('a', evil, toyResult([evil]))] };
  const page = (await print(came, 'html', 'all')).lines.filter((line) => line.startsWith('out: ')).join('\n');
  assert.equal(page.match(/<script/g)?.length, 1);
  assert.doesNotMatch(page, /<img|https?:|url\(/);
  const script = page.slice(page.indexOf('<script>') + 8, page.indexOf('</script>'));
  const hash = createHash('sha256').update(script).digest('base64');
  assert.ok(page.includes(`script-src &#39;sha256-${hash}&#39;`));
});
