/** Documents of tests: one of the original's scribe about packages, and one of the size of a baseline. */
import { existsSync } from 'node:fs';
import { packDocument } from '../../../modules/policy/document/packed.ts';
import type { BenchQuestion, Measurement, Row } from '../row.ts';

const packageTests = 2700;

/** As vulnerabilities are listed: the versions below the fixed one. The first is of a package that each dpkg has. */
function toScribe(): unknown {
  const numbers = Array.from({ length: packageTests }, (_, index) => index);
  return {
    objects: numbers.map((index) => ({
      object: `package-${index}`,
      package: { name: index === 0 ? 'dpkg' : `library-${index}` },
    })),
    tests: numbers.map((index) => ({
      test: `test-${index}`,
      name: `advisory ${index}`,
      description: `library-${index} lets anybody on the network stop the service`,
      object: `package-${index}`,
      evr: { operation: '<', value: index === 0 ? '999' : `1.${index}-1` },
      tags: [{ key: 'advisory', value: `DSA-${index}` }],
    })),
  };
}

const baselineTests = 200;

/** Of parameters of the kernel, settings of sshd, accounts and packages, in turn. */
function toBaseline(): unknown {
  const searches = (index: number) =>
    [
      { setting: { settings: [`sysctl:kernel.parameter_${index} = 1`] } },
      { setting: { settings: [`sshd:MaxAuthTries <= ${index}`] } },
      { account: { entries: ['account'], uids: [`${index + 10_000}`] } },
      { package: { names: [`^library-${index}$`], types: ['dpkg'] } },
    ] as const;
  const tests = Array.from({ length: baselineTests }, (_, index) => ({
    id: `test-${index}`,
    title: `the test ${index}`,
    check: { missing: searches(index)[index % 4] },
  }));
  return { version: 2, name: 'baseline', tests };
}

function toQuestion(document: unknown, verdicts: readonly string[], hits: number): BenchQuestion {
  const search = { ...packDocument(document), options: { verdicts } };
  return { module: 'policy', parameters: { searches: { s1: search } }, hits };
}

const all = ['pass', 'fail', 'unknown', 'notapplicable'];
const scribe = toQuestion(toScribe(), ['fail'], 1);

const cpuOfScribe: Measurement = {
  kind: 'measurement',
  name: 'policy-scribe',
  corpora: [],
  unit: 'CPU s',
  goal: 0.15,
  measure: async ({ ask }) => ({ ours: (await ask(scribe, '/')).cpuSeconds, peer: null }),
};

const memoryOfScribe: Measurement = {
  kind: 'measurement',
  name: 'policy-scribe-memory',
  corpora: [],
  unit: 'MiB',
  goal: 128,
  measure: async ({ ask }) => ({ ours: (await ask(scribe, '/')).peakBytes / 1024 ** 2, peer: null }),
};

const baseline: Measurement = {
  kind: 'measurement',
  name: 'policy-baseline',
  corpora: [],
  unit: 'CPU s',
  goal: 1,
  measure: async ({ ask }) => ({
    ours: (await ask(toQuestion(toBaseline(), all, baselineTests), '/')).cpuSeconds,
    peer: null,
  }),
};

export const rows: readonly Row[] = existsSync('/var/lib/dpkg/status') ? [cpuOfScribe, memoryOfScribe, baseline] : [];
