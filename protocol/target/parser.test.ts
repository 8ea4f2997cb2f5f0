import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Stopwatch } from '../../tests/stopwatch.ts';
import { parseTarget } from './parser.ts';
import { TargetError } from './target-error.ts';
import { toText } from './to-text.ts';
import { targetLimits } from './tree.ts';

/** What parsing `text` throws. */
function refusalOf(text: string): TargetError {
  try {
    parseTarget(text);
  } catch (error) {
    assert.ok(error instanceof TargetError, `expected a TargetError, got ${error}`);
    return error;
  }
  throw new assert.AssertionError({ message: `expected a refusal of ${text}` });
}

test('what users of the original wrote is understood', () => {
  const targets = [
    "status='online'",
    "queueloc like 'linux.%'",
    "environment->>'ident' ilike '%ubuntu%'",
    "tags->>'operator'='x'",
    "tags#>>'{operator}'='x' AND environment#>>'{\"os\"}' = 'linux'",
    "agents.queueloc like 'linux.%' AND Agents.tags->>'team' = 'agents.web'",
    "environment->>'os' IN ('linux', 'darwin')",
    "mode='daemon' AND status='online' AND (name LIKE '%web%' OR name ~* '^db[0-9]+\\.')",
    "heartbeattime > NOW() - interval '5 minutes' AND starttime<'2026-01-31'",
  ];
  for (const target of targets) assert.doesNotThrow(() => parseTarget(target), target);
});

test('a path of one key is that key, and the name of the table means nothing', () => {
  assert.deepEqual(parseTarget("tags#>>'{operator}' = 'x'"), parseTarget("tags->>'operator' = 'x'"));
  assert.deepEqual(parseTarget("agents.name = 'agents.name'"), parseTarget("name = 'agents.name'"));
  assert.match(refusalOf("tags#>>'{a,b}' = 'x'").message, /expected one key in braces/);
  assert.match(refusalOf("myagents.name = 'x'").message, /myagents|unexpected/);
});

test('a processor goes by all of its names', () => {
  const x64 = parseTarget("environment->>'arch' IN ('x64', 'amd64', 'x86_64')");
  for (const name of ['x64', 'amd64', 'x86_64']) assert.deepEqual(parseTarget(`environment->>'arch' = '${name}'`), x64);
  assert.deepEqual(parseTarget("environment->>'arch' <> 'amd64'"), { kind: 'not', term: x64 });
  assert.deepEqual(parseTarget("environment->>'arch' = 'riscv64'"), {
    kind: 'compare',
    column: { kind: 'json', name: 'environment', key: 'arch' },
    comparison: '=',
    value: 'riscv64',
  });
  assert.deepEqual(
    parseTarget("environment->>'arch' NOT IN ('386', 'mips')"),
    parseTarget("NOT environment->>'arch' IN ('ia32', '386', 'i386', 'i686', 'x86', 'mips')"),
  );
  assert.equal(refusalOf("arch = 'amd64'").hint, "write environment->>'arch'");
});

test('AND binds before OR, and NOT before AND', () => {
  const tree = parseTarget("NOT name = 'a' AND name = 'b' OR name = 'c'");
  assert.equal(tree.kind, 'or');
  assert.ok(tree.kind === 'or');
  assert.deepEqual(
    tree.terms.map((term) => term.kind),
    ['and', 'compare'],
  );
  const [and] = tree.terms;
  assert.ok(and?.kind === 'and');
  assert.deepEqual(
    and.terms.map((term) => term.kind),
    ['not', 'compare'],
  );
});

test('keywords and columns are read in any case, values are kept as written', () => {
  assert.deepEqual(parseTarget("NAME lIkE 'Web''s%'"), parseTarget("name LIKE 'Web''s%'"));
  assert.deepEqual(parseTarget("Name = 'Web'"), {
    kind: 'compare',
    column: { kind: 'text', name: 'name' },
    comparison: '=',
    value: 'Web',
  });
});

const refusals: readonly (readonly [target: string, offset: number, hint: RegExp | undefined])[] = [
  ['', 0, /all/],
  ['  ', 0, /all/],
  ['local', 0, /-t local/],
  ["online AND naem = 'x'", 11, /did you mean name/],
  ["enviroment->>'os' = 'linux'", 0, /did you mean environment/],
  ['onlien', 0, /did you mean online/],
  ["hostname = 'x'", 0, /columns are id, name/],
  ["password = 'x'", 0, /columns are/],
  ['name = web1', 7, undefined],
  ['name = "web1"', 7, /single quotes/],
  ["name = 'web1", 7, /quote/],
  ["name == 'x'", 5, /write =/],
  ["name = 'x' && all", 11, /AND/],
  ["name = 'x' all", 11, undefined],
  ["name = 'x';", 10, /one condition/],
  ["name = 'x' -- y", 11, undefined],
  ["name = 'x' /* y */", 11, undefined],
  ["environment->'os' = 'x'", 11, /->>/],
  ["environment.os = 'x'", 11, /->>/],
  ["environment = 'x'", 12, /by key/],
  ['environment->>os = 1', 14, /by key/],
  ["tags->>'a' = NULL", 13, /IS NULL/],
  ["environment->>'cpus' > 4", 23, /text/],
  ["name = 'x' AND", 14, undefined],
  ["(name = 'x'", 11, undefined],
  ["name = 'x')", 10, undefined],
  ["'x' = name", 0, /column/],
  ['name IN ()', 9, undefined],
  ["name IN ('a',)", 13, undefined],
  ['id IN (SELECT id FROM agents)', 7, undefined],
  ["name NOT = 'x'", 9, undefined],
  ["name LIKE 'x\\'", 10, /backslash/],
  ["name LIKE 'x' ESCAPE '!'", 14, undefined],
  ["starttime LIKE '2026%'", 10, /is a time/],
  ["starttime > 'yesterday'", 12, /UTC/],
  ["starttime > NOW() - INTERVAL '1 month'", 29, /months/],
  ["starttime > NOW() - '1 day'", 20, undefined],
  ["name = U&'x'", 8, undefined],
  ["name = E'x'", 7, undefined],
  ['name = $$x$$', 7, undefined],
  ["pg_sleep(10) = 'x'", 0, /columns are/],
  ["name || 'x' = 'y'", 5, /OR/],
  ["name = 'x\0y'", 9, undefined],
  ["name = 'x\ud800'", 9, undefined],
  ['name = \u00a0', 7, undefined],
];

