import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import * as z from 'zod';
import type { Protection } from '../../kit/gate.ts';
import { temporaryFolder } from '../../kit/testing/temporary-folder.ts';
import { describeDocument } from '../describe.ts';
import { parseDocument } from '../document/document.ts';
import type { PolicyElement } from '../element.ts';
import { laptop } from '../laptop.ts';
import { module } from '../module.ts';
import { askPolicy } from '../testing/ask-policy.ts';
import { expandVariables } from './document.ts';
import { toSearchOfScribe } from './former.ts';

const Elements = z.object({ s1: z.array(module.element) });
const all = { verdicts: ['fail', 'unknown', 'pass', 'notapplicable'] };

type Test = Readonly<Record<string, unknown>>;

async function judge(objects: readonly unknown[], tests: readonly Test[], more: object = {}, protection?: Protection) {
  const result = await askPolicy(
    { objects, tests, ...more },
    { options: all, ...(protection === undefined ? {} : { protection }) },
  );
  assert.ok(result.success, result.errors.join('\n'));
  const elements = Elements.parse(result.elements).s1;
  return { result, elements, byId: new Map(elements.map((element) => [element.testid, element])) };
}

const truthsOf = (elements: readonly PolicyElement[]): Record<string, boolean | string | undefined> =>
  Object.fromEntries(
    elements.map(({ testid, masterresult, verdict }) => [testid, verdict === 'unknown' ? verdict : masterresult]),
  );

function makeFolder(context: TestContext): string {
  const folder = temporaryFolder(context);
  writeFileSync(join(folder, 'app-1.2.3.txt'), 'version=1.2.3\nname=one\nversion=1.10.0\r\n');
  writeFileSync(join(folder, 'other.txt'), 'nothing\n');
  symlinkSync('nowhere', join(folder, 'app-0.0.0.txt'));
  mkdirSync(join(folder, 'below'));
  writeFileSync(join(folder, 'below', 'app-2.0.0.txt'), 'version=2.0.0\n');
  writeFileSync(join(folder, 'below', 'more'), 'patch=7\n');
  return folder;
}

