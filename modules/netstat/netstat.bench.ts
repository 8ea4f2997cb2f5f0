/** The cost of an answer about 10,000 sockets with their owners, compared with `ss`. */
import { spawnSync } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { carryOut } from '../kit/carry-out.ts';
import type { BenchRow } from '../kit/testing/bench-row.ts';
import { limits } from '../kit/testing/limits.ts';
import { module } from './module.ts';
import { run } from './run.ts';
import { hasPerl, holdSockets } from './testing/perl.ts';

const socketCount = 10_000;
const rounds = 7;
const goalSeconds = 0.5;
/** In addition to the work of ss, the module builds and bounds a result. */
const goalRatio = 1.25;

function median(values: readonly number[]): number {
  return [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** CPU seconds of a command, measured by its shell; undefined when it is not installed. */
function measureSs(): number | undefined {
  const { status, stderr } = spawnSync('bash', ['-c', 'TIMEFORMAT="%U %S"; time ss -tunap > /dev/null'], {
    encoding: 'utf8',
  });
  if (status !== 0) return undefined;
  const [user = 0, system = 0] = (stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
  return user + system;
}

interface Sample {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
}

async function measureOurs(): Promise<Sample> {
  const parameters = { connectedip: ['127.77.0.1'] };
  const context = {
    signal: new AbortController().signal,
    limits: { ...limits, cpuPercent: 0, resultBytes: 64 * 1024 * 1024 },
  };
  const started = performance.now();
  const before = process.cpuUsage();
  const { elements } = await carryOut(module, run, parameters, context);
  const { user, system } = process.cpuUsage(before);
  const wallSeconds = (performance.now() - started) / 1000;
  const found = module.elements.parse(elements).connectedip?.['127.77.0.1'] ?? [];
  const owned = found.filter((element) => element.process !== undefined).length;
  if (owned !== socketCount) throw new Error(`expected ${socketCount} sockets with their process, got ${owned}`);
  return { wallSeconds, cpuSeconds: (user + system) / 1e6 };
}

export async function* rows(): AsyncIterable<BenchRow> {
  if (!hasPerl) {
    process.stderr.write('netstat: skipped, perl opens its sockets and is not installed\n');
    return;
  }
  const holder = await holdSockets(
    `for my $n (1..${socketCount}) { socket(my $s, AF_INET, SOCK_DGRAM, 0) or die $!; push @s, $s;
      connect($s, pack_sockaddr_in(9, inet_aton("127.77.0.1"))) or die $! } ready($$)`,
    ['sh', '-c', 'ulimit -n "$(ulimit -Hn)"; exec "$@"', 'sh'],
  );
  try {
    const samples: Sample[] = [];
    const peers: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      samples.push(await measureOurs());
      peers.push(measureSs() ?? Number.NaN);
    }
    // Other work on the machine only adds to the wall time.
    const wall = Math.min(...samples.map(({ wallSeconds }) => wallSeconds));
    const cpu = median(samples.map(({ cpuSeconds }) => cpuSeconds));
    const peer = peers.some(Number.isNaN) ? null : median(peers);
    const name = `${socketCount} sockets, each with its process`;
    yield {
      name: `netstat: ${name}, wall time of the fastest round`,
      ours: wall,
      peer: null,
      unit: 's',
      ratio: null,
      goal: `< ${goalSeconds} s`,
      met: wall < goalSeconds,
    };
    const ratio = peer === null ? null : cpu / peer;
    if (peer === null) process.stderr.write('netstat: ss is not installed, nothing to compare with\n');
    yield {
      name: `netstat: ${name}, CPU, ss -tunap`,
      ours: cpu,
      peer,
      unit: 'CPU s',
      ratio,
      goal: `<= ${goalRatio} of ss`,
      met: ratio === null || ratio <= goalRatio,
    };
  } finally {
    await holder.stop();
  }
}
