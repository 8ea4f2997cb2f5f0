/** An absent digest: everything is read and hashed. Large files, then small ones. */
import type { Bench, BenchQuestion, Comparison, Measurement, Peer, Row } from '../row.ts';

const absent = { md5: '0'.repeat(32), sha1: '0'.repeat(40), sha2: '0'.repeat(64) } as const;
type Filter = keyof typeof absent;

function ask(...filters: readonly Filter[]): BenchQuestion {
  const digests = Object.fromEntries(filters.map((filter) => [filter, [absent[filter]]]));
  const search = { paths: ['$corpus'], ...digests, options: { matchlimit: 0 } };
  return { module: 'file', parameters: { searches: { s1: search } }, hits: 0 };
}

function big(name: string, filter: Filter, goal: number): Comparison {
  const files = Array.from({ length: 40 }, (_, index) => `$corpus/random-${index}.bin`);
  return {
    kind: 'comparison',
    name: `digest-big-${name}`,
    corpus: 'big',
    ours: ask(filter),
    peers: [{ name: 'openssl', debian: 'openssl', command: ['openssl', 'dgst', `-${name}`, ...files] }],
    goal,
  };
}

function many(name: string, filter: Filter): Comparison {
  const peers: readonly Peer[] = [
    {
      name: `find -exec ${name}sum`,
      debian: 'findutils',
      command: ['find', '$corpus', '-type', 'f', '-exec', `${name}sum`, '{}', '+'],
    },
    {
      name: `xargs -P2 ${name}sum`,
      debian: 'findutils',
      command: ['sh', '-c', `find "$1" -type f -print0 | xargs -0 -P2 -n 1000 ${name}sum`, 'sh', '$corpus'],
    },
    { name: 'hashdeep', debian: 'hashdeep', command: ['hashdeep', '-r', '-j2', '-c', name, '$corpus'] },
  ];
  return { kind: 'comparison', name: `digest-many-${name}`, corpus: 'many', ours: ask(filter), peers, goal: 0.35 };
}

async function seconds({ ask: run, corpus }: Bench, question: BenchQuestion): Promise<number> {
  return (await run(question, corpus('big'))).cpuSeconds;
}

const oneRead: Measurement = {
  kind: 'measurement',
  name: 'digest-big-three-in-one-read',
  corpora: ['big'],
  unit: 'CPU s beside the sum of the three alone',
  goal: 1,
  async measure(bench) {
    const md5 = await seconds(bench, ask('md5'));
    const sha1 = await seconds(bench, ask('sha1'));
    const sha256 = await seconds(bench, ask('sha2'));
    return { ours: await seconds(bench, ask('md5', 'sha1', 'sha2')), peer: md5 + sha1 + sha256 };
  },
};

/** The limit is 20 %; the start of the process, which nobody can slow down, is within the allowance. */
const share: Measurement = {
  kind: 'measurement',
  name: 'cpu-share-at-20-percent',
  corpora: ['big'],
  unit: '% of one core',
  goal: 25,
  async measure({ ask: run, corpus }) {
    const { cpuSeconds, wallSeconds } = await run(ask('sha2'), corpus('big'), { cpuPercent: 20, seconds: 4 });
    return { ours: (100 * cpuSeconds) / wallSeconds, peer: null };
  },
};

export const rows: readonly Row[] = [
  big('md5', 'md5', 0.25),
  big('sha1', 'sha1', 0.4),
  big('sha256', 'sha2', 0.6),
  oneRead,
  many('md5', 'md5'),
  many('sha256', 'sha2'),
  share,
];