describe('a document of scribe', () => {
  it('finds candidates in lines, names and files, and judges them', async (context) => {
    const folder = makeFolder(context);
    const objects = [
      { object: 'versions', filecontent: { path: `\${root}`, file: '^app-.*\\.txt$', expression: '^version=(\\S+)' } },
      { object: 'versions', raw: { identifiers: [{ identifier: 'second', value: 'ignored' }] } },
      { object: 'none', filecontent: { path: folder, file: '^app', expression: '^version=' } },
      { object: 'joined', filecontent: { path: folder, file: '^app-1', expression: '^version=(\\S+)', concat: '+' } },
      { object: 'names', filename: { path: folder, file: '^app-(\\d+)\\.' }, package: {}, raw: {} },
      { object: 'lines', hasline: { path: folder, file: 'txt$', expression: '^version=' } },
      { object: 'given', raw: { identifiers: [{ identifier: 'x', value: '1:0.9-1' }] } },
    ];
    const tests = [
      { test: 'newer', object: 'versions', evr: { operation: '>', value: '1.9.0' }, regexp: {} },
      { test: 'oldest', object: 'versions', evr: { operation: '<', value: '1.2.3' } },
      { test: 'equal', object: 'versions', evr: { operation: '=', value: '1.10.0' } },
      { test: 'odd', object: 'versions', evr: { operation: '>=', value: '1' } },
      { test: 'no-groups', object: 'none' },
      { test: 'joined', object: 'joined', exactmatch: { value: '1.2.3+1.10.0' } },
      { test: 'two', object: 'names', exactmatch: { value: '2' } },
      { test: 'zero', object: 'names', exactmatch: { value: '0' } },
      { test: 'line', object: 'lines', exactmatch: { value: 'true' } },
      { test: 'no-line', object: 'lines', exactmatch: { value: 'false' } },
      { test: 'epoch', object: 'given', evr: { operation: '>', value: '2.0' } },
      { test: 'epoch-tilde', object: 'given', evr: { operation: '<', value: '1:0.9-1~rc1' } },
      { test: 'if-true', object: 'given', if: ['equal'] },
      { test: 'if-false', object: 'given', if: ['equal', 'oldest'] },
      { test: 'if-error', object: 'given', if: ['odd'] },
      { test: 'bad-pattern', object: 'given', regexp: { value: '(' } },
      { test: 'expected', object: 'given', expectedresult: true },
    ];
    const { elements, byId } = await judge(objects, tests, { variables: [{ key: 'root', value: folder }] });
    assert.deepEqual(truthsOf(elements), {
      newer: true,
      oldest: false,
      equal: true,
      odd: 'unknown',
      'no-groups': false,
      joined: true,
      two: true,
      zero: false,
      line: true,
      'no-line': true,
      epoch: true,
      'epoch-tilde': false,
      'if-true': true,
      'if-false': false,
      'if-error': 'unknown',
      'bad-pattern': 'unknown',
      expected: true,
    });
    assert.deepEqual(byId.get('equal')?.results, [
      { result: true, identifier: join(folder, 'app-1.2.3.txt') },
      { result: false, identifier: join(folder, 'app-1.2.3.txt') },
      { result: false, identifier: join(folder, 'below', 'app-2.0.0.txt') },
    ]);
    assert.equal(byId.get('equal')?.verdict, 'fail');
    assert.equal(byId.get('expected')?.verdict, 'pass');
    assert.match(byId.get('odd')?.error ?? '', /^expected evr with <, > or =, got ">="$/);
    assert.match(byId.get('if-error')?.error ?? '', /^a test dependency failed: odd$/);
    assert.equal(byId.get('bad-pattern')?.iserror, true);
  });

  it('fires a chain for each file, which gives it its name', async (context) => {
    const folder = makeFolder(context);
    const objects = [
      {
        object: 'versions',
        filecontent: {
          path: folder,
          file: '^app',
          expression: '^version=(\\S+)',
          concat: '.',
          'import-chain': ['patch'],
        },
      },
      { object: 'patch', filecontent: { path: `\${chain_root}`, file: '^more$', expression: '^patch=(\\d+)' } },
      {
        object: 'outside',
        filecontent: { path: folder, file: '^app-2', expression: '^version=(\\S+)', 'import-chain': ['above'] },
      },
      { object: 'above', filecontent: { path: `\${chain_root}/../../..`, file: '^more$', expression: '(.)' } },
    ];
    const tests = [
      { test: 'patched', object: 'versions', exactmatch: { value: '2.0.0.7' } },
      { test: 'unpatched', object: 'versions', exactmatch: { value: '1.2.3.1.10.0' } },
      { test: 'outside', object: 'outside', exactmatch: { value: 'x' } },
    ];
    const { elements, byId } = await judge(objects, tests);
    assert.deepEqual(truthsOf(elements), { patched: true, unpatched: false, outside: 'unknown' });
    assert.equal(byId.get('patched')?.results?.[0]?.identifier, join(folder, 'below', 'app-2.0.0.txt'));
  });

  it('finds packages by both of their names, those on hold as well, and compares in their own order', async () => {
    const { result } = await judge([{ object: 'p', package: { name: 'dpkg' } }], [{ test: 'there', object: 'p' }]);
    if (result.receipt.examined.packages === undefined) return;
    const objects = [
      { object: 'plain', package: { name: 'dpkg' } },
      { object: 'with-arch', package: { name: 'dpkg:amd64' } },
      { object: 'all', package: { name: 'x', collectmatch: '^dpkg$', onlynewest: true } },
      { object: 'none', package: { name: 'no-such-package' } },
      { object: 'elsewhere', package: { name: 'dpkg:s390x' } },
    ];
    const tests = ['plain', 'with-arch', 'all', 'none', 'elsewhere'].map((object) => ({
      test: object,
      object,
      evr: { operation: '>', value: '1.0~rc1' },
    }));
    const { elements, byId } = await judge(objects, tests);
    if (process.arch === 'x64')
      assert.deepEqual(truthsOf(elements), {
        plain: true,
        'with-arch': true,
        all: true,
        none: false,
        elsewhere: false,
      });
    assert.equal(byId.get('elsewhere')?.verdict, 'notapplicable');
    assert.equal(byId.get('none')?.verdict, 'pass');
  });

  it('says unknown where the original said false, and cuts nothing at 1,000 files', async (context) => {
    const folder = temporaryFolder(context);
    for (let index = 0; index < 1200; index += 1)
      writeFileSync(join(folder, `f${index}`), index === 1199 ? 'x=1\n' : 'x=0\n');
    const objects = [
      { object: 'all', filecontent: { path: folder, file: '^f', expression: '^x=(\\d)' } },
      { object: 'lines', hasline: { path: folder, file: '^f', expression: '^x=1' } },
    ];
    const tests = [
      { test: 'one', object: 'all', exactmatch: { value: '1' } },
      { test: 'nine', object: 'all', exactmatch: { value: '9' } },
      { test: 'line', object: 'lines', exactmatch: { value: 'false' } },
    ];
    assert.deepEqual(truthsOf((await judge(objects, tests)).elements), { one: true, nine: false, line: true });
    const rules = [{ glob: `${folder}/f7`, mayRead: false, mayTell: true }];
    const { elements } = await judge(objects, tests, {}, { rules, contents: [], questions: 10 });
    assert.deepEqual(truthsOf(elements), { one: true, nine: 'unknown', line: 'unknown' });
  });

  it('counts each test on the content of a protected file as a question', async (context) => {
    const folder = temporaryFolder(context);
    writeFileSync(join(folder, 'secret'), 'key=abc\n');
    const objects = [{ object: 'key', filecontent: { path: folder, file: '^secret$', expression: '^key=(.*)' } }];
    const tests = ['^a', '^b', '^c'].map((value) => ({ test: value, object: 'key', regexp: { value } }));
    const protectedBy = (questions: number): Protection => ({
      rules: [{ glob: `${folder}/secret`, mayRead: true, mayTell: true }],
      contents: [],
      questions,
    });
    const enough = await judge(objects, tests, {}, protectedBy(60));
    assert.deepEqual(truthsOf(enough.elements), { '^a': true, '^b': false, '^c': false });
    assert.equal(enough.result.receipt.protectedquestions, 1 + tests.length);
    const tooFew = await judge(objects, tests, {}, protectedBy(3));
    assert.deepEqual(truthsOf(tooFew.elements), { '^a': 'unknown', '^b': 'unknown', '^c': 'unknown' });
    assert.ok(tooFew.result.receipt.protectedquestions <= 3);
  });

  it('never tells what was captured', async (context) => {
    const folder = makeFolder(context);
    const objects = [{ object: 'v', filecontent: { path: folder, file: '^app-1', expression: '^name=(\\S+)' } }];
    const { result } = await judge(objects, [{ test: 't', object: 'v', regexp: { value: '^o' } }]);
    assert.ok(!JSON.stringify(result).includes('one'));
  });
});

