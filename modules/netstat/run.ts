/** The agent's side of the netstat module: reads the kernel's tables, compares, finds the processes of what matched. */
import { type NetworkReader, type NetworkSummary, native, type SocketHolders } from '../../native/index.ts';
import type { OperationResult, SkipReason } from '../../protocol/result.ts';
import type { ModuleContext, ModuleRun } from '../contract.ts';
import { toGoDuration } from '../shared/go-text.ts';
import { answeringFailures, follow, startMeter, Tally, toCutShort } from '../shared/run.ts';
import { Findings } from './findings.ts';
import { toMatcher, toQuery } from './match.ts';
import type { NetstatParameters, NetstatStatistics } from './spec.ts';

const noHolders: SocketHolders = { holders: [], processes: 0, noPermission: 0 };

async function readTables(
  reader: NetworkReader,
  parameters: NetstatParameters,
  findings: Findings,
  signal: AbortSignal,
): Promise<NetworkSummary> {
  const toMatches = toMatcher(parameters, native().compilePattern);
  const task = reader.read(toQuery(parameters), (entries) => {
    if (!entries.every((entry) => toMatches(entry).every((match) => findings.add(match)))) task.cancel();
  });
  return follow(task, signal);
}

/** After the tables, so that the work is done only for what matched. */
async function findHolders(reader: NetworkReader, findings: Findings, signal: AbortSignal): Promise<SocketHolders> {
  const inodes = findings.inodes();
  return inodes.length === 0 || signal.aborted ? noHolders : follow(reader.findHolders(inodes), signal);
}

function toSkipped(summary: NetworkSummary, holders: SocketHolders): Tally<SkipReason> {
  const skipped = new Tally<SkipReason>();
  const reasons = ['no-permission', 'changed-while-read', 'read-error', 'unsupported'] as const;
  for (const reason of reasons) skipped.add(reason, summary.skipped[reason]);
  skipped.add('no-permission', holders.noPermission);
  return skipped;
}

function toNotes({ processes, noPermission }: SocketHolders, wasLookedFor: boolean): string[] {
  if (wasLookedFor && processes === 0) return ['this system does not list its processes: no element has one'];
  if (noPermission === 0) return [];
  return [
    `the sockets of ${noPermission} processes may only be seen by root: an element without a process may be theirs`,
  ];
}

async function ask(parameters: NetstatParameters, { signal, limits }: ModuleContext): Promise<OperationResult> {
  const meter = startMeter();
  const reader = native().openNetworkReader(limits.cpuPercent);
  const findings = new Findings(limits.resultBytes);
  const summary = await readTables(reader, parameters, findings, signal);
  const holders = await findHolders(reader, findings, signal);
  const elements = findings.toElements(holders.holders);
  const { namespaces, interfaces, neighbours, sockets } = summary;
  const statistics: NetstatStatistics = {
    examined: interfaces + neighbours + sockets,
    totalhits: findings.count,
    exectime: toGoDuration(meter.elapsedMs()),
  };
  return {
    success: true,
    foundanything: findings.count > 0,
    elements,
    statistics,
    errors: [...summary.errors, ...toNotes(holders, holders !== noHolders && !signal.aborted)],
    receipt: {
      examined: { namespaces, interfaces, neighbours, sockets, processes: holders.processes },
      skipped: toSkipped(summary, holders).toList(),
      cutshort: toCutShort(signal) ?? (findings.isFull ? 'result-size' : null),
      cost: meter.cost(),
    },
  };
}

export const run: ModuleRun<NetstatParameters> = answeringFailures(ask);
