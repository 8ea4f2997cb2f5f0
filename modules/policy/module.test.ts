import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';
import * as z from 'zod';
import type { OperationResult } from '../../protocol/result/result.ts';
import type { Protection } from '../kit/gate.ts';
import { temporaryFolder } from '../kit/testing/temporary-folder.ts';
import type { PolicyElement } from './element.ts';
import { laptop } from './laptop.ts';
import { module } from './module.ts';
import { askPolicy, toParameters } from './testing/ask-policy.ts';

const Elements = z.object({ s1: z.array(module.element) });

function elementsOf({ success, errors, elements }: OperationResult): readonly PolicyElement[] {
  assert.ok(success, errors.join('\n'));
  return Elements.parse(elements).s1;
}

function verdictsOf(result: OperationResult): Record<string, string> {
  return Object.fromEntries(elementsOf(result).map(({ testid, verdict }) => [testid, verdict]));
}

type Checks = Readonly<Record<string, unknown>>;

/** Each check by its id; `applies` beside it where it is a pair. */
function toDocument(checks: Checks, more: Readonly<Record<string, unknown>> = {}) {
  const tests = Object.entries(checks).map(([id, check]) => ({ id, title: `the test ${id}`, ...Object(check) }));
  return { version: 2, name: 'of a test', ...more, tests };
}

/** A folder with three files. */
function makeFolder(context: TestContext): string {
  const folder = temporaryFolder(context);
  writeFileSync(join(folder, 'small'), 'x');
  writeFileSync(join(folder, 'large'), 'x'.repeat(5000));
  writeFileSync(join(folder, 'open'), 'secret=1\n');
  chmodSync(join(folder, 'open'), 0o666);
  return folder;
}

const searchOf = (folder: string, more: object = {}) => ({
  file: { paths: [folder], ...more, options: { matchall: true } },
});
const fails = { missing: 'all' };
const passes = { found: 'all' };
const unknown = { found: 'hidden' };

function protectedBelow(folder: string): Protection {
  const rules = [folder, `${folder}/**`].map((glob) => ({ glob, mayRead: false, mayTell: false }));
  return { rules, contents: [], questions: 0 };
}

