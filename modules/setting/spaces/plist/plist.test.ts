/** Property lists that Python's plistlib writes, XML and binary, and hostile ones. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { toUnreadable } from '../file/document.ts';
import { parsePathExpression } from '../file/path-expression.ts';
import type { PlainValue } from '../file/plain-value.ts';
import { isBinaryPlist, parseBinaryPlist } from './binary-plist.ts';
import { parsePlist } from './plist.ts';
import { parseXmlPlist } from './xml-plist.ts';

const hasPython = spawnSync('python3', ['-c', 'import plistlib']).status === 0;
if (!hasPython)
  process.stderr.write('SKIPPED: python3 is not installed, property lists were NOT compared with plistlib\n');
const skip = hasPython ? {} : { skip: 'python3 is not installed' };

/** In one process: of each JSON value both forms. Text like `@date 2026…` stands for other types. */
const writer = `
import sys, json, plistlib, datetime, base64
def decode(value):
    if isinstance(value, dict): return {key: decode(inner) for key, inner in value.items()}
    if isinstance(value, list): return [decode(inner) for inner in value]
    if isinstance(value, str) and value.startswith('@date '): return datetime.datetime.strptime(value[6:], '%Y-%m-%dT%H:%M:%SZ')
    if isinstance(value, str) and value.startswith('@data '): return base64.b64decode(value[6:])
    if isinstance(value, str) and value.startswith('@int '): return int(value[5:])
    return value
for line in sys.stdin:
    for form in (plistlib.FMT_XML, plistlib.FMT_BINARY):
        print(base64.b64encode(plistlib.dumps(decode(json.loads(line)), fmt=form)).decode())
`;

function writePlists(values: readonly unknown[]): Buffer[] {
  const input = values.map((value) => `${JSON.stringify(value)}\n`).join('');
  const { status, stdout, stderr } = spawnSync('python3', ['-c', writer], { input, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => Buffer.from(line, 'base64'));
}

/** As both readers have it. */
function toExpected(value: unknown): PlainValue {
  if (Array.isArray(value)) return value.map(toExpected);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, toExpected(inner)]));
  return String(value).replace(/^@(?:date|data|int) /, '');
}

function parse(bytes: Buffer): PlainValue {
  return isBinaryPlist(bytes) ? parseBinaryPlist(bytes) : parseXmlPlist(bytes.toString('utf8'));
}

describe('a property list is read as plistlib wrote it', () => {
  it('whatever is in it', skip, () => {
    const word = fc.string({ unit: fc.constantFrom(...'aé<&>"ß \u{1f600}x'), maxLength: 20 });
    const number = fc.constantFrom(
      '@int 0',
      '@int 255',
      '@int 65536',
      '@int 4294967296',
      '@int -1',
      '@int 9223372036854775807',
      '@int 18446744073709551615',
    );
    const special = fc.constantFrom(
      '@date 2026-01-31T07:00:00Z',
      '@date 1999-12-31T23:59:59Z',
      '@data AAECAw==',
      '@data ',
      true,
      false,
    );
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        word,
        number,
        special,
        fc.array(tie('value'), { maxLength: 20 }),
        fc.dictionary(word, tie('value'), { maxKeys: 20 }),
      ),
    }));
    const values = fc.sample(value, { seed: 20_261_130, numRuns: 300 });
    const written = writePlists(values);
    assert.equal(written.length, 600);
    for (const [at, bytes] of written.entries()) {
      assert.equal(isBinaryPlist(bytes), at % 2 === 1);
      // Python's dictionaries have another order.
      assert.deepEqual(parse(bytes), toExpected(values[Math.floor(at / 2)]), bytes.toString('latin1'));
    }
  });

  it('and asked by path', skip, () => {
    for (const bytes of writePlists([{ a: { 'b.c': [1.5, { d: true }] } }])) {
      const find = (text: string) => parsePlist(bytes).find(parsePathExpression(text) ?? [])?.value;
      assert.deepEqual(
        [find("a['b.c'][0]"), find("a['b.c'][1].d"), find('a'), find('x')],
        ['1.5', 'true', ['b.c'], undefined],
      );
    }
  });
});

/** A list whose items are lists of the next, ten times each, so that it stands for 10^levels values. */
function makeBomb(levels: number): Buffer {
  const objects = Array.from({ length: levels }, (_, at) =>
    Buffer.from([0xaa, ...Array.from({ length: 10 }, () => at + 1)]),
  );
  return makeBinary([...objects, Buffer.from([0x09])]);
}

function makeBinary(objects: readonly Buffer[]): Buffer {
  const head = Buffer.from('bplist00');
  const offsets = objects.map((_, at) => head.length + objects.slice(0, at).reduce((sum, one) => sum + one.length, 0));
  const table = Buffer.from(offsets.flatMap((offset) => [offset >> 8, offset & 0xff]));
  const trailer = Buffer.alloc(32);
  trailer[6] = 2;
  trailer[7] = 1;
  trailer.writeBigUInt64BE(BigInt(objects.length), 8);
  trailer.writeBigUInt64BE(BigInt(head.length + Buffer.concat(objects).length), 24);
  return Buffer.concat([head, ...objects, table, trailer]);
}

describe('a hostile property list', () => {
  const reasonOf = (bytes: Buffer): string | undefined => {
    try {
      parsePlist(bytes);
      return undefined;
    } catch (error) {
      return toUnreadable(error);
    }
  };
  for (const [says, bytes, reason] of [
    ['that holds itself', makeBinary([Buffer.from([0xa1, 0])]), 'too-deep'],
    ['that stands for far more', makeBomb(9), 'size-limit'],
    ['without a trailer', Buffer.from('bplist00'), 'read-error'],
    ['of an unknown kind', makeBinary([Buffer.from([0x70])]), 'read-error'],
    ['whose text is cut', makeBinary([Buffer.from([0x5f, 0x10, 0xff, 0x61])]), 'read-error'],
    ['that refers to nothing', makeBinary([Buffer.from([0xa1, 9])]), 'read-error'],
    [
      'with a date beyond all calendars',
      makeBinary([Buffer.from([0x33, 0x7f, 0xef, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])]),
      'read-error',
    ],
    ['of XML that is none', Buffer.from('<plist><dict><key>a</key></dict></plist>'), 'read-error'],
    ['of other XML', Buffer.from('<a><b/></a>'), 'read-error'],
    ['of nothing', Buffer.alloc(0), 'read-error'],
  ] as const)
    it(`${says} is refused`, () => assert.equal(reasonOf(bytes), reason));

  it('is read or refused, whatever its bytes', () => {
    const seed = makeBomb(2);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(seed.length - 1), fc.nat(255)), { maxLength: 6 }), (changes) => {
        const bytes = Buffer.from(seed);
        for (const [at, byte] of changes) bytes[at] = byte;
        reasonOf(bytes);
      }),
    );
  });
});
