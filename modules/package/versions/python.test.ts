import { describe, it } from 'node:test';
import { checkOrder } from '../testing/check-order.ts';
import { assertAgrees, scriptJudge } from '../testing/judge.ts';
import { comparePython } from './python.ts';

/** Of the specification of versions, from the oldest to the newest; those in one list are equal. */
const ascending: readonly (readonly string[])[] = [
  ['1.0.dev456', '1.0.DEV456'],
  ['1.0a1', '1.0alpha1', 'v1.0-a.1'],
  ['1.0a2.dev456'],
  ['1.0a12.dev456'],
  ['1.0a12'],
  ['1.0b1.dev456'],
  ['1.0b2'],
  ['1.0b2.post345.dev456'],
  ['1.0b2.post345', '1.0b2-345'],
  ['1.0rc1.dev456'],
  ['1.0rc1', '1.0c1', '1.0-preview-1', '1.0rc01'],
  ['1.0', '1', '1.0.0'],
  ['1.0+abc.5'],
  ['1.0+abc.7'],
  ['1.0+5', '1.0+05'],
  ['1.0.post456.dev34'],
  ['1.0.post456', '1.0-456', '1.0.rev456'],
  ['1.1.dev1'],
  ['1.10'],
  ['2013.1'],
  ['1!0.1'],
];

const script = `
import json, sys
def sign(a, b):
    try:
        a, b = Version(a), Version(b)
    except InvalidVersion:
        return None
    return (a > b) - (a < b)
print(json.dumps([sign(a, b) for a, b in json.load(sys.stdin)]))
`;

/** pip brings a copy. */
const [judge] = ['packaging.version', 'pip._vendor.packaging.version'].flatMap((library) => {
  const load = `from ${library} import Version, InvalidVersion`;
  return scriptJudge(['python3', '-c'], load, `${load}${script}`) ?? [];
});

const parts = [
  '0',
  '1',
  '10',
  '.',
  '.0',
  '1!',
  'a',
  'alpha',
  'b1',
  'rc',
  'c2',
  '-',
  '_',
  '.post',
  '-1',
  'dev',
  '.dev3',
  '+',
  '+local.1',
  '+2',
  'x',
];

describe('the order of Python', () => {
  it('sorts the versions of its specification', () =>
    checkOrder((a, b) => comparePython(a, b) ?? Number.NaN, ascending));

  it('is that of the library `packaging`', { skip: judge === undefined && 'needs python3 with pip' }, () => {
    if (judge !== undefined) assertAgrees(comparePython, judge, parts);
  });
});