describe('a document', () => {
  it('has verdicts of searches, what they find, and how these combine', async (context) => {
    const folder = makeFolder(context);
    const hidden = temporaryFolder(context);
    const objects = { all: searchOf(folder), hidden: searchOf(hidden), none: searchOf(folder, { names: ['^no$'] }) };
    const expected: Readonly<Record<string, readonly [check: Checks, verdict: string]>> = {
      found: [{ check: { found: 'all' } }, 'pass'],
      'found-nothing': [{ check: { found: 'none' } }, 'fail'],
      missing: [{ check: { missing: 'none' } }, 'pass'],
      'missing-one': [{ check: { missing: 'all' } }, 'fail'],
      'found-unknown': [{ check: { found: 'hidden' } }, 'unknown'],
      'missing-unknown': [{ check: { missing: 'hidden' } }, 'unknown'],
      count: [{ check: { count: { of: 'all', is: '= 3' } } }, 'pass'],
      'count-more': [{ check: { count: { of: 'all', is: '> 3' } } }, 'fail'],
      'count-unknown': [{ check: { count: { of: 'hidden', is: '< 3' } } }, 'unknown'],
      'count-anyway': [{ check: { count: { of: 'hidden', is: '>= 0' } } }, 'pass'],
      'sizes-all': [{ check: { compare: { of: 'all', column: 'size', is: '<= 5k', as: 'size' } } }, 'pass'],
      'sizes-one-not': [{ check: { compare: { of: 'all', column: 'size', is: '< 4k', as: 'size' } } }, 'fail'],
      'sizes-any': [{ check: { compare: { of: 'all', column: 'size', is: '> 4k', as: 'size', for: 'any' } } }, 'pass'],
      'names-match': [{ check: { compare: { of: 'all', column: 'file', is: '~ /(small|large|open)$' } } }, 'pass'],
      'compare-nothing': [
        { check: { compare: { of: 'none', column: 'size', is: '= 1', as: 'size' } } },
        'notapplicable',
      ],
      'compare-unknown': [{ check: { compare: { of: 'hidden', column: 'size', is: '= 1', as: 'size' } } }, 'unknown'],
      'all-false': [{ check: { all: [passes, unknown, fails] } }, 'fail'],
      'all-unknown': [{ check: { all: [passes, unknown] } }, 'unknown'],
      'all-true': [{ check: { all: [passes, { not: fails }] } }, 'pass'],
      'any-true': [{ check: { any: [fails, unknown, passes] } }, 'pass'],
      'any-unknown': [{ check: { any: [fails, unknown] } }, 'unknown'],
      'none-true': [{ check: { none: [fails] } }, 'pass'],
      'none-unknown': [{ check: { none: [fails, unknown] } }, 'unknown'],
      'not-unknown': [{ check: { not: unknown } }, 'unknown'],
      applies: [{ applies: passes, check: fails }, 'fail'],
      'applies-not': [{ applies: fails, check: fails }, 'notapplicable'],
      'applies-unknown': [{ applies: unknown, check: passes }, 'unknown'],
      'reference-to-none': [{ check: { any: [{ test: 'applies-not' }, fails] } }, 'fail'],
      reference: [{ check: { all: [{ test: 'found' }, { not: { test: 'missing-one' } }] } }, 'pass'],
    };
    const checks = Object.fromEntries(Object.entries(expected).map(([id, [check]]) => [id, check]));
    const result = await askPolicy(toDocument(checks, { objects }), { protection: protectedBelow(hidden) });
    assert.deepEqual(
      verdictsOf(result),
      Object.fromEntries(Object.entries(expected).map(([id, [, verdict]]) => [id, verdict])),
    );
    assert.equal(result.statistics.tests, Object.keys(expected).length);
    const [{ reason = '' } = {}] = elementsOf(result).filter(({ testid }) => testid === 'found-unknown');
    assert.equal(reason, 'the search failed');
  });

  it('reads what several tests ask for once, and nothing for those that do not apply', async (context) => {
    const [folder, other] = [makeFolder(context), makeFolder(context)];
    const checks = {
      first: { check: { found: searchOf(folder, { names: ['^small$'] }) } },
      second: { check: { found: searchOf(folder, { sizes: ['>4k'] }) } },
      third: { check: { count: { of: searchOf(folder), is: '= 3' } } },
      'not-here': { applies: { found: searchOf(folder, { names: ['^no$'] }) }, check: { found: searchOf(other) } },
    };
    const { receipt } = await askPolicy(toDocument(checks));
    assert.equal(receipt.examined.files, 3 + 3, 'once for what applies, once for all tests');
  });

  it('keeps what could not be read to the tests that needed it', async (context) => {
    const [folder, hidden] = [makeFolder(context), makeFolder(context)];
    mkdirSync(join(hidden, 'below'));
    const checks = {
      seen: { check: { missing: searchOf(folder, { names: ['^no$'] }) } },
      unseen: { check: { missing: searchOf(hidden, { names: ['^no$'] }) } },
    };
    const rules = [{ glob: `${hidden}/small`, mayRead: false, mayTell: false }];
    const result = await askPolicy(toDocument(checks), { protection: { rules, contents: [], questions: 0 } });
    assert.deepEqual(verdictsOf(result), { seen: 'pass', unseen: 'unknown' });
  });

  it('names what decided with metadata, and verdicts alone without', async (context) => {
    const folder = makeFolder(context);
    const document = toDocument({
      open: { severity: 'high', check: { missing: searchOf(folder, { modes: ['w.$'] }) } },
    });
    assert.deepEqual(elementsOf(await askPolicy(document)), [
      {
        testid: 'open',
        verdict: 'fail',
        severity: 'high',
        name: 'the test open',
        reason: 'found',
        results: [{ result: false, identifier: join(folder, 'open') }],
      },
    ]);
    const names = await askPolicy(document, { answer: 'names' });
    assert.deepEqual(elementsOf(names), [{ testid: 'open', verdict: 'fail' }]);
    assert.ok(!JSON.stringify(names).includes(folder));
    const count = await askPolicy(document, { answer: 'count' });
    assert.equal(count.statistics.fail, 1);
    assert.ok(!JSON.stringify(count).includes('open'));
    const { statistics, foundanything } = await askPolicy(document, { answer: 'yesno', options: {} });
    assert.equal(foundanything, true);
    assert.equal(statistics.tests, undefined);
  });

  it('asks modules of lists by their values', async () => {
    const [used, free] = [['65521'], ['65522']];
    const checks = {
      one: { check: { missing: { netstat: { listeningport: used } } } },
      other: { check: { missing: { netstat: { listeningport: free } } } },
    };
    assert.deepEqual(verdictsOf(await askPolicy(toDocument(checks))), { one: 'pass', other: 'pass' });
  });
});

