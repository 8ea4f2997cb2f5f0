/** Values of files in each format, and what the parsers refuse. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type DocumentValue, toUnreadable } from './document.ts';
import { type Format, parseFileKey } from './key.ts';
import { parseSettingFile } from './parse.ts';
import { parsePathExpression } from './path-expression.ts';

type Found = DocumentValue['value'] | undefined;

/** `!read-error` where it is refused. */
function find(format: Format, text: string, expression: string): Found {
  const key = parseFileKey(`(${format}):/f#${expression}`);
  assert.ok(typeof key !== 'string', String(key));
  try {
    return parseSettingFile(format, Buffer.from(text)).find(key.steps)?.value;
  } catch (error) {
    return `!${toUnreadable(error)}`;
  }
}

type Cases = readonly (readonly [text: string, expression: string, found: Found])[];

const ini = '; c\n[a]\nx = 1\ny: two words ; no comment\nX=2\nq="a b"\nalone\n[a.b]\nx=3\r\n[a]\nx=4\n';
const shell = [
  'A=1',
  'export B="b c" # comment',
  "C='d $e'",
  'D="$A"',
  'E=a\\ b',
  'F=1',
  'F=2',
  '#G=1',
  'H=$(date)',
  'I=',
  'J="x\\"y"z',
  '',
].join('\n');
const properties = '# c\n! c\na.b = 1\nc:2\nd 3\ne\\ f=4\nlong = a\\\n   b\nu=\\u0041\\n\nend=x\\\\\ng=7\n';
const json =
  '{"a": {"b": [1, {"c": "x"}], "d.e": null, "big": 12345678901234567890}, "f": 1.50, "g": true, "__proto__": {"h": 1}}';
const yaml = `a: &anchor
  b: [1, two, {c: x}]
  n: 0644
  yes: yes
  s: "q\\tz"
d: *anchor
e:
  <<: *anchor
  n: 7
twice: 1
twice: 2
empty:
l:
  - x
  - y
---
second: 2
`;
const toml =
  'a.b = 1\nbig = 9223372036854775807\nd = 1979-05-27T07:32:00Z\n[t]\nl = [1, "x", [2]]\n[[u]]\nk = true\n[[u]]\nk = false\n';
const xml =
  '<?xml version="1.0"?><!DOCTYPE s><s:server xmlns:s="u"><port n="1">80</port><port n="2">8&#48;&amp;</port><e/><![CDATA[x<y]]></s:server>';

const cases: Readonly<Record<Format, Cases>> = {
  ini: [
    [ini, 'a.x', '4'],
    [ini, 'a.X', '2'],
    [ini, 'a.y', 'two words ; no comment'],
    [ini, 'a.q', 'a b'],
    [ini, 'a.alone', ''],
    [ini, 'a.b.x', '3'],
    [ini, 'x', undefined],
    ['x=1\n', 'x', '1'],
  ],
  shell: [
    [shell, 'A', '1'],
    [shell, 'B', 'b c'],
    [shell, 'C', 'd $e'],
    [shell, 'D', '!undecided'],
    [shell, 'E', 'a b'],
    [shell, 'F', '2'],
    [shell, 'G', undefined],
    [shell, 'H', '!undecided'],
    [shell, 'I', ''],
    [shell, 'J', 'x"yz'],
  ],
  properties: [
    [properties, 'a.b', '1'],
    [properties, 'c', '2'],
    [properties, 'd', '3'],
    [properties, 'e f', '4'],
    [properties, 'long', 'ab'],
    [properties, 'u', 'A\n'],
    [properties, 'end', 'x\\'],
    [properties, 'g', '7'],
  ],
  json: [
    [json, 'a.b[0]', '1'],
    [json, 'a.b[1].c', 'x'],
    [json, "a['d.e']", 'null'],
    [json, 'a.big', '12345678901234567890'],
    [json, 'f', '1.50'],
    [json, 'g', 'true'],
    [json, 'a.b', ['1', '']],
    [json, 'a', ['b', 'd.e', 'big']],
    [json, 'a.b[2]', undefined],
    [json, '__proto__.h', '1'],
    [json, 'toString', undefined],
    [json, 'constructor.name', undefined],
    ['{"a": 1,}', 'a', '!read-error'],
    [`${'['.repeat(100_000)}`, 'a', '!too-deep'],
    [`{"a": "${'['.repeat(1000)}"}`, 'a', '['.repeat(1000)],
    ['\u{feff}{"a": 1}', 'a', '1'],
  ],
  yaml: [
    [yaml, 'a.b[1]', 'two'],
    [yaml, 'a.n', '0644'],
    [yaml, 'a.yes', 'yes'],
    [yaml, 'a.s', 'q\tz'],
    [yaml, 'd.b[2].c', 'x'],
    [yaml, 'e.b[0]', '1'],
    [yaml, 'e.n', '7'],
    [yaml, 'twice', '!undecided'],
    [yaml, 'empty', ''],
    [yaml, 'l', ['x', 'y']],
    [yaml, 'second', '2'],
    [yaml, 'd', ['b', 'n', 'yes', 's']],
    ['a: [1', 'a', '!read-error'],
    [`a: ${'['.repeat(5000)}`, 'a', '!too-deep'],
    [`${'- '.repeat(5000)}x`, 'a', '!too-deep'],
    ['a: *b\n', 'a', '!read-error'],
    ['a: &a [*a]\n', 'a[0][0][0][0]', ['']],
  ],
  toml: [
    [toml, 'a.b', '1'],
    [toml, 'big', '9223372036854775807'],
    [toml, 'd', '1979-05-27T07:32:00Z'],
    [toml, 't.l[2][0]', '2'],
    [toml, 'u[1].k', 'false'],
    ['a = 1\na = 2\n', 'a', '!read-error'],
    [`a = ${'['.repeat(5000)}`, 'a', '!too-deep'],
    [`${'a.'.repeat(5000)}a = 1`, 'a', '!too-deep'],
    ['__proto__.x = 1\n', '__proto__.x', '1'],
  ],
  xml: [
    [xml, 'server.port', ['80', '80&']],
    [xml, 'server.port[1].@n', '2'],
    [xml, 's:server.port[0]', '80'],
    [xml, 'server', 'x<y'],
    [xml, 'server.e', ''],
    [xml, 'server.none', undefined],
    ['<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', 'a', '!read-error'],
    ['<a>&b;</a>', 'a', '&b;'],
    ['<a><b></a></b>', 'a', '!read-error'],
    ['<a', 'a', '!read-error'],
    ['<a>'.repeat(5000), 'a', '!too-deep'],
  ],
};