for (const [target, offset, hint] of refusals)
  test(`${JSON.stringify(target)} is refused at ${offset}`, () => {
    const refusal = refusalOf(target);
    assert.equal(refusal.code, 'target-malformed');
    assert.equal(refusal.offset, offset);
    if (hint !== undefined) assert.match(refusal.hint ?? '', hint);
  });

test('a message shows hostile text escaped and short', () => {
  const hostile = [
    "name = 'x' '\u202e\u009b2J\u001b[2J'",
    `name = ${'x'.repeat(3000)}`,
    `name > ${'1'.repeat(3000)}`,
    '\u202e',
  ];
  for (const target of hostile) {
    const { message } = refusalOf(target);
    assert.ok(message.length < 200, message);
    assert.doesNotMatch(message, /\p{C}/u);
  }
});

test('a target may be as large as the limits and not larger', () => {
  const { characters, valueCharacters, depth, nodes, values, regexElements } = targetLimits;
  const ofLength = (length: number) => 'all'.padEnd(length);
  const ofValueLength = (length: number) => `name = '${'x'.repeat(length)}'`;
  const ofDepth = (parentheses: number) => `${'('.repeat(parentheses)}all${')'.repeat(parentheses)}`;
  const ofNots = (nots: number) => `${'NOT '.repeat(nots)}all`;
  const ofNodes = (count: number) =>
    Array(count - 1)
      .fill('all')
      .join(' OR ');
  const ofRegexes = (elements: number) =>
    Array(Math.ceil(elements / 100))
      .fill("name ~ 'x{100}'")
      .join(' OR ');
  const ofValues = (count: number) => `id IN (${Array(count).fill('1').join(',')})`;
  const cases: readonly (readonly [(size: number) => string, number])[] = [
    [ofLength, characters],
    [ofValueLength, valueCharacters],
    [ofDepth, depth],
    [ofNots, depth - 1],
    [ofNodes, nodes],
    [ofValues, values],
    [ofRegexes, regexElements],
  ];
  for (const [make, limit] of cases) {
    assert.doesNotThrow(() => parseTarget(make(limit)), make.name);
    refusalOf(make(limit + 1));
  }
});

test('hostile nesting and backtracking end at once', () => {
  const hostile = ['(', 'NOT ', "'", "''", "name='a' AND (", 'a', '1', ' ', '((name))', 'x=(', "name ~ '((((((((("];
  for (const piece of hostile) {
    const watch = new Stopwatch();
    refusalOf(piece.repeat(targetLimits.characters).slice(0, targetLimits.characters));
    assert.ok(watch.processorMs < 2000, piece);
  }
});

test('any text is either refused with a place inside it or parsed to a tree that prints and parses again', () => {
  const pieces = fc.constantFrom(
    ...[
      'name',
      "tags->>'a'",
      '=',
      '<>',
      "'x'",
      "'x''y'",
      '(',
      ')',
      'AND',
      'OR',
      'NOT',
      'IN',
      'LIKE',
      '~',
      'all',
      ',',
      '5',
    ],
    ...[
      'starttime',
      'NOW()',
      '-',
      "INTERVAL '1 h'",
      "'2026-01-31'",
      'IS',
      'NULL',
      'BETWEEN',
      "'[a-z]'",
      ';',
      '--',
      '"',
    ],
  );
  const soup = fc.array(fc.oneof({ weight: 9, arbitrary: pieces }, fc.string({ unit: 'binary', maxLength: 3 })));
  fc.assert(
    fc.property(
      soup.map((words) => words.join(' ')),
      (text) => {
        let tree: ReturnType<typeof parseTarget>;
        try {
          tree = parseTarget(text);
        } catch (error) {
          assert.ok(error instanceof TargetError);
          assert.ok(error.offset >= 0 && error.offset <= text.length);
          return;
        }
        assert.deepEqual(parseTarget(toText(tree)), tree);
      },
    ),
    { numRuns: 3000 },
  );
});

test('every string survives quoting', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (value) => {
      fc.pre(!value.includes('\0'));
      const tree = parseTarget(`name = '${value.replaceAll("'", "''")}'`);
      assert.ok(tree.kind === 'compare');
      assert.equal(tree.value, value);
    }),
  );
});
