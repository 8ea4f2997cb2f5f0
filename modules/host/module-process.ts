/** The inside of a module process: one request, one outcome, end. Whatever happens here, the agent goes on. */
import { closeSync, writeSync } from 'node:fs';
import { confine, endWithParent, limitMemory, lowerPriority, stopUnpackers } from '../../native/own-process.ts';
import { CodedError, toMessage } from '../../protocol/base/coded-error.ts';
import type { OperationResult } from '../../protocol/result/result.ts';
import { carryOut } from '../kit/carry-out.ts';
import { finderOf, findLoader, type ModuleLoader, type ModuleTable } from '../registry.ts';
import { ModuleInput } from './module-input.ts';
import {
  type ModuleOutcome,
  type ModuleRequest,
  type ModuleRights,
  maximumRightsBytes,
  outcomeDescriptor,
} from './module-request.ts';
import { rehearseUnlessAsked } from './rehearsal.ts';

/** @param otherMs of the processor: unpacking in other processes on top, the rehearsal taken away. */
function withCost(result: OperationResult, startedMs: number, otherMs: number): OperationResult {
  const usage = process.resourceUsage();
  const cost = {
    wallms: Math.round((performance.now() - startedMs) * 10) / 10,
    cpums: Math.round(((usage.userCPUTime + usage.systemCPUTime) / 1000 + otherMs) * 10) / 10,
    peakbytes: usage.maxRSS * 1024,
  };
  return { ...result, receipt: { ...result.receipt, cost } };
}

/** Aborts when the time is up or the agent asks for the end (SIGTERM): the module then answers with what it has. */
function untilTheEnd(seconds: number): AbortSignal {
  const end = new AbortController();
  setTimeout(() => end.abort(new DOMException('the time is up', 'TimeoutError')), seconds * 1000).unref();
  process.once('SIGTERM', () => end.abort());
  return end.signal;
}

/** V8 for a buffer that it could not get, or the native engine. */
function isOutOfMemory(error: unknown): boolean {
  if (error instanceof RangeError) return error.message === 'Array buffer allocation failed';
  return error instanceof CodedError && error.code === 'out-of-memory';
}

async function runRequest(modules: ModuleTable, request: ModuleRequest, rehearsedMs: number): Promise<ModuleOutcome> {
  const startedMs = performance.now();
  const findModule = finderOf(modules);
  try {
    const known = await findModule(request.module);
    if (known === undefined) return { kind: 'threw', message: `no module '${request.module}' in this agent` };
    const result = await carryOut(known.module, known.run, request.parameters, {
      signal: untilTheEnd(request.limits.seconds),
      findModule,
      limits: request.limits,
      ...(request.protection === null ? {} : { protection: request.protection }),
    });
    return { kind: 'result', result: withCost(result, startedMs, stopUnpackers() - rehearsedMs) };
  } catch (error) {
    if (isOutOfMemory(error)) return { kind: 'out-of-memory' };
    return { kind: 'threw', message: toMessage(error) };
  } finally {
    // They would outlive this process for a moment, and leave their last trace to whoever adopts them.
    stopUnpackers();
  }
}

/** Nobody waits for this process to end after it. */
function writeOutcome(outcome: ModuleOutcome): void {
  const bytes = Buffer.from(JSON.stringify(outcome), 'utf8');
  for (let written = 0; written < bytes.length; ) written += writeSync(outcomeDescriptor, bytes, written);
  closeSync(outcomeDescriptor);
}

/** Code is compiled when it first runs: with a parse of anything, that of the schema is there before the request. */
async function loadFully({ loadModule, loadRun }: ModuleLoader): Promise<void> {
  const [module] = await Promise.all([loadModule(), loadRun()]);
  module.parameters.safeParse({});
}

/**
 * Loads first, so that a process that was started ahead answers at once, then waits for its request.
 * @param expected the module that is loaded ahead; all of them unless given.
 */
export async function runModuleProcess(modules: ModuleTable, expected?: string): Promise<void> {
  // Ctrl-C is for the program that started this one: it says when to stop.
  process.on('SIGINT', () => {});
  endWithParent();
  lowerPriority();
  const loader = expected === undefined ? undefined : findLoader(modules, expected);
  await Promise.all((loader === undefined ? Object.values(modules) : [loader]).map(loadFully));
  const input = new ModuleInput(process.stdin);
  const asked = input.readLine(maximumRightsBytes);
  const rehearsedMs = expected === undefined ? await rehearseUnlessAsked(modules, asked) : 0;
  const line = await asked;
  if (line === null) return;
  const rights = JSON.parse(line) as ModuleRights;
  // Before the question is read: what it makes a defect do, it does without rights.
  try {
    confine(rights.needs, rights.withheld);
  } catch (error) {
    return writeOutcome({ kind: 'threw', message: `the module process could not be confined: ${toMessage(error)}` });
  }
  const request = JSON.parse(await input.readRest()) as ModuleRequest;
  limitMemory(request.limits.memoryMiB);
  writeOutcome(await runRequest(modules, request, rehearsedMs));
}
