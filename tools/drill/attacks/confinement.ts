/** Attacks by an intruder's code in a module process, where a defect in a parser of strangers' files would let it in. */
import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { toOutcomes } from '../../../modules/fault/attempt.ts';
import type { Attempt } from '../../../modules/fault/module.ts';
import { OperationResult } from '../../../protocol/result/result.ts';
import { ResultOpener } from '../../../protocol/result/sealed.ts';
import { buildSystemCall, callNumbers } from '../../lab/system-call.ts';
import { type Attack, must, type Noticed } from '../attack.ts';
import type { Stage } from '../stage.ts';

interface Intrusion {
  readonly attempts: readonly Attempt[];
  /** With the rights of a module that looks into other processes. */
  readonly readsProcesses?: boolean;
}

/** Has the first agent run a module with these attempts. @returns what became of each attempt. */
async function intrude(stage: Stage, { attempts, readsProcesses = false }: Intrusion): Promise<readonly string[]> {
  const operations = [{ module: 'fault', parameters: { fault: 'attempt', attempts, readsProcesses } }];
  const { action, replyKey } = await stage.compose({ operations });
  const report = await stage.send(action, await stage.envelope(action, stage.people.alice));
  if (report.kind !== 'result') throw new Error(`expected a result, got ${JSON.stringify(report)}`);
  const opener = new ResultOpener(replyKey.privateKey);
  const [result] = opener.open(report.sealed, { action: action.id, agent: stage.agentId }).operations;
  const { success, elements, errors } = OperationResult.parse(result);
  if (!success) throw new Error(errors.join('\n'));
  return toOutcomes(elements);
}

export async function isRefused(stage: Stage, intrusion: Intrusion): Promise<Noticed> {
  const outcomes = await intrude(stage, intrusion);
  must(
    outcomes.every((outcome) => ['EPERM', 'EACCES', 'ENOSYS'].includes(outcome)),
    `the attempts ended with ${outcomes.join(', ')}`,
  );
  return { by: 'agent', how: `the kernel refuses the module process: ${[...new Set(outcomes)].join(', ')}` };
}

function systemCall(stage: Stage): Promise<string> {
  return buildSystemCall(stage.lab.path('system-call.node'));
}

async function startListening(): Promise<{
  readonly server: Server;
  readonly port: number;
  readonly count: () => number;
}> {
  let count = 0;
  const server = createServer((socket) => {
    count += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('expected a port');
  return { server, port: address.port, count: () => count };
}

/** Path of the first agent's key. */
export const keyFile = (stage: Stage): string => join(stage.lab.path('agent'), 'identity.json');

export const confinementAttacks: readonly Attack[] = [
  {
    name: 'module that writes a file',
    tried: 'code in a module process makes a file, changes one, removes one',
    run: async (stage) => {
      const made = stage.lab.path('made-by-a-module');
      const found = join(stage.folder, 'found');
      const noticed = await isRefused(stage, {
        attempts: [
          { kind: 'write', path: made },
          { kind: 'change', path: found },
          { kind: 'remove', path: found },
        ],
      });
      must(!existsSync(made) && existsSync(found), 'a file was changed');
      return noticed;
    },
  },
  {
    name: 'module that starts a program',
    tried: 'code in a module process starts a shell, and forks',
    run: async (stage) => {
      const library = await systemCall(stage);
      return isRefused(stage, {
        attempts: [
          { kind: 'start', program: '/bin/sh' },
          { kind: 'call', library, number: callNumbers.fork, parameters: [] },
        ],
      });
    },
  },
  {
    name: 'module that opens a connection',
    tried: 'code in a module process connects to a port of this machine',
    run: async (stage) => {
      const { server, port, count } = await startListening();
      try {
        const noticed = await isRefused(stage, { attempts: [{ kind: 'connect', port }] });
        must(count() === 0, 'it was connected');
        return noticed;
      } finally {
        server.close();
      }
    },
  },
  {
    name: "module that writes the agent's memory",
    tried:
      'code in a module process that may read other processes: by /proc, by process_vm_writev, by ptrace, by its descriptors',
    run: async (stage) => {
      const library = await systemCall(stage);
      const call = (number: number, parameters: readonly (number | 'parent')[]): Attempt => ({
        kind: 'call',
        library,
        number,
        parameters: [...parameters],
      });
      return isRefused(stage, {
        readsProcesses: true,
        attempts: [
          { kind: 'change', path: `/proc/${stage.agent.child.pid}/mem` },
          call(callNumbers.process_vm_writev, ['parent', -2, 1, -2, 1, 0]),
          // PTRACE_SEIZE
          call(callNumbers.ptrace, [0x4206, 'parent', 0, 0]),
          call(callNumbers.pidfd_open, ['parent', 0]),
          { kind: 'kill', pid: stage.agent.child.pid ?? 0 },
        ],
      });
    },
  },
  {
    name: "module that reads the agent's key",
    tried: 'code in a module process opens the file of the key, by its path and by that of the agent',
    run: (stage) => {
      const key = keyFile(stage);
      return isRefused(stage, {
        attempts: [
          { kind: 'read', path: key },
          { kind: 'read', path: `/proc/${stage.agent.child.pid}/root${key}` },
          { kind: 'read', path: `/proc/self/root${key}` },
          { kind: 'read', path: `/proc/${stage.agent.child.pid}/mem` },
        ],
      });
    },
  },
];
