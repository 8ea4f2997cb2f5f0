/** The rights of a module process: every module works with them, and nothing else can be done in there. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import * as z from 'zod';
import { toOutcomes } from '../modules/fault/attempt.ts';
import type { Attempt } from '../modules/fault/module.ts';
import { loadModules, moduleNames } from '../modules/registry.ts';
import { OperationResult } from '../protocol/result/result.ts';
import { withBindMount } from '../tools/lab/bind-mount.ts';
import { eventually } from '../tools/lab/eventually.ts';
import { toPerson } from '../tools/lab/investigator-key.ts';
import { Lab } from '../tools/lab/lab.ts';
import { buildSystemCall, callNumbers } from '../tools/lab/system-call.ts';

const isSupported = process.platform === 'linux' && process.arch === 'x64';
const isRoot = process.getuid?.() === 0;
/** The user `nobody`, who exists everywhere. */
const nobody = { uid: 65_534, gid: 65_534 };

type User = 'root' | 'nobody' | 'this user';
const users: readonly User[] = isRoot ? ['root', 'nobody'] : ['this user'];

/** Calls that no module makes, with parameters that would succeed without confinement. */
const forbidden: Readonly<Record<string, readonly (number | 'parent')[]>> = {
  fork: [],
  // A process: the flags of a thread, without shared memory.
  clone: [17, 0, 0, 0, 0],
  ptrace: [0x4206, 'parent', 0, 0],
  execveat: [0, 0, 0, 0, 0],
  mount: [0, 0, 0, 0, 0],
  unshare: [0],
  bpf: [0, -1, 48],
  perf_event_open: [-1, 0, -1, -1, 0],
  keyctl: [0, -3, 1],
  add_key: [0, 0, 0, 0, 0],
  init_module: [0, 0, 0],
  finit_module: [-1, 0, 0],
  userfaultfd: [0],
  io_uring_setup: [1, -1],
  process_vm_readv: ['parent', -2, 1, -2, 1, 0],
  process_vm_writev: ['parent', -2, 1, -2, 1, 0],
  pidfd_open: ['parent', 0],
  open_by_handle_at: [0, -1, 0],
  memfd_create: [-1, 0],
  chmod: [-1, 0],
  setuid: [0],
  fanotify_init: [0, 0],
  sched_setaffinity: ['parent', 8, -1],
  adjtimex: [0],
  quotactl: [0, 0, 0, 0],
  kexec_load: [0, 0, 0, 0],
};

/** Address families of sockets by their number: unix, IPv4, IPv6, netlink, packet, virtual machines. */
const families = [1, 2, 10, 16, 17, 40];

/** The question to modules whose searches need no filter. */
const everything = { searches: { s1: {} } };

