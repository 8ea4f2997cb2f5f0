/** The cost of a search in 1 GiB of a process's memory, compared with `yara` for the same string and process. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchRow } from '../kit/testing/bench-row.ts';
import { startTarget } from '../kit/testing/target.ts';
import { ask, type SearchInput } from './testing/ask.ts';

const residentBytes = 1024 ** 3;
const rounds = 5;
const goalBytesPerSecond = 4e9;
const goalRatio = 0.05;
const name = 'mig-bench';

function median(values: readonly number[]): number {
  return [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** CPU seconds of this process for a search; it lists all processes and reads one. */
async function measureOurs(search: SearchInput): Promise<number> {
  const { receipt, statistics } = await ask({ ...search, names: [`^${name}$`], options: { matchall: true } });
  if ((statistics.memoryread ?? 0) < residentBytes)
    throw new Error(`expected 1 GiB, got ${statistics.memoryread} bytes`);
  return receipt.cost.cpums / 1000;
}

/** CPU seconds of yara; undefined when it is not installed. */
function measureYara(rule: string, pid: number): number | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'mig-bench-'));
  const file = join(folder, 'rule.yar');
  writeFileSync(file, `rule r { strings: $s = ${rule} condition: $s }`);
  const script = `TIMEFORMAT='%U %S'; time yara ${file} ${pid} > /dev/null`;
  const { status, stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  if (status !== 0) return undefined;
  const [user = 0, system = 0] = (stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
  return user + system;
}

const questions: readonly { readonly what: string; readonly search: SearchInput; readonly rule: string }[] = [
  { what: 'a byte string', search: { bytes: ['deadbeef??cafe1155'] }, rule: '{ de ad be ef ?? ca fe 11 55 }' },
  {
    what: 'a regex with a literal',
    search: { contents: ['[a-z]+secretword[0-9]+'] },
    rule: '/[a-z]+secretword[0-9]+/',
  },
];

export async function* rows(): AsyncIterable<BenchRow> {
  const target = await startTarget(['fill', String(residentBytes)], { name });
  try {
    for (const { what, search, rule } of questions) {
      await measureOurs(search);
      const samples: number[] = [];
      for (let round = 0; round < rounds; round += 1) samples.push(await measureOurs(search));
      const ours = median(samples);
      const bytesPerSecond = residentBytes / ours;
      yield {
        name: `memory: ${what} in 1 GiB`,
        ours: bytesPerSecond / 1e9,
        peer: null,
        unit: 'GB per CPU second',
        ratio: null,
        goal: `at least ${goalBytesPerSecond / 1e9}`,
        met: bytesPerSecond >= goalBytesPerSecond,
      };
      const peer = measureYara(rule, target.pid);
      if (peer === undefined) {
        process.stderr.write('memory: comparison skipped, yara is not installed\n');
        continue;
      }
      yield {
        name: `memory: ${what} in 1 GiB, against yara`,
        ours,
        peer,
        unit: 'CPU seconds',
        ratio: ours / peer,
        goal: `at most ${goalRatio} of yara`,
        met: ours / peer <= goalRatio,
      };
    }
  } finally {
    await target.end();
  }
}
