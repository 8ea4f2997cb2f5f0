/** Installed packages, beside the package manager's own list of this machine. */
import { existsSync } from 'node:fs';
import { runCommand } from '../measure.ts';
import type { Measurement, Row } from '../row.ts';

const everything = { searches: { s1: { types: ['dpkg'], options: { matchlimit: 0 } } } };

/** Of a machine with about 800 packages. */
const dpkg: Measurement = {
  kind: 'measurement',
  name: 'packages-dpkg',
  corpora: [],
  unit: 'CPU s beside dpkg-query -W',
  goal: 0.6,
  async measure({ ask }) {
    const { stdout, cpuSeconds } = runCommand(['dpkg-query', '-W', '-f', `\${db:Status-Status}\n`]);
    const hits = stdout
      .split('\n')
      .filter((status) => status !== '' && !/^(?:config-files|not-installed)$/.test(status)).length;
    const ours = await ask({ module: 'package', parameters: everything, hits }, '/');
    return { ours: ours.cpuSeconds, peer: cpuSeconds };
  },
};

/** One that every system with dpkg has. */
const owned = '/var/lib/dpkg/info';

const owner: Measurement = {
  kind: 'measurement',
  name: 'packages-owner',
  corpora: [],
  unit: 'CPU s beside dpkg-query -S',
  goal: 1,
  async measure({ ask }) {
    const { cpuSeconds } = runCommand(['dpkg-query', '-S', owned]);
    const parameters = { searches: { s1: { files: [owned] } } };
    const ours = await ask({ module: 'package', parameters, hits: 1 }, '/');
    return { ours: ours.cpuSeconds, peer: cpuSeconds };
  },
};

/** Its findings are those of dpkg: as many lines as we have hits. */
const altered: Measurement = {
  kind: 'measurement',
  name: 'packages-altered',
  corpora: [],
  unit: 'CPU s beside dpkg --verify',
  goal: 0.25,
  async measure({ ask }) {
    const { stdout, cpuSeconds } = runCommand(['dpkg', '--verify']);
    const hits = stdout.split('\n').filter((line) => line !== '').length;
    const parameters = { searches: { s1: { altered: true, options: { matchlimit: 0 } } } };
    const ours = await ask({ module: 'package', parameters, hits }, '/');
    return { ours: ours.cpuSeconds, peer: cpuSeconds };
  },
};

export const rows: readonly Row[] = existsSync('/var/lib/dpkg/status') ? [dpkg, owner, altered] : [];
