/** The cost of an answer about the packages of an rpm database, compared with rpm itself. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { carryOut } from '../kit/carry-out.ts';
import { runListing } from '../kit/listing/run-listing.ts';
import type { BenchRow } from '../kit/testing/bench-row.ts';
import { limits } from '../kit/testing/limits.ts';
import { makeRpmDatabase, withoutRpm } from '../kit/testing/rpm-database.ts';
import { module } from './module.ts';
import { packagesBelow } from './packages.ts';

const packages = 129;
const rounds = 7;
const goalRatio = 0.5;

function median(values: readonly number[]): number {
  return [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** CPU seconds, as the shell measures them. */
function measureRpm(folder: string): number {
  const script = `TIMEFORMAT="%U %S"; time rpm --dbpath '${folder}' -qa > /dev/null`;
  const { stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
  const [user = 0, system = 0] = (stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
  return user + system;
}

async function measureOurs(root: string): Promise<number> {
  const context = { signal: new AbortController().signal, limits: { ...limits, cpuPercent: 0 } };
  const before = process.cpuUsage();
  const parameters = { searches: { s1: { types: ['rpm'] } } };
  const { elements } = await carryOut(module, runListing(module, packagesBelow(root)), parameters, context);
  const { user, system } = process.cpuUsage(before);
  const found = module.elements.parse(elements).s1?.length;
  if (found !== packages + 1) throw new Error(`expected ${packages + 1} packages, got ${found}`);
  return (user + system) / 1e6;
}

export async function* rows(): AsyncIterable<BenchRow> {
  if (withoutRpm !== false) {
    process.stderr.write(`packages-rpm: skipped, ${withoutRpm}\n`);
    return;
  }
  const root = mkdtempSync(join(tmpdir(), 'mig-bench-'));
  try {
    const folder = join(root, 'var/lib/rpm');
    mkdirSync(folder, { recursive: true });
    makeRpmDatabase(folder, packages);
    const [own, theirs]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round += 1) {
      own.push(await measureOurs(root));
      theirs.push(measureRpm(folder));
    }
    const [ours, peer] = [median(own), median(theirs)];
    const ratio = ours / peer;
    yield {
      name: 'packages-rpm',
      ours,
      peer,
      unit: 'CPU s beside rpm -qa',
      ratio,
      goal: `at most ${goalRatio}x`,
      met: ratio <= goalRatio,
    };
  } finally {
    rmSync(root, { recursive: true });
  }
}
