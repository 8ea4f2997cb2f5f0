/** The judges of orders of versions: the programs of each ecosystem, where this machine has them. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import type { PartialOrder } from '../../kit/versions/order.ts';

type Pair = readonly [left: string, right: string];
/** Signs of the order of each pair; null where one is no version. */
export type Judge = (pairs: readonly Pair[]) => readonly (number | null)[];

/** Undefined without the program. @param script reads pairs as JSON from its input, and prints signs as JSON. */
export function scriptJudge(program: readonly [string, ...string[]], probe: string, script: string): Judge | undefined {
  const [command, ...flags] = program;
  if (spawnSync(command, [...flags, probe]).status !== 0) return undefined;
  return (pairs) => {
    const { stdout, stderr, status } = spawnSync(command, [...flags, script], {
      input: JSON.stringify(pairs),
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
    return JSON.parse(stdout);
  };
}

/** @param parts of which versions are put together. */
export function assertAgrees(order: PartialOrder, judge: Judge, parts: readonly string[], pairs = 4000): void {
  const version = fc.array(fc.constantFrom(...parts), { minLength: 1, maxLength: 7 }).map((chosen) => chosen.join(''));
  // The same beginning twice, so that what follows decides.
  const pair = fc
    .tuple(version, version, version)
    .chain(([start, left, right]) =>
      fc.constantFrom<Pair>([`${start}${left}`, `${start}${right}`], [left, right], [start, `${start}${left}`]),
    );
  const sample = fc.sample(pair, { numRuns: pairs, seed: 1 });
  const said = judge(sample);
  for (const [index, [left, right]] of sample.entries()) {
    const own = order(left, right);
    assert.equal(own === undefined ? null : Math.sign(own), said[index], `${left} beside ${right}`);
  }
}