describe('a module process', { skip: isSupported ? false : 'on Linux for x64 only' }, () => {
  let lab: Lab;
  let executable: string;
  let library: string;
  let server: Server;

  before(async () => {
    lab = new Lab();
    const alice = await lab.makeInvestigator('alice');
    executable = await lab.buildAgent(
      'confined',
      {
        relay: { url: 'amqp://mig-agent:agent@127.0.0.1:1' },
        investigators: { alice: toPerson(alice) },
        acl: { default: { minimumWeight: 1, weights: { alice: 1 } } },
        modules: [...moduleNames, 'fault'],
      },
      { testModules: true },
    );
    library = await buildSystemCall(lab.path('system-call.node'));
    for (const path of [lab.folder, executable, library, lab.path('dist'), lab.path('dist', 'confined')])
      chmodSync(path, 0o755);
    mkdirSync(lab.path('files'));
    writeFileSync(lab.path('files', 'plain'), 'a needle\n');
    writeFileSync(lab.path('files', 'packed.gz'), gzipSync('a needle\n'));
    server = createServer((socket) => socket.on('error', () => {}));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  after(async () => {
    server?.close();
    await lab?.close();
  });

  function start(module: string, parameters: unknown, user: User): ChildProcess {
    const child = spawn(executable, ['run', module], {
      ...(user === 'nobody' ? nobody : {}),
      env: { PATH: process.env.PATH },
      cwd: '/',
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    child.stdin?.end(JSON.stringify(parameters));
    return child;
  }

  async function ask(module: string, parameters: unknown, user: User): Promise<OperationResult> {
    const chunks: Buffer[] = [];
    for await (const chunk of start(module, parameters, user).stdout ?? []) chunks.push(chunk);
    return OperationResult.parse(JSON.parse(Buffer.concat(chunks).toString('utf8')));
  }

  async function attempt(attempts: readonly Attempt[], user: User, readsProcesses = false): Promise<readonly string[]> {
    const result = await ask('fault', { fault: 'attempt', attempts, readsProcesses }, user);
    assert.equal(result.success, true, result.errors.join('\n'));
    return toOutcomes(result.elements);
  }

  function call(number: number, parameters: readonly (number | 'parent')[]): Attempt {
    return { kind: 'call', library, number, parameters: [...parameters] };
  }

  for (const user of users) {
    test(`answers every question as ${user}`, async () => {
      const port = (server.address() as { readonly port: number }).port;
      const search = { paths: [lab.path('files')], contents: ['needle'], options: { decompress: true } };
      const files = await ask('file', { searches: { s1: search } }, user);
      assert.equal(z.record(z.string(), z.array(z.unknown())).parse(files.elements).s1?.length, 2);
      const own = { searches: { s1: { names: ['^mig-agent'], contents: ['x'], options: { matchall: true } } } };
      for (const [module, parameters] of [
        [
          'file',
          { searches: { s1: { paths: ['/etc/passwd'], sha2: ['0'.repeat(64)], options: { mismatch: ['sha2'] } } } },
        ],
        [
          'file',
          { searches: { s1: { paths: ['/proc/self/root/etc'], names: ['^passwd$'], options: { maxdepth: 1 } } } },
        ],
        [
          'file',
          {
            searches: {
              s1: {
                paths: [lab.path('files', 'plain')],
                users: [String(process.getuid?.())],
                xattrs: ['!^user\\.'],
                capabilities: ['any'],
                options: { matchall: true, mismatch: ['capability'] },
              },
            },
          },
        ],
        ['process', { searches: { s1: { names: ['.'] } } }],
        ['netstat', { listeningport: [String(port)] }],
        ['netstat', { listeningport: [String(port)], searchnamespaces: true }],
        ['netstat', { localip: ['127.0.0.1'] }],
        ['setting', { searches: { s1: { settings: ['clock:maxerror set', 'mount:/ set', 'os:uptime > 1s'] } } }],
      ] as const) {
        const { success, foundanything, errors } = await ask(module, parameters, user);
        assert.deepEqual([success, foundanything], [true, true], `${module}: ${errors.join('\n')}`);
      }
      for (const [name, module] of await loadModules()) {
        if (!module.parameters.safeParse(everything).success) continue;
        const { success, errors } = await ask(name, everything, user);
        assert.equal(success, true, `${name}: ${errors.join('\n')}`);
      }
      const memory = await ask('memory', own, user);
      assert.equal(memory.success, true, memory.errors.join('\n'));
      assert.ok(Number(memory.receipt.examined.processes) > 0, JSON.stringify(memory.receipt));
    });

    test(`makes no call that no module needs, as ${user}`, async () => {
      const names = Object.keys(forbidden) as (keyof typeof callNumbers)[];
      const calls = names.map((name) => call(callNumbers[name], forbidden[name] ?? []));
      const outcomes = await attempt(calls, user);
      assert.deepEqual(
        Object.fromEntries(names.map((name, index) => [name, outcomes[index]])),
        Object.fromEntries(names.map((name) => [name, 'EPERM'])),
      );
      const sockets = await attempt(
        families.map((family) => call(callNumbers.socket, [family, 3, 0])),
        user,
      );
      assert.deepEqual(sockets, Array(families.length).fill('EPERM'));
    });

    test(`may write, start and kill nothing, also where it reads processes, as ${user}`, async () => {
      const port = (server.address() as { readonly port: number }).port;
      const attempts: readonly Attempt[] = [
        { kind: 'write', path: '/tmp/mig-made-by-a-module' },
        { kind: 'change', path: '/dev/null' },
        { kind: 'change', path: '/proc/self/mem' },
        { kind: 'remove', path: lab.path('files', 'plain') },
        { kind: 'start', program: '/bin/true' },
        { kind: 'connect', port },
        { kind: 'kill', pid: process.pid },
      ];
      for (const readsProcesses of [false, true])
        for (const outcome of await attempt(attempts, user, readsProcesses))
          assert.ok(outcome === 'EPERM' || outcome === 'EACCES', outcome);
    });

    test(`opens no device but those that give nothing away, as ${user}`, async () => {
      const harmless = ['null', 'zero', 'full', 'random', 'urandom'];
      const devices = readdirSync('/dev', { withFileTypes: true }).filter(
        (entry) => entry.isBlockDevice() || entry.isCharacterDevice(),
      );
      const open = (name: string): Attempt => ({ kind: 'open', path: `/dev/${name}` });
      assert.deepEqual(await attempt(harmless.map(open), user), Array(harmless.length).fill('done'));
      const others = devices.map(({ name }) => name).filter((name) => !harmless.includes(name));
      for (const outcome of await attempt(others.map(open), user)) assert.ok(outcome === 'EACCES', outcome);
      // Intruders put files there.
      const file = `/dev/shm/mig-confinement-${process.pid}`;
      writeFileSync(file, 'a file\n');
      try {
        assert.deepEqual(await attempt([{ kind: 'read', path: file }], user), ['done']);
      } finally {
        rmSync(file);
      }
    });

    test(`reads what others may read through a second mount of it, as ${user}`, async () => {
      const path = lab.path('files', 'plain');
      const outcomes = await withBindMount('/', (place) =>
        attempt(
          [path, `${place ?? ''}${path}`].map((file) => ({ kind: 'read', path: file })),
          user,
        ),
      );
      assert.deepEqual(outcomes, ['done', 'done']);
    });

    test(`reads what others may read, and is not in the way of itself, as ${user}`, async () => {
      const attempts: readonly Attempt[] = [
        { kind: 'read', path: '/etc/passwd' },
        { kind: 'read', path: '/proc/self/status' },
      ];
      assert.deepEqual(await attempt(attempts, user), ['done', 'done']);
    });
  }

  test('has given up its rights on every thread', async () => {
    const child = start('fault', { fault: 'wait' }, isRoot ? 'root' : 'this user');
    const threads = await confinedThreadsOf(child);
    child.kill('SIGKILL');
    assert.ok(threads.length > 4);
    for (const status of threads) {
      assert.match(status, /^NoNewPrivs:\t1$/m);
      assert.match(status, /^Seccomp:\t2$/m);
      // CAP_DAC_READ_SEARCH at most.
      assert.match(status, /^CapPrm:\t000000000000000[04]$/m);
    }
  });

  test('holds no ring of io_uring, whose rights would be those of before', async () => {
    const child = start('fault', { fault: 'wait' }, isRoot ? 'root' : 'this user');
    await confinedThreadsOf(child);
    const module = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim();
    const open = readdirSync(`/proc/${module}/fd`).map((descriptor) =>
      readlinkSync(`/proc/${module}/fd/${descriptor}`),
    );
    child.kill('SIGKILL');
    assert.ok(open.includes('anon_inode:[eventpoll]'), open.join());
    assert.ok(!open.includes('anon_inode:[io_uring]'), open.join());
  });

  test('is what `mig-agent config` says', async () => {
    const { stdout } = await lab.run(executable, ['config']);
    const { confinement } = JSON.parse(stdout) as { readonly confinement: Record<string, string> };
    assert.match(confinement.systemcalls ?? '', /seccomp/);
    assert.match(confinement.capabilities ?? '', /needs/);
  });
});

/** Status of every thread of the module process below this one, once it is confined. */
async function confinedThreadsOf(agent: ChildProcess): Promise<readonly string[]> {
  let statuses: readonly string[] = [];
  const isConfined = (): boolean => {
    const [child] = readFileSync(`/proc/${agent.pid}/task/${agent.pid}/children`, 'utf8').trim().split(' ');
    if (child === undefined || child === '') return false;
    const statusOf = (thread: string): string => readFileSync(`/proc/${child}/task/${thread}/status`, 'utf8');
    // One filter is there from the start.
    if (!/^Seccomp_filters:\t2$/m.test(statusOf(child))) return false;
    statuses = readdirSync(`/proc/${child}/task`).map(statusOf);
    return true;
  };
  await eventually(isConfined, 20_000, 'a module process that is confined');
  return statuses;
}
