import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compileAddresses, compilePorts, compileProtocols, type Lookup, withExclusions } from './lookup.ts';

type Case<Subject> = readonly [name: string, values: readonly string[], subject: Subject, expected: readonly string[]];

function check<Subject>(
  compile: (values: readonly string[]) => Lookup<Subject>,
  cases: readonly Case<Subject>[],
): void {
  for (const [name, values, subject, expected] of cases)
    it(name, () => assert.deepEqual(withExclusions(values, compile)(subject), expected));
}

describe('addresses', () => {
  check(compileAddresses, [
    ['no value matches nothing', [], '10.0.0.1', []],
    ['an address', ['10.0.0.1'], '10.0.0.1', ['10.0.0.1']],
    ['each value is answered', ['10.0.0.0/8', '1.1.1.1', '10.0.0.0/24'], '10.0.0.1', ['10.0.0.0/8', '10.0.0.0/24']],
    ['an exclusion takes away', ['10.0.0.0/8', '!10.0.0.0/24'], '10.0.0.1', []],
    ['an exclusion leaves the rest', ['10.0.0.0/8', '!10.0.0.0/24'], '10.0.1.1', ['10.0.0.0/8']],
    ['exclusions alone leave everything else', ['!10.0.0.0/8', '!1.1.1.1'], '8.8.8.8', ['!10.0.0.0/8 !1.1.1.1']],
    ['exclusions alone take away', ['!10.0.0.0/8', '!1.1.1.1'], '1.1.1.1', []],
    ['public', ['public'], '8.8.8.8', ['public']],
    ['public is not private', ['public'], '10.0.0.1', []],
    ['public but for a range', ['public', '!8.8.8.0/24'], '8.8.8.8', []],
    ['all but public', ['!public'], '10.0.0.1', ['!public']],
    ['a text that is no address matches nothing', ['public', '0.0.0.0/0'], '', []],
  ]);
});

describe('ports', () => {
  check(compilePorts, [
    ['a port', ['22', '80'], 80, ['80']],
    ['another port', ['22', '80'], 8080, []],
    ['however it was written', ['080'], 80, ['080']],
    ['all but one', ['!22'], 23, ['!22']],
  ]);
});

describe('protocols', () => {
  check(compileProtocols, [
    ['by name', ['icmp'], 1, ['icmp']],
    ['by number', ['1', '58'], 58, ['58']],
    ['below IP', ['packet', 'icmp'], 'packet', ['packet']],
    ['any', ['any'], 'packet', ['any']],
    ['any but one', ['any', '!icmp'], 1, []],
  ]);
});
