/** What starts by itself, of all kinds, beside the list of unit files alone. */
import { spawnSync } from 'node:child_process';
import { runCommand } from '../measure.ts';
import type { Measurement, Row } from '../row.ts';

/** Every entry is made and compared; none has such a name. */
const nothing = { searches: { s1: { names: ['^$'], options: { matchlimit: 0 } } } };

const startup: Measurement = {
  kind: 'measurement',
  name: 'startup',
  corpora: [],
  unit: 'CPU s beside systemctl list-unit-files',
  goal: 0.4,
  async measure({ ask }) {
    const { cpuSeconds } = runCommand(['systemctl', '--root=/', 'list-unit-files']);
    const ours = await ask({ module: 'startup', parameters: nothing, hits: 0 }, '/');
    return { ours: ours.cpuSeconds, peer: cpuSeconds };
  },
};

export const rows: readonly Row[] = spawnSync('systemctl', ['--version']).status === 0 ? [startup] : [];
