/** What was found as tables and groups: real columns, of two modules in one action, and of hostile hosts. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadModules } from '../../modules/registry.ts';
import type { Operation } from '../../protocol/action/action.ts';
import { AgentId } from '../../protocol/base/identifiers.ts';
import { emptyReceipt, type OperationResult } from '../../protocol/result/result.ts';
import { Tally } from '../answers/tally.ts';
import { readShow } from '../cli/common-flags.ts';
import { readView } from '../cli/view-flags.ts';
import { countsOf } from '../commands/follow.ts';
import { recordConsole } from '../testing/recorded-console.ts';
import { openPrinter } from './open-printer.ts';

const modules = await loadModules();
const search = { paths: ['/usr'], names: ['.'] };
const ofFiles = { module: 'file', parameters: { searches: { s1: search } } };
const ofSockets = { module: 'netstat', parameters: { listeningport: ['!22'] } };

function resultOf(elements: unknown, changes: Partial<OperationResult> = {}): OperationResult {
  const receipt = emptyReceipt();
  return { success: true, foundanything: true, elements, statistics: {}, errors: [], receipt, ...changes };
}

function files(...found: readonly (readonly [path: string, size: number, changed?: string])[]): OperationResult {
  return resultOf({
    s1: found.map(([file, size, changed = '2026-01-31 07:00:00']) => ({
      file,
      search: {},
      fileinfo: { size, mode: '-rw-r--r--', lastmodified: `${changed} +0000 UTC` },
    })),
  });
}

function listening(...ports: readonly number[]): OperationResult {
  const element = { protocol: 'tcp', state: 'LISTEN', localaddr: '0.0.0.0' };
  return resultOf({ listeningport: { '!22': ports.map((localport) => ({ ...element, localport })) } });
}

type Came = readonly (readonly [name: string, ...operations: OperationResult[]])[];

/** @param words flags and their values. @returns what goes to stdout, and what to stderr. */
async function print(
  came: Came,
  words: Readonly<Record<string, string>>,
  operations: readonly Operation[] = [ofFiles],
) {
  const console = recordConsole();
  const asked = { name: 'a question', target: 'all', operations };
  const { f: format = 'text' } = words;
  const view = readView(words, format);
  const show = readShow(words, 'text');
  assert.ok(format === 'text' || format === 'json' || format === 'ndjson' || format === 'csv' || format === 'html');
  const printer = await openPrinter(format, { asked, by: ['alice'], now: () => 0, modules, show, view, console });
  const tally = new Tally();
  for (const [index, [name, ...results]] of came.entries()) {
    const agent = AgentId.parse(index.toString(16).padStart(64, '0'));
    const answer = { kind: 'result', agent, name, state: 'succeeded', operations: results } as const;
    tally.add(answer);
    printer.result(answer);
  }
  printer.end(tally.toOutcome(asked, countsOf('succeeded', came.length)));
  const linesOf = (head: string) =>
    console.lines.flatMap((line) => (line.startsWith(head) ? [line.slice(head.length).replace(/\r$/, '')] : []));
  return { out: linesOf('out: '), err: linesOf('err: ') };
}

const fleet: Came = [
  ['web10', files(['/usr/bin/ls', 900], ['/usr/bin/evil', 10])],
  ['web2', files(['/usr/bin/ls', 900, '2026-01-30 07:00:00.5'])],
  ['db1', files(['/usr/bin/ls', 1000])],
];

