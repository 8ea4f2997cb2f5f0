/** The findings of a large action: what is rare comes first, windows of any view are there at once, and memory is bounded. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { AgentId } from '../../../protocol/base/identifiers.ts';
import { AgentId as AgentIdSchema } from '../../../protocol/base/identifiers.ts';
import type { ResultAnswer } from '../../answers/answer.ts';
import { toyModules, toyResult } from '../../testing/toy-module.ts';
import { FindingTable, type TableLimits } from './finding-table.ts';
import { FindingsView } from './findings-view.ts';
import { sortByRank } from './order.ts';

const asked = { name: 'who?', target: 'all', operations: [{ module: 'toy', parameters: { words: ['a'] } }] };
const stacked = { group: 'stack', filter: '', sort: '', stack: '' } as const;

function toAgent(index: number): AgentId {
  return AgentIdSchema.parse(index.toString(16).padStart(64, '0'));
}

function answer(index: number, words: readonly string[]): ResultAnswer {
  const operations = [toyResult(words)];
  return { kind: 'result', agent: toAgent(index), name: `web${index}`, state: 'succeeded', operations };
}

/** @param words of each host. */
function fill(words: readonly (readonly string[])[], limits?: TableLimits): FindingTable {
  const table = new FindingTable(asked, toyModules, limits);
  for (const [index, found] of words.entries()) table.add(answer(index, found), `web${index}`);
  return table;
}

describe('findings of all hosts', () => {
  it('are stacked, the rarest first; a stack leads to its findings', () => {
    const table = fill([
      ['a', 'b'],
      ['a', 'a'],
      ['c', 'a'],
    ]);
    const { rows, total, findings, hosts } = new FindingsView(table, stacked).toWindow(0, 10);
    assert.deepEqual([total, findings, hosts], [3, 6, 3]);
    assert.deepEqual(
      rows.map(({ cells }) => cells),
      [
        ['1', '1', 'web0', 'b'],
        ['1', '1', 'web2', 'c'],
        ['3', '4', 'web0', 'a'],
      ],
    );
    const key = rows[2]?.stack ?? '';
    const flat = new FindingsView(table, { ...stacked, group: 'flat', stack: key }).toWindow(0, 10);
    assert.deepEqual(
      flat.rows.map(({ cells }) => cells),
      [
        ['web0', 'a'],
        ['web1', 'a'],
        ['web1', 'a'],
        ['web2', 'a'],
      ],
    );
  });

  it('are counted as a plain count of them says, whatever is found and filtered', () => {
    const word = fc.constantFrom('a', 'ab', 'b', 'c"<img>', 'Ab c');
    fc.assert(
      fc.property(
        fc.array(fc.array(word, { maxLength: 6 }), { maxLength: 8 }),
        fc.constantFrom('', 'a', '-a', 'word:b', 'A -c', '"b c"'),
        (words, filter) => {
          const { rows, findings } = new FindingsView(fill(words), { ...stacked, filter }).toWindow(0, 100);
          const tests: Readonly<Record<string, (text: string) => boolean>> = {
            '': () => true,
            a: (text) => text.includes('a'),
            '-a': (text) => !text.includes('a'),
            'word:b': (text) => text.includes('b'),
            'A -c': (text) => text.includes('a') && !text.includes('c'),
            '"b c"': (text) => text.includes('b c'),
          };
          const fits = (text: string): boolean => tests[filter]?.(text.toLowerCase()) ?? false;
          const kept = words.map((found) => found.filter(fits));
          assert.equal(findings, kept.flat().length);
          const expected = [...new Set(kept.flat())].map((text) => [
            String(kept.filter((found) => found.includes(text)).length),
            text,
          ]);
          assert.deepEqual(rows.map(({ cells }) => [cells[0], cells[3]]).sort(), expected.sort());
        },
      ),
      { numRuns: 200 },
    );
  });

  it('are sorted by a column in both directions', () => {
    const table = fill([['b2', 'b10', 'a']]);
    const sorted = (sort: string) =>
      new FindingsView(table, { ...stacked, group: 'flat', sort }).toWindow(0, 10).rows.map(({ cells }) => cells[1]);
    assert.deepEqual(sorted('word'), ['a', 'b2', 'b10']);
    assert.deepEqual(sorted('-word'), ['b10', 'b2', 'a']);
  });

  it('are ordered as a plain sort by their texts has them, equal ones as they came, and what is empty last', () => {
    fc.assert(
      fc.property(fc.uint32Array({ max: 9, maxLength: 50 }), fc.boolean(), (parts, descending) => {
        const ranks = Uint32Array.from([0, 3, 1, 7, 2, 0, 5, 4, 6, 9]);
        const rankOf = (index: number): number => ranks[parts[index] ?? 0] ?? 0;
        const indexes = Uint32Array.from(parts.keys());
        const expected = [...indexes].sort((left, right) => {
          const [one, other] = [rankOf(left), rankOf(right)];
          if (one === 0 || other === 0) return Number(one === 0) - Number(other === 0);
          return descending ? other - one : one - other;
        });
        assert.deepEqual([...sortByRank(indexes, { parts, ranks }, descending)], expected);
      }),
    );
  });

  it('beyond what there is room for are counted', () => {
    const limits = { findings: 4, characters: 1000, findingsPerHost: 2 };
    const table = fill([['a', 'b', 'c'], ['a', 'b'], ['a']], limits);
    assert.deepEqual([table.length, table.leftOut], [4, 2]);
  });

  it('show what cannot be seen, and keep it apart from what looks the same', () => {
    const table = fill([['a\u202eb'], ['ab']]);
    const { rows } = new FindingsView(table, stacked).toWindow(0, 10);
    assert.deepEqual(rows.map(({ cells }) => cells[3]).sort(), ['a\\u{202e}b', 'ab']);
  });

  it('show 200 names that hosts make up on one line each, without signs that steer the text, and apart', () => {
    const signs = ['\u202e', '\u2066', '\u0000', '\u0007', '\u001b[2J', '\n', '\r\n', '\u2028', '\ud800', '\udc00'];
    const shapes = ['<img src=x onerror=alert(1)>', '</script>', 'a'.repeat(4000), '{{1}}', '/tmp/a'];
    const names = signs.flatMap((sign) =>
      shapes.flatMap((shape) => [`${sign}${shape}`, `${shape}${sign}`, `a${sign}${shape}`, `${shape}${sign}b`]),
    );
    assert.equal(new Set(names).size, 200);
    const { rows } = new FindingsView(fill([names]), stacked).toWindow(0, 300);
    const shown = rows.map(({ cells }) => cells[3] ?? '');
    assert.equal(new Set(shown).size, 200);
    for (const text of shown) assert.doesNotMatch(text, /[\p{Cc}\p{Cs}\p{Bidi_Control}\u2028\u2029]/u);
  });

  it('have the planted ones first among 200,000, and answer within a second', () => {
    const usual = Array.from({ length: 20 }, (_, index) => `/usr/bin/tool${index}`);
    const table = fill(
      Array.from({ length: 10_000 }, (_, index) => (index % 1500 === 700 ? [...usual, `/tmp/x${index}`] : usual)),
    );
    const beganMs = performance.now();
    const { rows } = new FindingsView(table, stacked).toWindow(0, 8);
    const tookMs = performance.now() - beganMs;
    assert.deepEqual(
      rows.map(({ cells }) => cells[0]),
      [...Array.from({ length: 7 }, () => '1'), '10000'],
    );
    assert.ok(tookMs < 1000, `${tookMs} ms`);
  });
});
