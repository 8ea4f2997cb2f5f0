import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadModules } from '../../modules/registry.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import { giveAdvice } from './advice/advice.ts';
import { assertAnswerable, type QuestionCode } from './check-question.ts';

const modules = await loadModules();

type Search = Readonly<Record<string, unknown>>;

function codeOf(module: string, parameters: unknown): string | null {
  try {
    assertAnswerable([{ module, parameters }], modules);
    return null;
  } catch (error) {
    assert.ok(error instanceof CodedError, String(error));
    return error.code;
  }
}

function ofSearch(module: string, search: Search): string | null {
  const all = module === 'file' ? { paths: ['/etc'], options: { matchall: true }, ...search } : search;
  return codeOf(module, { searches: { s1: all } });
}

const refused: QuestionCode = 'question-refused';
const impossible: QuestionCode = 'question-impossible';
const any = { matchall: false };

describe('a question', () => {
  const cases: readonly (readonly [string, string, Search, QuestionCode | null])[] = [
    ['a content over two lines', 'file', { contents: ['foo\\nbar'] }, impossible],
    ['a content that may be on one line', 'file', { contents: ['foo\\n?bar'] }, null],
    ['a content over two lines that is not there', 'file', { contents: ['!foo\\nbar'] }, null],
    [
      'a negated content over two lines',
      'file',
      { contents: ['!a\\nb'], options: { matchall: true, mismatch: ['content'] } },
      impossible,
    ],
    ['a content over two lines, or a name', 'file', { contents: ['a\\nb'], names: ['x'], options: any }, null],
    ['a content over two lines alone', 'file', { contents: ['a\\nb'], options: any }, impossible],
    ['a name with a slash', 'file', { names: ['etc/passwd'] }, impossible],
    ['a mode in digits', 'file', { modes: ['0644'] }, impossible],
    ['a mode', 'file', { modes: ['^u'] }, null],
    ['sizes that exclude each other', 'file', { sizes: ['>10', '<5'] }, impossible],
    ['sizes that meet', 'file', { sizes: ['>5', '<5'] }, null],
    ['exact sizes', 'file', { sizes: ['5', '7'] }, null],
    ['an exact size out of bounds', 'file', { sizes: ['5', '7', '>1k'] }, impossible],
    ['an exact size in bounds', 'file', { sizes: ['5', '7', '>6'] }, null],
    ['sizes of which one is enough', 'file', { sizes: ['>10', '<5'], options: any }, null],
    ['ages that exclude each other', 'file', { mtimes: ['<1d', '>2d'] }, impossible],
    ['ages that touch', 'file', { mtimes: ['<1d', '>24h'] }, impossible],
    ['ages', 'file', { mtimes: ['<2d', '>1d'] }, null],
    [
      'ages turned round',
      'file',
      { mtimes: ['<2d', '>1d'], options: { matchall: true, mismatch: ['mtime'] } },
      impossible,
    ],
    ['numbers of names that exclude each other', 'file', { linkcounts: ['<2', '>3'] }, impossible],
    ['inodes of which one is enough', 'file', { inodes: ['5', '18446744073709551615'] }, null],
    ['births that exclude each other', 'file', { btimes: ['<1d', '>2d'] }, impossible],
    ['an attribute and its opposite', 'file', { xattrs: ['^user', '!^user'] }, impossible],
    ['several owners', 'file', { users: ['root', 'daemon'] }, null],
    ['a name and its opposite', 'file', { names: ['^a', '!^a'] }, impossible],
    ['names that exclude each other', 'file', { names: ['^a$', '^b$'] }, impossible],
    ['names of which one is enough', 'file', { names: ['^a$', '^b$'], options: any }, null],
    ['names that go together', 'file', { names: ['^a', 'b$'] }, null],
    ['a name that another excludes', 'file', { names: ['\\.php$', '!\\.p'] }, impossible],
    ['three names of which two go together', 'file', { names: ['^[ab]$', '!a', '!b'] }, impossible],
    ['all names but some', 'file', { names: ['!^a', '!^b'] }, null],
    ['no name', 'file', { names: ['!.*'] }, impossible],
    ['no link', 'file', { links: ['!.*'] }, null],
    ['links that exclude each other', 'file', { links: ['^/a', '^/b'] }, impossible],
    ['a name with a NUL character', 'file', { names: ['a\\x00b'] }, impossible],
    ['a content with a NUL character', 'file', { contents: ['a\\x00b'] }, null],
    ['contents of two lines', 'file', { contents: ['^a$', '^b$'] }, null],
    [
      'contents of every line',
      'file',
      { contents: ['^a$', '^b$'], options: { matchall: true, macroal: true } },
      impossible,
    ],
    ['a file without lines', 'file', { contents: ['!.*'], options: { matchall: true, macroal: true } }, null],
    ['a line that no line may match', 'file', { contents: ['^foo', '!o'] }, impossible],
    ['a content between lines', 'file', { contents: ['(?m)foo$^bar'] }, impossible],
    ['a boundary that is none', 'file', { contents: ['\\bfoo\\B\\b'] }, impossible],
    ['a mode that begins with x', 'file', { modes: ['^x'] }, impossible],
    ['a mode in the wrong order', 'file', { modes: ['xwr'] }, impossible],
    ['a mode of a directory', 'file', { modes: ['^d'] }, impossible],
    ['a mode in either case', 'file', { modes: ['(?i)^U'] }, null],
    ['modes', 'file', { modes: ['^ugtr', 'x$'] }, null],
    ['modes that exclude each other', 'file', { modes: ['^u', '^-'] }, impossible],
    ['a mode turned round', 'file', { modes: ['r'], options: { matchall: true, mismatch: ['mode'] } }, null],
    ['an anchor in the middle', 'file', { contents: ['a^b'] }, impossible],
    ['a repetition that RE2 does not take', 'file', { names: ['a{2000}'] }, refused],
    ['a content that is too large for RE2', 'file', { contents: ['((a{100}){100}){100}'] }, refused],
    ['half a byte', 'file', { contents: ['\\C'] }, refused],
    ['a class that is none', 'file', { names: ['[z-a]'] }, refused],
    ['a flag that RE2 does not have', 'file', { contents: ['(?z)a'] }, refused],
    ['an unknown property', 'process', { names: ['\\p{Nobody}'] }, refused],
    ['memory from its beginning', 'memory', { contents: ['\\Ax'] }, refused],
    ['memory without a character', 'memory', { contents: ['x*'] }, refused],
    ['memory with a line feed', 'memory', { contents: ['a\\nb'] }, null],
    ['processes of no age', 'process', { olderthan: '2d', newerthan: '1h' }, impossible],
    ['processes of an age', 'process', { olderthan: '1h', newerthan: '2d' }, null],
    ['a command and its opposite', 'process', { cmds: ['curl', '!curl'] }, impossible],
    ['processes with two names', 'process', { names: ['^a$', '^b$'] }, impossible],
    ['a user by name and number', 'process', { users: ['^root$', '^0$'] }, null],
    ['a process with two executables', 'process', { exes: ['^/a', '^/b'] }, impossible],
    ['a process without executable', 'process', { exes: ['!^/'] }, null],
    [
      'a library with an anchor in the middle',
      'memory',
      { libraries: ['a$b'], options: { matchall: true } },
      impossible,
    ],
    ['a process by name and path', 'memory', { names: ['^a$', '^/b'], options: { matchall: true } }, null],
    ['kernels without one', 'uptime', { kernels: ['^6', '!^6'] }, impossible],
    ['two kernels', 'uptime', { kernels: ['^5', '^6'] }, impossible],
    ['groups of which both may be', 'account', { groups: ['^a$', '^b$'] }, null],
    ['a package with an anchor in the middle', 'package', { names: ['a$b'] }, impossible],
  ];
  for (const [says, module, search, expected] of cases)
    it(`for ${says} is ${expected ?? 'asked'}`, () => assert.equal(ofSearch(module, search), expected));

  for (const [parameters, expected] of [
    [{ listeningport: ['22', '!22'] }, impossible],
    [{ connectedip: ['10.1.0.0/16', '!10.0.0.0/8'] }, impossible],
    [{ connectedip: ['10.0.0.0/8', '!10.1.0.0/16'] }, null],
    [{ connectedip: ['public', '!192.0.2.1'] }, null],
    [{ listeningport: ['!22'] }, null],
    [{ localmac: ['^00:', '!^0'] }, impossible],
    [{ localmac: ['a$b'] }, impossible],
    [{ localmac: ['^00:', '^01:'] }, null],
    [{ localmac: ['a{2000}'] }, refused],
  ] as const)
    it(`${JSON.stringify(parameters)} is ${expected ?? 'asked'}`, () =>
      assert.equal(codeOf('netstat', parameters), expected));

  it('of several searches names the one that is wrong', () => {
    const searches = {
      good: { paths: ['/etc'] },
      bad: { paths: ['/etc'], sizes: ['>10', '<5'], options: { matchall: true } },
    };
    assert.throws(
      () => assertAnswerable([{ module: 'file', parameters: { searches } }], modules),
      /search 'bad': sizes: /,
    );
  });

  for (const [search, expected] of [
    [{ contents: ['(?s)foo.bar'] }, /\(\?s\) changes nothing/],
    [{ options: { mismatch: ['size'] } }, /-mismatch size negates no filter/],
    [{ options: { macroal: true } }, /-macroal changes nothing/],
    [{ contents: ['a\\nb'], names: ['x'] }, /can never match/],
  ] as const)
    it(`${JSON.stringify(search)} comes with advice`, () => {
      const parameters = { searches: { s1: { paths: ['/etc'], ...search } } };
      assert.match(giveAdvice([{ module: 'file', parameters }], modules).join('\n'), expected);
    });
});