for (const [format, table] of Object.entries(cases) as [Format, Cases][])
  describe(`${format}`, () => {
    for (const [text, expression, found] of table)
      it(`${expression} of ${JSON.stringify(text.slice(0, 30))} is ${JSON.stringify(found)?.slice(0, 40)}`, () =>
        assert.deepEqual(find(format, text, expression), found));
  });

it('an alias bomb is asked for without being expanded', () => {
  const levels = Array.from({ length: 30 }, (_, at) => `l${at + 1}: &l${at + 1} [${`*l${at}, `.repeat(9)}*l${at}]`);
  assert.equal(find('yaml', `l0: &l0 x\n${levels.join('\n')}\n`, 'l3[0][1][2]'), 'x');
  assert.equal(find('yaml', `l0: &l0 x\n${levels.join('\n')}\n`, `l30${'[0]'.repeat(30)}`), '!too-deep');
});

it('names the line of a value where the format tells it', () => {
  const lineOf = (format: Format, text: string, name: string) =>
    parseSettingFile(format, Buffer.from(text)).find([name])?.line;
  assert.equal(lineOf('yaml', 'a: 1\nb:\n  2\n', 'b'), 3);
  assert.equal(lineOf('shell', '#\nB=1\n', 'B'), 2);
  assert.equal(lineOf('ini', '#\n\nb=1\n', 'b'), 3);
  assert.equal(lineOf('properties', '\na=\\\n1\n', 'a'), 2);
});

it('a file with NUL is refused', () => assert.equal(find('ini', 'a=1\0', 'a'), '!read-error'));

describe('a path expression', () => {
  for (const [text, steps] of [
    ['a', ['a']],
    ['a.b[0].c', ['a', 'b', 0, 'c']],
    ["a['b.c'][1]", ['a', 'b.c', 1]],
    ["['it''s']", ["it's"]],
    ['a-b/c.d e', ['a-b/c', 'd e']],
    ['', undefined],
    ['.a', undefined],
    ['a.', undefined],
    ['a..b', undefined],
    ['a[b]', undefined],
    ['a[0', undefined],
    ['a[0]b', undefined],
    ["a['b", undefined],
  ] as const)
    it(`${JSON.stringify(text)} is ${JSON.stringify(steps)}`, () => assert.deepEqual(parsePathExpression(text), steps));
});

describe('a key of file: is refused', () => {
  for (const key of [
    '/etc/app.json',
    '/etc/app.json#',
    'etc/app.json#a',
    '/etc/../root/app.json#a',
    '/etc/app.conf#a',
    '(doc):/etc/app.conf#a',
    '/etc/app.json#a..b',
  ])
    it(key, () => assert.match(String(parseFileKey(key)), /^expected .*, got /));
});

const hasShell = spawnSync('sh', ['-c', 'true']).status === 0;

it('what a shell assigns is what a shell prints', { skip: !hasShell }, () => {
  const letter = fc.constantFrom('a', ' ', '\\', '"', "'", '#', '$', '`', ';', '=', '~x', '\t', '%', '*');
  const line = fc.array(letter, { maxLength: 8 }).map((letters) => `V=${letters.join('')}`);
  const lines = fc.sample(line, { seed: 20_261_130, numRuns: 400 });
  const script = lines.map(
    (text) => `(unset V; eval ${quote(`${text}\n`)} </dev/null; printf '%s\\0' "$V") 2>/dev/null || printf '\\0'`,
  );
  const printed = spawnSync('env', ['-i', 'PATH=/none', '/bin/sh', '-c', script.join('\n')], { encoding: 'utf8' });
  const values = printed.stdout.split('\0');
  let compared = 0;
  for (const [at, text] of lines.entries()) {
    const ours = find('shell', text, 'V');
    if (ours === '!undecided') continue;
    compared += 1;
    assert.equal(ours, values[at], text);
  }
  assert.ok(compared > 100, String(compared));
});

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
