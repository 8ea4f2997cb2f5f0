/** Rotated text logs, most of them packed, beside what people use on them. */
import type { Comparison, Row } from '../row.ts';

/** One search is one row, whatever it counts. */
function ask(contents: readonly string[], by?: string): Comparison['ours'] {
  const search = { paths: ['$corpus/auth.log'], contents, ...(by === undefined ? {} : { by }) };
  return { module: 'log', parameters: { searches: { s1: search } }, hits: 1 };
}

const literal = 'Failed password for invalid user oracle';
const pattern = 'session opened for user (root|admin).*uid=1[0-9]+';

const comparisons = Object.entries({ literal, pattern }).map(
  ([name, wanted]): Comparison => ({
    kind: 'comparison',
    name: `logs-rotated-${name}`,
    corpus: 'logs',
    ours: ask([wanted]),
    peers: [
      { name: 'zgrep -c', debian: 'gzip', command: ['sh', '-c', `zgrep -cE '${wanted}' $corpus/*`] },
      { name: 'rg -z -c', debian: 'ripgrep', command: ['rg', '-z', '-j2', '-c', '-e', wanted, '$corpus'] },
    ],
    goal: 0.8,
  }),
);

export const rows: readonly Row[] = comparisons;
