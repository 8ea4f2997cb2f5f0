/** The parsers of mechanisms: tables of what they make of a line, and of any bytes. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Stopwatch } from '../../../tests/stopwatch.ts';
import { toDesktopWords } from './desktop-words.ts';
import { parseInittab } from './inittab.ts';
import { parseKeyFile } from './key-file.ts';
import { toLogicalLines } from './logical-lines.ts';
import { parsePam, toPamCommand } from './pam-line.ts';
import { parseUdevRules } from './udev-rule.ts';

const plain = (found: Iterable<object>): object[] => [...found].map((one) => ({ ...one }));

it('lines are continued by a backslash, but comments are not', () =>
  assert.deepEqual(plain(toLogicalLines('# a\\\nb \\\n  c\n\n;d\n e\\', '#;')), [
    { line: 2, text: 'b    c' },
    { line: 6, text: 'e' },
  ]));

it('a key file has groups, keys and values with any sign in them', () =>
  assert.deepEqual(plain(parseKeyFile('x=0\n[A B]\n#c\nExec = env A=b x\n=\nname\n[C]\ny=\n')), [
    { line: 1, group: '', key: 'x', value: '0' },
    { line: 4, group: 'A B', key: 'Exec', value: 'env A=b x' },
    { line: 8, group: 'C', key: 'y', value: '' },
  ]));

it('Exec of a desktop entry loses its codes and escapes', () => {
  assert.equal(toDesktopWords('"/opt/a b/x" %U --p=100%% a\\sb \\\\$x'), '"/opt/a b/x"  --p=100% a b \\$x');
});

describe('a line of PAM', () => {
  const cases: readonly (readonly [string, object | undefined])[] = [
    ['auth required pam_unix.so nullok', { module: 'pam_unix.so', words: ['nullok'] }],
    ['-session  [success=1 default=ignore]\t/x/y.so [a b] # c', { module: '/x/y.so', words: ['a b'] }],
    [
      'session optional \\\n  pam_exec.so seteuid /bin/x A=b',
      { module: 'pam_exec.so', words: ['seteuid', '/bin/x', 'A=b'] },
    ],
    ['@include common-auth', undefined],
    ['auth include system-auth', undefined],
    ['auth substack system-auth', undefined],
    ['# auth required pam_x.so', undefined],
    ['auth required', undefined],
    ['audit required pam_x.so', undefined],
  ];
  for (const [text, expected] of cases)
    it(`${JSON.stringify(text)} ${expected === undefined ? 'loads nothing' : 'loads a module'}`, () =>
      assert.deepEqual(plain(parsePam(text)), expected === undefined ? [] : [{ line: 1, ...expected }]));

  it('names the service in pam.conf', () =>
    assert.deepEqual(plain(parsePam('login auth required x.so', true)), [
      { line: 1, service: 'login', module: 'x.so', words: [] },
    ]));

  it('runs a command behind the options of pam_exec', () => {
    assert.equal(toPamCommand('pam_exec.so', ['seteuid', 'log=/x y', '/bin/x', 'quiet']), '/bin/x quiet');
    assert.equal(toPamCommand('/lib/security/pam_exec.so', ['quiet']), undefined);
    assert.equal(toPamCommand('pam_unix.so', ['/bin/x']), undefined);
  });
});

describe('a rule of udev', () => {
  const cases: readonly (readonly [string, ...(readonly [string, string])[]])[] = [
    ['ACTION=="add", RUN+="/bin/x %k", RUN{program}+="y"', ['RUN', '/bin/x %k'], ['RUN', 'y']],
    ['RUN{builtin}+="kmod load", RUN-="z", RUN=="n", RUN=""'],
    [
      'PROGRAM=="/bin/a", PROGRAM!="/bin/b", PROGRAM="c"',
      ['PROGRAM', '/bin/a'],
      ['PROGRAM', '/bin/b'],
      ['PROGRAM', 'c'],
    ],
    [
      'IMPORT{program}="ata_id --export $devnode", IMPORT{builtin}="x"',
      ['IMPORT{program}', 'ata_id --export $devnode'],
    ],
    [
      'ENV{SYSTEMD_WANTS}+="x.service", ENV{SYSTEMD_USER_WANTS}="y", ENV{A}="b"',
      ['ENV{SYSTEMD_WANTS}', 'x.service'],
      ['ENV{SYSTEMD_USER_WANTS}', 'y'],
    ],
    ['ENV{SYSTEMD_WANTS}=="x.service"'],
    ['SUBSYSTEM=="usb", \\\n  RUN += "/bin/sh -c \'echo \\"a\\"\'"', ['RUN', '/bin/sh -c \'echo "a"\'']],
    ['# RUN+="/bin/x"'],
    ['RUN+="not closed'],
  ];
  for (const [text, ...expected] of cases)
    it(`${JSON.stringify(text)} starts ${expected.length}`, () =>
      assert.deepEqual(
        plain(parseUdevRules(text)),
        expected.map(([key, command]) => ({ line: 1, key, command })),
      ));
});

const parsers: Readonly<Record<string, (text: string) => Iterable<unknown>>> = {
  lines: (text) => toLogicalLines(text),
  'key files': parseKeyFile,
  'desktop words': toDesktopWords,
  PAM: (text) => parsePam(text),
  'pam.conf': (text) => parsePam(text, true),
  udev: parseUdevRules,
  inittab: parseInittab,
};

describe('any bytes', () => {
  const signs = fc.constantFrom(
    '\\',
    '\n',
    '"',
    "'",
    '{',
    '}',
    '[',
    ']',
    '=',
    ' ',
    '#',
    ';',
    ':',
    '\xff',
    'RUN',
    'a',
    '+=',
    '/',
    '*',
    '::',
  );
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(signs, { maxLength: 60 }).map((parts) => parts.join('')),
  );
  for (const [name, parse] of Object.entries(parsers)) {
    it(`are taken as ${name}`, () => fc.assert(fc.property(texts, (text) => void [...parse(text)])));

    it(`are taken as ${name} in time`, () => {
      const watch = new Stopwatch();
      for (const part of [
        '\\',
        '"',
        '[',
        'RUN+="',
        'RUN=" ',
        ' ',
        'a b ',
        'A{',
        'auth x [',
        '[a',
        '{',
        'x {',
        '//',
        '/*',
        'a::',
        ';',
        '%',
        '=',
        'a\\\n',
        'x\n',
      ])
        [...parse(part.repeat(60_000))].length;
      assert.ok(watch.processorMs < 3000, `${watch.processorMs} ms`);
    });
  }
});