describe('-stack', () => {
  it('groups over hosts, the rarest first, with how many and one of them', async () => {
    const { out } = await print(fleet, { stack: 'file,size' });
    assert.deepEqual(out, [
      'hosts  findings  example  file           size',
      '1      1         web10    /usr/bin/evil  10',
      '1      1         db1      /usr/bin/ls    1000',
      '2      2         web2     /usr/bin/ls    900',
    ]);
  });

  it('is the same in csv, json and ndjson, whichever answer came first', async () => {
    const csv = await print(fleet, { stack: 'file', f: 'csv' });
    const digits = (digit: number): string => String(digit).padStart(64, '0');
    assert.deepEqual(csv.out, [
      'hosts,findings,exampleid,examplename,file',
      `1,1,${digits(0)},web10,/usr/bin/evil`,
      `3,3,${digits(2)},db1,/usr/bin/ls`,
    ]);
    const groups = [
      { hosts: 1, findings: 1, example: { id: digits(0), name: 'web10' }, columns: { file: '/usr/bin/evil' } },
      { hosts: 3, findings: 3, example: { id: digits(2), name: 'db1' }, columns: { file: '/usr/bin/ls' } },
    ];
    const json = JSON.parse((await print(fleet, { stack: 'file', f: 'json' })).out.join('\n'));
    assert.deepEqual([json.groups, json.results, json.answered.fully], [groups, undefined, 3]);
    const lines = (await print(fleet, { stack: 'file', f: 'ndjson' })).out.map((line) => JSON.parse(line));
    assert.deepEqual(
      lines.map(({ kind }) => kind),
      ['action', 'group', 'group', 'end'],
    );
    assert.deepEqual(
      lines.slice(1, 3),
      groups.map((group) => ({ kind: 'group', ...group })),
    );
  });

  it('counts a host once, and every finding', async () => {
    const { out } = await print([['web1', files(['/a', 1], ['/b', 1])]], { stack: 'size' });
    assert.equal(out.at(-1), '1      2         web1     1');
  });

  it('says which findings are in no group', async () => {
    const counted = resultOf({}, { statistics: { totalhits: 3 } });
    const came: Came = [
      ['web1', files(['/a', 1]), listening(80, 443)],
      ['web2', counted, resultOf({ listeningport: {} }, { foundanything: false })],
    ];
    const { out, err } = await print(came, { stack: 'file' }, [ofFiles, ofSockets]);
    assert.equal(out.length, 2);
    assert.ok(err.includes('2 findings are in no group: their module has none of these columns'));
    assert.ok(err.includes('1 answer tells only that something was found, or how many'));
  });

  it('shows nothing that a terminal obeys, no formula and no markup', async () => {
    const came: Came = [['web\u001b[2J', files(['=cmd|\u202e<script>', -1])]];
    const texts = await Promise.all(
      ['text', 'csv', 'json', 'ndjson', 'html'].map(async (f) => (await print(came, { stack: 'file,size', f })).out),
    );
    for (const text of texts) assert.ok(!/[\p{Cc}\p{Bidi_Control}]/u.test(text.join('').replaceAll('\n', '')));
    assert.match(texts[1]?.[1] ?? '', /,'=cmd\|\\u\{202e\}<script>,-1$/);
    assert.equal(texts[4]?.join('').match(/<script/g)?.length, 1);
  });
});

describe('-columns and -sort', () => {
  it('make a table, with the columns that were named', async () => {
    const { out } = await print(fleet, { columns: 'size,agentname,lastmodified' });
    assert.deepEqual(out, [
      'size  agentname  lastmodified',
      '1000  db1        2026-01-31 07:00:00',
      '900   web2       2026-01-30 07:00:00.500',
      '900   web10      2026-01-31 07:00:00',
      '10    web10      2026-01-31 07:00:00',
    ]);
  });

  it('sort numbers as numbers and times as times, one behind the other', async () => {
    const sorted = async (sort: string) =>
      (await print(fleet, { columns: 'size,agentname', sort, f: 'csv' })).out.slice(1);
    assert.deepEqual(await sorted('size'), ['10,web10', '900,web2', '900,web10', '1000,db1']);
    assert.deepEqual(await sorted('-size,-agentname'), ['1000,db1', '900,web10', '900,web2', '10,web10']);
    assert.equal((await sorted('lastmodified'))[0], '900,web2');
  });

  it('sort lines, which stay as they are', async () => {
    const { out } = await print(fleet, { sort: '-size', show: 'all' });
    assert.equal(out[0], 'db1 /usr/bin/ls [lastmodified:2026-01-31 07:00:00 +0000 UTC, mode:-rw-r--r--, size:1000]');
    assert.deepEqual(
      out.map((line) => line.split(' ', 1)[0]),
      ['db1', 'web2', 'web10', 'web10'],
    );
  });

  it('leave out errors where no column has them, and say so', async () => {
    const failed = files(['/a', 1]);
    const came: Came = [['web1', { ...failed, errors: ['cannot open /root: no permission'] }]];
    const without = await print(came, { columns: 'file', f: 'csv' });
    assert.deepEqual(without.out, ['file', '/a']);
    assert.ok(without.err.includes('1 error is not shown here; -f text -show errors shows them'));
    const withNotes = await print(came, { columns: 'file,note', f: 'csv' });
    assert.deepEqual(withNotes.out, ['file,note', '/a,', ',"cannot open /root: no permission"']);
  });

  it('choose the columns of the page', async () => {
    const page = (await print(fleet, { columns: 'file,size', sort: 'size', f: 'html' })).out.join('\n');
    const table = /<table class="findings">.*?<\/table>/s.exec(page)?.[0] ?? '';
    assert.deepEqual(
      [...table.matchAll(/<th [^>]*>(.*?)<\/th>/g)].map(([, title]) => title),
      ['file', 'size (bytes)'],
    );
    assert.deepEqual(
      [...table.matchAll(/<td class="number">(.*?)<\/td>/g)].map(([, size]) => size),
      ['10', '900', '900', '1000'],
    );
  });
});

describe('an action of two modules', () => {
  const came: Came = [['web1', files(['/usr/bin/ls', 900]), listening(80)]];

  it('has the columns of both in csv, the module before them', async () => {
    const [head = '', ofFile = '', ofPort = ''] = (await print(came, { f: 'csv' }, [ofFiles, ofSockets])).out;
    const names = head.split(',');
    assert.deepEqual(names.slice(4, 9), ['operation', 'module', 'search', 'file', 'lastmodified']);
    assert.equal(names.at(-1), 'note');
    const cellOf = (row: string, name: string): string | undefined => row.split(',')[names.indexOf(name)];
    assert.deepEqual(
      [cellOf(ofFile, 'module'), cellOf(ofFile, 'size'), cellOf(ofFile, 'localport')],
      ['file', '900', ''],
    );
    assert.deepEqual(
      [cellOf(ofPort, 'module'), cellOf(ofPort, 'size'), cellOf(ofPort, 'localport')],
      ['netstat', '', '80'],
    );
    assert.equal(cellOf(ofPort, 'search'), '"listeningport !22"');
  });
});

describe('a wrong column', () => {
  for (const [words, hint] of [
    [{ stack: 'sise' }, /^did you mean size\? there are agentid, /],
    [
      { columns: 'localport' },
      /^there are agentid, .*, file, lastmodified, mode, size, link, sha256, matched, owner, group, ctime, btime, atime, inode, links, note$/,
    ],
    [{ sort: '-File' }, /^did you mean file\?/],
  ] as const)
    it(`is named, with the one that was meant or all: ${JSON.stringify(words)}`, async () =>
      assert.rejects(print([], words), { code: 'usage', hint }));

  for (const words of [
    { columns: '' },
    { columns: 'file,' },
    { columns: 'file,file' },
    { sort: 'size,-size' },
    { stack: 'file', sort: 'size' },
    { columns: 'file', f: 'json' },
    { sort: 'file', f: 'ndjson' },
  ])
    it(`or a wrong list of them is refused: ${JSON.stringify(words)}`, async () =>
      assert.rejects(print([], words), { code: 'usage' }));
});
