import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { homedir } from 'node:os';
import { describe, it } from 'node:test';
import { checkAnyTexts, checkOrder } from '../testing/check-order.ts';
import { assertAgrees, type Judge } from '../testing/judge.ts';
import { compareMaven } from './maven.ts';

/** From the oldest to the newest; those in one list are equal. */
const ascending: readonly (readonly string[])[] = [
  ['1-alpha-1', '1-alpha1', '1a1', '1.0alpha1'],
  ['1-alpha-2', '1.alpha2'],
  ['1-beta-2', '1b2'],
  ['1-milestone-3', '1m3'],
  ['1-rc', '1-cr'],
  ['1-rc-1', '1cr1'],
  ['1-SNAPSHOT'],
  ['1', '1.0', '1.0.0', '1-ga', '1.final', '1.0.RELEASE', '1-0'],
  ['1-sp'],
  ['1-sp-1'],
  ['1-abc'],
  ['1-xyz-2'],
  ['1-1-snapshot'],
  ['1-1'],
  ['1.0.1'],
  ['1.2'],
  ['1.10'],
  ['2.14.1'],
  ['2.15.0-rc1'],
  ['2.15.0'],
  ['20030203.000129'],
];

/** The order changed in 3.9. */
const [library] = globSync(
  `${homedir()}/.m2/repository/org/apache/maven/maven-artifact/{3.9,4}.*/maven-artifact-*.jar`,
);

/** Its main function compares each argument with the one before. */
const judge: Judge = (pairs) => {
  const flat = pairs.flat();
  const { stdout } = spawnSync(
    'java',
    ['-Xint', '-cp', String(library), 'org.apache.maven.artifact.versioning.ComparableVersion', ...flat],
    { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  const signs = [...stdout.matchAll(/^ {3}.* ([<=>]{1,2}) .*$/gm)].map(([, sign]) => sign);
  return pairs.map((_, index) => ['<', '==', '>'].indexOf(signs[index * 2] ?? '') - 1);
};

const parts = ['0', '1', '10', '.', '-', 'a', 'alpha', 'rc', 'cr', 'ga', 'final', 'snapshot', 'sp', 'x', '-1', '.0'];

describe('the order of Maven', () => {
  it('sorts a list that covers every rule', () => checkOrder(compareMaven, ascending));

  it('takes any texts', () => checkAnyTexts(compareMaven, '01a-.x'));

  it(
    'is that of its own ComparableVersion',
    {
      skip: library === undefined && 'needs maven-artifact 3.9 in the local repository of Maven',
    },
    () => assertAgrees(compareMaven, judge, parts, 1500),
  );
});
