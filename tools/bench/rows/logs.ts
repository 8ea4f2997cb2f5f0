/** Rotated text logs, most of them packed, beside what people use on them. */
import { spawnSync } from 'node:child_process';
import { runCommand } from '../measure.ts';
import type { Measurement, Row } from '../row.ts';

const patterns = {
  literal: 'Failed password for invalid user oracle',
  pattern: 'session opened for user (root|admin).*uid=1[0-9]+',
} as const;

const hasRg = spawnSync('rg', ['--version']).status === 0;

/** CPU time alone: rg unpacks two files at once, which takes less time and not less work. */
const measurements = Object.entries(patterns).map(
  ([name, wanted]): Measurement => ({
    kind: 'measurement',
    name: `logs-rotated-${name}`,
    corpora: ['logs'],
    unit: 'CPU s beside the less of zgrep -c and rg -z -c',
    goal: 0.8,
    async measure({ ask, corpus }) {
      const folder = corpus('logs');
      const zgrep = ['sh', '-c', `zgrep -cE '${wanted}' ${folder}/*`];
      const rg = ['rg', '-z', '-j2', '-c', '-e', wanted, folder];
      const peers = (hasRg ? [zgrep, rg] : [zgrep]).map((command) => runCommand(command).cpuSeconds);
      const search = { paths: ['$corpus/auth.log'], contents: [wanted] };
      const ours = await ask({ module: 'log', parameters: { searches: { s1: search } }, hits: 1 }, folder);
      return { ours: ours.cpuSeconds, peer: Math.min(...peers) };
    },
  }),
);

export const rows: readonly Row[] = measurements;