describe('the parameters and words of scribe', () => {
  const scribedoc = {
    variables: [],
    objects: [{ object: 'o', package: { name: 'openssl' } }],
    tests: [{ test: 't', object: 'o', evr: { operation: '<', value: '3.0' } }],
  };

  it('are those of policy', () => {
    const search = toSearchOfScribe({ scribedoc, onlytrue: true, humanoutput: true });
    assert.ok(search !== undefined);
    const parameters = module.parameters.parse({ searches: { s1: search } });
    assert.equal(parameters.searches.s1?.options.onlytrue, true);
    assert.deepEqual(module.describe(parameters), ['a document of scribe, 1 test', 't: package openssl version < 3.0']);
  });

  it('may be YAML, and what is wrong is named', () => {
    const text =
      'objects:\n- object: o\n  raw: { identifiers: [{ identifier: a, value: b }] }\ntests:\n- { test: t, object: p }\n';
    assert.throws(
      () => laptop.document?.read(Buffer.from(text), 'd.yaml'),
      /expected an object of this document, got p/,
    );
    const [, line] = describeDocument(parseDocument(scribedoc));
    assert.equal(line, 't: package openssl version < 3.0');
  });
});

describe('a hostile document of scribe', () => {
  it('is refused when its variables grow without end', () => {
    const levels = Array.from({ length: 6 }, (_, level) => ({
      key: `v${level}`,
      value: `\${v${level + 1}}`.repeat(1000),
    }));
    const object = (path: string) => ({
      variables: levels,
      objects: [{ object: 'o', filename: { path, file: '^x$' } }],
      tests: [{ test: 't', object: 'o' }],
    });
    assert.equal(parseDocument(object('/etc')).kind, 'scribe');
    assert.throws(() => parseDocument(object(`/\${v0}`)), /at most 65536 characters with variable v1/);
  });

  it('is planned once where objects chain themselves and each other', async (context) => {
    const path = temporaryFolder(context);
    writeFileSync(join(path, 'x'), 'one\n');
    const names = Array.from({ length: 64 }, (_, index) => `o${index}`);
    const filecontent = { path, file: '^x$', expression: '^(one)$', 'import-chain': names };
    const objects = names.map((object) => ({ object, filecontent }));
    const { byId } = await judge(objects, [{ test: 't', object: 'o0', exactmatch: { value: 'one' } }]);
    assert.equal(byId.get('t')?.masterresult, true);
  });

  it('has variables with signs that patterns of replacement have', () => {
    const variables = [{ key: 'root', value: "/srv/$&/$'/$$" }];
    assert.equal(expandVariables({ variables }, `\${root}/x`), "/srv/$&/$'/$$/x");
  });

  it('is unknown where too many tests depend on each other', async () => {
    const objects = [{ object: 'o', raw: { identifiers: [{ identifier: 'x', value: 'y' }] } }];
    const tests = Array.from({ length: 12_000 }, (_, index) => ({
      test: `t${index}`,
      object: 'o',
      ...(index < 11_999 ? { if: [`t${index + 1}`] } : {}),
    }));
    const { byId } = await judge(objects, tests);
    assert.equal(byId.get('t0')?.verdict, 'unknown');
    assert.equal(byId.get('t11999')?.masterresult, true);
  });
});
