/** What systemd makes of a unit. */
import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { makeHost, readerOf } from '../testing/host.ts';
import { Units } from './effective-unit.ts';
import { parseExecCommands } from './exec-command.ts';
import { systemFolders } from './search-folders.ts';
import { expandSpecifiers } from './specifiers.ts';
import { parseUnitName } from './unit-name.ts';
import { parseUnitText } from './unit-text.ts';
import { splitUnitWords } from './unit-words.ts';

const usr = '/usr/lib/systemd/system';
const etc = '/etc/systemd/system';
const host = makeHost({
  [`${usr}/a-b-c.service`]: '[Service]\nExecStart=/bin/one\nExecStart=/bin/two\nUser=x\nEnvironment=A=1\n',
  [`${usr}/a-b-c.service.d/10.conf`]: '[Service]\nEnvironment=A=2\n',
  [`${etc}/a-b-c.service.d/20.conf`]: '[Service]\nExecStart=\nExecStart=-/bin/three "x y"\n',
  [`${usr}/a-b-c.service.d/20.conf`]: '[Service]\nExecStart=/bin/hidden\n',
  [`${etc}/a-.service.d/15.conf`]: '[Service]\nUser=\n',
  [`${usr}/a-b-.service.d/15.conf`]: '[Service]\nUser=hidden\n',
  [`${usr}/service.d/05.conf`]: '[Service]\nEnvironment=B=1\n',
  [`${usr}/service.d/20.conf`]: '[Service]\nExecStart=/bin/hidden\n',
  [`${etc}/other.service.d/30.conf`]: '[Service]\nEnvironment=C=1\n',
  [`${usr}/a-b-c.service.d/none.txt`]: '[Service]\nExecStart=/bin/none\n',
  [`${usr}/t@.service`]: '[Service]\nExecStart=/bin/t %i\n',
  [`${etc}/t@.service.d/10.conf`]: '[Service]\nEnvironment=T=1\n',
  [`${etc}/t@one.service.d/20.conf`]: '[Service]\nEnvironment=O=1\n',
  [`${usr}/masked.service`]: '[Service]\nExecStart=/bin/x\n',
});
for (const [path, target] of [
  [`${etc}/other.service`, `${usr}/a-b-c.service`],
  [`${etc}/masked.service`, '/dev/null'],
] as const) {
  mkdirSync(dirname(host.at(path)), { recursive: true });
  symlinkSync(target, host.at(path));
}
const units = new Units(readerOf(host), 'systemd', systemFolders);

describe('a unit', () => {
  it('has the values of its drop-ins, and lists end at an empty one', () => {
    const unit = units.load('a-b-c.service');
    assert.deepEqual(
      unit?.values('Service', 'ExecStart').map(({ value, path, line }) => [value, path, line]),
      [['-/bin/three "x y"', `${etc}/a-b-c.service.d/20.conf`, 3]],
    );
    assert.equal(unit?.value('Service', 'User'), undefined);
    assert.deepEqual(
      unit?.values('Service', 'Environment').map(({ value }) => value),
      ['A=1', 'B=1', 'A=2', 'C=1'],
    );
  });

  it('is loaded by its other names, and not where it is masked', () => {
    assert.equal(units.load('other.service')?.path, `${usr}/a-b-c.service`);
    assert.equal(units.load('masked.service'), undefined);
    assert.equal(units.load('gone.service'), undefined);
  });

  const orders: readonly (readonly [string, ...string[]])[] = [
    [
      'a-b-c.service',
      `${usr}/a-b-c.service`,
      `${usr}/service.d/05.conf`,
      `${usr}/a-b-c.service.d/10.conf`,
      `${etc}/a-.service.d/15.conf`,
      `${etc}/a-b-c.service.d/20.conf`,
      `${etc}/other.service.d/30.conf`,
    ],
    [
      't@one.service',
      `${usr}/t@.service`,
      `${usr}/service.d/05.conf`,
      `${etc}/t@.service.d/10.conf`,
      `${etc}/t@one.service.d/20.conf`,
    ],
    [
      't@.service',
      `${usr}/t@.service`,
      `${usr}/service.d/05.conf`,
      `${etc}/t@.service.d/10.conf`,
      `${usr}/service.d/20.conf`,
    ],
  ];
  for (const [name, ...paths] of orders)
    it(`${name} has its drop-ins by their names, and of several with one name the first`, () => {
      const unit = units.load(name);
      assert.deepEqual([unit?.path, ...(unit?.dropIns ?? [])], paths);
    });
});

describe('the text of a unit', () => {
  it('is continued over comments, and ignored where it is outside of a section', () => {
    const text = 'A=0\n[S]\nB = 1 \\\n# comment\n  2\\\n ; comment\n\n C=3\nD\n=E\n[X\n';
    assert.deepEqual(parseUnitText(Buffer.from(text)), {
      assignments: [
        { section: 'S', key: 'B', value: '1    2', line: 3 },
        { section: 'S', key: 'C', value: '3', line: 8 },
      ],
      isBroken: true,
    });
  });

  it('is parsed whatever it is', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.string(), (bytes, text) => {
        const { assignments } = parseUnitText(Buffer.concat([Buffer.from('[S]\n'), bytes, Buffer.from(text)]));
        for (const { value } of assignments)
          for (const word of splitUnitWords(value)) assert.equal(typeof word, 'string');
      }),
    );
  });

  const words: readonly (readonly [string, ...string[]])[] = [
    [`a "b c" 'd "e'`, 'a', 'b c', 'd "e'],
    [`a"b c"d ''`, 'ab cd', ''],
    ['a\\x20b \\u00e9 \\101', 'a b', '\xc3\xa9', 'A'],
    ['"open', 'open'],
    ['\\q', '\\q'],
  ];
  for (const [value, ...expected] of words)
    it(`${value} is ${expected.length} words`, () => assert.deepEqual(splitUnitWords(value), expected));
});

describe('a command', () => {
  const cases: readonly (readonly [string, ...string[]])[] = [
    ['-@/bin/a b', '/bin/a'],
    ['!!/bin/a ; /bin/b c', '/bin/a', '/bin/b'],
    ['+"/opt/a b/c" x', '/opt/a b/c'],
    ['env A=b x', 'env'],
    ['-', ...[]],
  ];
  for (const [value, ...programs] of cases)
    it(`${value} runs ${programs.join(' and ') || 'nothing'}`, () =>
      assert.deepEqual(
        parseExecCommands(value).map(({ program }) => program),
        programs,
      ));

  const specifiers: readonly (readonly [string, string, string | undefined])[] = [
    ['/bin/%i', 'a@b-c.service', '/bin/b-c'],
    ['/bin%f', 'a@b-c.service', '/bin/b/c'],
    ['%n %N %p %j %%', 'a-b.service', 'a-b.service a-b a-b b %'],
    ['/bin/%i', 'a@.service', undefined],
    ['/home/%u', 'a.service', undefined],
  ];
  for (const [text, name, expected] of specifiers)
    it(`${text} of ${name} is ${expected}`, () => {
      const parsed = parseUnitName(name);
      assert.ok(parsed !== undefined);
      assert.equal(expandSpecifiers(text, parsed), expected);
    });
});