describe('a document is refused', () => {
  const check = { found: { file: { paths: ['/etc'] } } };
  const valid = toDocument({ one: { check } });
  const refuse = (value: unknown): string => {
    const parsed = module.parameters.safeParse(toParameters(value));
    return parsed.success ? '' : z.prettifyError(parsed.error);
  };
  for (const [says, document, expected] of [
    ['with a member that nobody knows', { ...valid, extra: 1 }, /Unrecognized key: "extra"/],
    ['with two tests of one name', { ...valid, tests: [...valid.tests, ...valid.tests] }, /got "one" twice/],
    [
      'with an unknown object',
      toDocument({ one: { check: { found: 'nothing' } } }),
      /an object of this document, got nothing/,
    ],
    [
      'with an object that nobody uses',
      toDocument({ one: { check } }, { objects: { more: { file: {} } } }),
      /that a test uses/,
    ],
    ['with an unknown test', toDocument({ one: { check: { test: 'two' } } }), /a test of this document, got two/],
    [
      'with tests in a circle',
      toDocument({ one: { check: { test: 'two' } }, two: { check: { not: { test: 'one' } } } }),
      /do not refer to themselves, got one/,
    ],
    [
      'with too many tests behind each other',
      toDocument({
        ...Object.fromEntries(Array.from({ length: 70 }, (_, n) => [`t${n}`, { check: { test: `t${n + 1}` } }])),
        t70: { check },
      }),
      /at most 64 tests that refer to each other in a row/,
    ],
    [
      'with a pattern that is none',
      toDocument({ one: { check: { compare: { of: check.found, column: 'file', is: '~ (' } } } }),
      /tests\[0\]\.check\.compare\.is/,
    ],
    [
      'with two operators in one place',
      toDocument({ one: { check: { ...check, test: 'one' } } }),
      /expected one of all, any/,
    ],
    [
      'with a comparison of words',
      toDocument({ one: { check: { count: { of: check.found, is: 'many' } } } }),
      /comparison with a number/,
    ],
  ] as const)
    it(says, () => assert.match(refuse(document), expected));

  it('when it is packed badly, grows without end, or is another one than its digest says', () => {
    const { searches } = toParameters(valid);
    const refusePacked = (packed: object): string => {
      const parsed = module.parameters.safeParse({ searches: { s1: { ...searches.s1, ...packed } } });
      return parsed.success ? '' : z.prettifyError(parsed.error);
    };
    assert.equal(refusePacked({}), '');
    assert.match(refusePacked({ document: 'AAAA' }), /packed by gzip/);
    const bomb = gzipSync(Buffer.alloc(9 * 1024 * 1024)).toString('base64');
    assert.match(refusePacked({ document: bomb }), /at most 8388608 bytes unpacked/);
    assert.match(refusePacked({ sha256: '0'.repeat(64) }), /expected the document with the SHA-256 0000/);
  });

  it('that a person wrote, with the file and the place', () => {
    const read = (text: string) => laptop.document?.read(Buffer.from(text), 'p.yaml');
    assert.throws(() => read('version: 2\nname: x\ntests: [{ id: a }]\n'), /p\.yaml\n(?:.|\n)*tests\[0\]\.check/);
    assert.throws(() => read('a: [\n'), /expected YAML or JSON in p\.yaml/);
    assert.throws(
      () =>
        read(
          `${['a', ...Array.from({ length: 9 }, (_, index) => `b${index}`)].map((name, index, all) => `${name}: &${name} [${index === 0 ? '1' : `*${all[index - 1]},`.repeat(9)}]`).join('\n')}`,
        ),
      /expected YAML or JSON/,
    );
  });
});

it('in words has each named object once, for those who sign it', () => {
  const paths = Array.from({ length: 2000 }, (_, index) => `/etc/folder-with-a-name-${index}`);
  const found = { found: 'large' };
  const document = {
    ...toDocument(
      Object.fromEntries(Array.from({ length: 2000 }, (_, n) => [`t${n}`, { check: { all: [found, found] } }])),
    ),
    objects: { large: { file: { paths } } },
  };
  const parsed = module.parameters.parse(toParameters(document));
  const words = module.describe(parsed) ?? [];
  assert.equal(words[1], 't0: the test t0: all of (found: object large; found: object large)');
  assert.equal(words.at(-1), `object large: file ${JSON.stringify({ paths })}`);
  assert.equal(words.length, 2002);
});

describe('the commands on the laptop', () => {
  const baseline = readFileSync(join(import.meta.dirname, 'baseline.yaml'));
  it('explain a test, and list them', () => {
    const { explain } = laptop.commands;
    assert.ok(explain?.kind === 'print');
    const { text } = explain.print(['baseline.yaml', 'kernel-log'], () => baseline);
    assert.match(text, /^kernel-log: only root reads the log of the kernel\nseverity: low\nwhy: .*\n/);
    assert.match(text, /\npasses where: found: setting .*kernel\.dmesg_restrict = 1/);
    const listed = explain.print(['baseline.yaml'], () => baseline).text.split('\n');
    assert.ok(listed.length > 20 && listed.includes('kernel-log: only root reads the log of the kernel'));
    assert.throws(
      () => explain.print(['baseline.yaml', 'no'], () => baseline),
      /expected a test of baseline\.yaml, got "no"/,
    );
  });
});
