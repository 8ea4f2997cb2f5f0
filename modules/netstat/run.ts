/** The agent's side of the netstat module: reads the kernel's tables, compares rows, finds the processes of matches. */

import {
  type NetworkReader,
  type NetworkSummary,
  native,
  type SocketHolder,
  type SocketHolders,
} from '../../native/index.ts';
import { plural } from '../../protocol/base/plural.ts';
import { awaitTask } from '../kit/await-task.ts';
import type { Permit } from '../kit/gate.ts';
import { ValueMatcher } from '../kit/listing/value-lists.ts';
import { toEntry } from '../kit/processes/process-entry.ts';
import { toSubject } from '../kit/processes/process-subject.ts';
import type { ModuleRun, Work } from '../kit/work.ts';
import { type NetworkRow, toQuery, toRows } from './match.ts';
import { lists, type NetstatElement, type NetstatParameters, type SocketProcess } from './module.ts';

const mostOtherPids = 100;

/** A matching row and its reported elements. */
interface Hit {
  readonly row: NetworkRow;
  readonly element: NetstatElement;
}

/** Rules cannot name an address; they can name a unix socket with a path. */
function toPermit({ subjects: { unixsocket } }: NetworkRow, { gate }: Work<NetstatElement>): Permit | null {
  const isFile = typeof unixsocket === 'string' && unixsocket.startsWith('/');
  return isFile ? gate.permitPaths([unixsocket]) : gate.permitPathless();
}

async function readTables(
  reader: NetworkReader,
  parameters: NetstatParameters,
  work: Work<NetstatElement>,
): Promise<{ readonly summary: NetworkSummary; readonly hits: readonly Hit[] }> {
  const matcher = new ValueMatcher<typeof lists, NetstatElement, NetworkRow>(
    lists,
    parameters,
    native().compilePattern,
    work,
  );
  const take = (row: NetworkRow): boolean => {
    const permit = toPermit(row, work);
    if (permit === null) work.findings.skip('protected', 1);
    return permit === null || matcher.take(row, permit);
  };
  const task = reader.read(toQuery(parameters), (entries) => {
    if (!entries.every((entry) => toRows(entry, parameters).every(take))) task.cancel();
  });
  return { summary: await awaitTask(task, work.signal), hits: matcher.hits };
}

function toProcess({ pid, name, user, container }: SocketHolder): SocketProcess {
  return { pid, name, ...(user === undefined ? {} : { user }), ...(container === undefined ? {} : { container }) };
}

type HoldersByInode = ReadonlyMap<number, readonly SocketHolder[]>;

function toHoldersByInode(holders: readonly SocketHolder[]): HoldersByInode {
  const byInode = new Map<number, SocketHolder[]>();
  for (const holder of holders) {
    for (const inode of holder.inodes) {
      const list = byInode.get(inode);
      if (list === undefined) byInode.set(inode, [holder]);
      else list.push(holder);
    }
  }
  return byInode;
}

function toHolderPart(
  { user, inode = 0, peerInode = 0 }: NetworkRow,
  holders: HoldersByInode,
): Partial<NetstatElement> {
  const [first, ...others] = holders.get(inode) ?? [];
  const [peer] = holders.get(peerInode) ?? [];
  const part: NetstatElement = {};
  if (first !== undefined) part.process = toProcess(first);
  else if (user !== undefined) part.user = user;
  if (others.length > 0) part.otherpids = others.slice(0, mostOtherPids).map(({ pid }) => pid);
  if (peer !== undefined) part.remoteprocess = toProcess(peer);
  return part;
}

const noHolders: SocketHolders = { holders: [], processes: 0, noPermission: 0 };

/** The processes that the question may not learn of, as in the process module. */
async function findHidden(
  holders: readonly SocketHolder[],
  { gate, limits, signal }: Work<NetstatElement>,
): Promise<ReadonlySet<number>> {
  if (!gate.hasRules || holders.length === 0) return new Set();
  const pids = holders.map(({ pid }) => pid);
  const readings = await awaitTask(native().openProcessReader(limits.cpuPercent).read(pids), signal);
  return new Set(
    readings.flatMap((reading, index) => {
      // The executable of an ended process is unknown.
      const isTold = reading.kind !== 'failed' && gate.permitResolved(toSubject(toEntry(reading))) !== null;
      return isTold ? [] : [pids[index] ?? 0];
    }),
  );
}

/** Runs after the tables, so that only matches cost this work. */
async function addHolders(reader: NetworkReader, hits: readonly Hit[], work: Work<NetstatElement>): Promise<void> {
  const { signal, findings } = work;
  const inodes = new Set(hits.flatMap(({ row: { inode = 0, peerInode = 0 } }) => [inode, peerInode]));
  inodes.delete(0);
  const isLookedFor = inodes.size > 0 && !signal.aborted;
  const found = isLookedFor ? await awaitTask(reader.findHolders([...inodes]), signal) : noHolders;
  const hidden = await findHidden(found.holders, work);
  findings.skip('protected', hidden.size);
  const byInode = toHoldersByInode(found.holders.filter(({ pid }) => !hidden.has(pid)));
  for (const { row, element } of hits) findings.amend(element, toHolderPart(row, byInode));
  const { processes, noPermission } = found;
  findings.examine('processes', processes);
  findings.skip('no-permission', noPermission);
  if (isLookedFor && processes === 0 && !signal.aborted)
    findings.note('this system does not list its processes: no element has one');
  else if (noPermission > 0)
    findings.note(
      `only root can see the sockets of ${plural(noPermission, 'process', 'processes')}; an element without a process may belong to one of them`,
    );
}

function report(
  { namespaces, interfaces, neighbours, sockets, ...summary }: NetworkSummary,
  { findings }: Work<NetstatElement>,
): void {
  for (const [kind, count] of Object.entries({ namespaces, interfaces, neighbours, sockets }))
    findings.examine(kind, count);
  findings.count('examined', interfaces + neighbours + sockets);
  for (const reason of ['no-permission', 'changed-while-read', 'read-error', 'unsupported'] as const)
    findings.skip(reason, summary.skipped[reason]);
  for (const error of summary.errors) findings.note(error);
}

export const run: ModuleRun<NetstatParameters, NetstatElement> = async (parameters, work) => {
  const reader = native().openNetworkReader(work.limits.cpuPercent);
  const { summary, hits } = await readTables(reader, parameters, work);
  report(summary, work);
  await addHolders(reader, hits, work);
};
