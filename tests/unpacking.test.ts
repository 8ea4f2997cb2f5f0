/** Packed files, and the processes that unpack them, in a built agent. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import * as z from 'zod';
import { OperationResult } from '../protocol/result/result.ts';
import { eventually } from '../tools/lab/eventually.ts';
import { toPerson } from '../tools/lab/investigator-key.ts';
import { Lab } from '../tools/lab/lab.ts';

const mebibyte = 1024 * 1024;

async function until<Value>(find: () => Value | undefined, what: string): Promise<Value> {
  let found: Value | undefined;
  const isFound = (): boolean => {
    found = find();
    return found !== undefined;
  };
  await eventually(isFound, 20_000, what);
  assert.ok(found !== undefined);
  return found;
}

/** Empty when the process has ended meanwhile. */
function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** In ticks, usually of 10 ms. */
function cpuOf(pid: number): number {
  const [, , , , , , , , , , , , , user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ').map(Number);
  return (user ?? 0) + (system ?? 0);
}

interface Processes {
  readonly module: number;
  readonly starter: number;
  readonly unpacker: number;
}

function findProcesses(agent: ChildProcess): Processes | undefined {
  const [module = 0] = childrenOf(agent.pid ?? 0);
  const [starter = 0] = childrenOf(module);
  const [unpacker] = childrenOf(starter);
  // The last filter is its own.
  if (unpacker === undefined || filtersOf(unpacker) === filtersOf(starter)) return undefined;
  return { module, starter, unpacker };
}

function filtersOf(pid: number): string | undefined {
  return /^Seccomp_filters:\t(\d+)$/m.exec(statusOf(pid))?.[1];
}

function statusOf(pid: number): string {
  return readFileSync(`/proc/${pid}/status`, 'utf8');
}

async function untilGone({ module, starter, unpacker }: Processes): Promise<void> {
  for (const pid of [module, starter, unpacker])
    await until(
      () => (existsSync(`/proc/${pid}`) ? undefined : true),
      `process ${pid} to be gone: ${module} ${starter} ${unpacker}`,
    );
}

describe('packed files', { skip: process.platform !== 'linux' && 'on Linux only' }, () => {
  let lab: Lab;
  let executable: string;

  before(async () => {
    lab = new Lab();
    const alice = await lab.makeInvestigator('alice');
    executable = await lab.buildAgent('unpacking', {
      relay: { url: 'amqp://mig-agent:agent@127.0.0.1:1' },
      investigators: { alice: toPerson(alice) },
      acl: { default: { minimumWeight: 1, weights: { alice: 1 } } },
      // Slow: there is time to look at it.
      limits: { cpuPercent: 10, moduleThreads: 1 },
      modules: ['file'],
    });
    mkdirSync(lab.path('large'));
    const packed = gzipSync(randomBytes(48 * mebibyte).toString('hex'), { level: 1 });
    writeFileSync(lab.path('large', 'a.gz'), packed);
    mkdirSync(lab.path('both'));
    writeFileSync(lab.path('both', 'a.gz'), packed);
    writeFileSync(lab.path('both', 'b.gz'), gzipSync('a needle\n'));
  });
  after(() => lab?.close());

  function start(folder: string): ChildProcess {
    const agent = spawn(executable, ['run', 'file'], { cwd: '/', stdio: ['pipe', 'pipe', 'inherit'] });
    const search = { paths: [lab.path(folder)], contents: ['needle'], options: { decompress: true } };
    agent.stdin?.end(JSON.stringify({ searches: { s1: search } }));
    return agent;
  }

  async function readResult(agent: ChildProcess): Promise<OperationResult> {
    const chunks: Buffer[] = [];
    for await (const chunk of agent.stdout ?? []) chunks.push(chunk);
    return OperationResult.parse(JSON.parse(Buffer.concat(chunks).toString('utf8')));
  }

  const findStarted = (agent: ChildProcess): Promise<Processes> => until(() => findProcesses(agent), 'an unpacker');

  test('are unpacked in processes without any rights', async () => {
    const agent = start('large');
    const { starter, unpacker } = await findStarted(agent);
    for (const pid of [starter, unpacker]) {
      const status = statusOf(pid);
      assert.match(status, /^Name:\tmig-unpacker$/m);
      assert.match(status, /^CapPrm:\t0{16}$/m);
      assert.match(status, /^NoNewPrivs:\t1$/m);
      assert.match(status, /^Seccomp:\t2$/m);
      assert.match(status, /^Threads:\t1$/m);
      // Only root can look.
      if (process.getuid?.() === 0) assert.deepEqual(readdirSync(`/proc/${pid}/fd`), []);
    }
    agent.kill('SIGKILL');
  });

  test('count as not read when their process ends, and the others are read', async () => {
    const agent = start('both');
    const { unpacker } = await findStarted(agent);
    // By then it is within the file.
    await until(() => (cpuOf(unpacker) > 10 ? true : undefined), 'an unpacker that works');
    process.kill(unpacker, 'SIGKILL');
    const { success, elements, receipt, errors } = await readResult(agent);
    assert.equal(success, true, errors.join('\n'));
    const found = z.object({ s1: z.array(z.object({ file: z.string() })) }).parse(elements).s1;
    assert.deepEqual(
      found.map(({ file }) => file),
      [lab.path('both', 'b.gz')],
    );
    assert.deepEqual(receipt.skipped, [{ reason: 'read-error', count: 1 }]);
    assert.match(errors.join('\n'), /a\.gz: gzip data made the process fail that unpacked it/);
  });

  test('cost what their processes used, too', async () => {
    const { receipt } = await readResult(start('large'));
    assert.deepEqual(receipt.skipped, []);
    // A tenth of a core, for the module process and its unpackers together; half a second for its start.
    assert.ok(receipt.cost.cpums < receipt.cost.wallms / 10 + 500, JSON.stringify(receipt.cost));
    // Reading alone would take less.
    assert.ok(receipt.cost.cpums > 300, JSON.stringify(receipt.cost));
  });

  test('leave no process behind', async () => {
    const answered = start('both');
    const processes = await findStarted(answered);
    await readResult(answered);
    await untilGone(processes);
    for (const victim of ['module', 'starter'] as const) {
      const agent = start('large');
      const killed = await findStarted(agent);
      process.kill(killed[victim], 'SIGKILL');
      await readResult(agent);
      await untilGone(killed);
    }
  });
});
