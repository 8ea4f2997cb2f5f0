/** The parsers of rules that decide over logins and packages: whoever owns the endpoint wrote them. */
import assert from 'node:assert/strict';
import { parseAptConf } from '../../../modules/kit/apt/apt-conf.ts';
import { parsePamFile } from '../../../modules/kit/pam/pam-file.ts';
import { type FuzzTarget, toSeeds } from '../target.ts';

/** Lines only grow. */
function countInOrder(statements: Iterable<{ readonly line: number }>): number {
  let [count, line] = [0, 1];
  for (const statement of statements) {
    assert.ok(statement.line >= line);
    line = statement.line;
    count += 1;
  }
  return count;
}

const pam: FuzzTarget = {
  name: 'setting-pam',
  side: 'agent',
  holds: 'a line has words, and lines only grow',
  prepare: async () => ({
    seeds: toSeeds(
      'auth [success=1 default=ignore] pam_unix.so \\\n nullok\n@include common-auth\n',
      '# c\n-session optional pam_x.so a=[b c] # d\n',
    ),
    take: (input) => {
      const statements = [...parsePamFile(input.toString('latin1'))];
      for (const { words } of statements) assert.ok(words.length > 0);
      return countInOrder(statements) > 0;
    },
  }),
};

const apt: FuzzTarget = {
  name: 'setting-apt',
  side: 'agent',
  holds: 'lines only grow',
  prepare: async () => ({
    seeds: toSeeds(
      'APT::Get::Assume-Yes "true"; // c\nFoo { Bar "1"; Baz { "a"; "b"; }; /* x */ };\n',
      '#clear Foo::Bar;\n#include "x";\nL:: y; # z\n',
    ),
    take: (input) => countInOrder(parseAptConf(input.toString('latin1'))) > 0,
  }),
};

export const settingRuleTargets: readonly FuzzTarget[] = [pam, apt];
