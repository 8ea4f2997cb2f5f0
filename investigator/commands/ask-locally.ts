/** `-t local`: the modules run on this machine, with the rights of who asks. */

import { hostname } from 'node:os';
import type { ModuleLimits } from '../../modules/kit/work.ts';
import { AgentId } from '../../protocol/base/identifiers.ts';
import { toInstant } from '../../protocol/base/instant.ts';
import type { OperationResult } from '../../protocol/result/result.ts';
import type { ResultAnswer } from '../answers/answer.ts';
import { toExitCode as toOutcomeCode } from '../answers/outcome.ts';
import { Tally } from '../answers/tally.ts';
import type { ActionTemplate } from '../ask/new-action.ts';
import { type ExitCode, exitCodes } from '../cli/exit-codes.ts';
import { thisProgram } from '../cli/this-program.ts';
import { openPrinter } from '../print/open-printer.ts';
import { readAsker } from './asker.ts';
import type { CommandContext } from './context.ts';
import { countsOf } from './follow.ts';
import type { QuestionCommand } from './question-command.ts';

/** This machine has no agent, so no id either. */
const noAgent = AgentId.parse('0'.repeat(64));

async function readLimits({ seconds }: ActionTemplate['limits']): Promise<ModuleLimits> {
  const { Limits } = await import('../../protocol/environment/environment.ts');
  const defaults = Limits.parse({});
  return {
    seconds: seconds ?? defaults.moduleSeconds,
    memoryMiB: defaults.moduleMemoryMiB,
    resultBytes: defaults.resultBytes,
    cpuPercent: defaults.cpuPercent,
    threads: 1,
  };
}

/** One after the other, each in a process of its own: what hangs there, or fails, ends that process alone. */
async function runOperations(template: ActionTemplate, signal: AbortSignal): Promise<OperationResult[]> {
  const [{ ModuleHost }, { findLoader, loaders }, { readConfinement }] = await Promise.all([
    import('../../modules/host/module-host.ts'),
    import('../../modules/registry.ts'),
    import('../../native/own-process.ts'),
  ]);
  // Without the native part no module process can start: it is missed here, where that can be said.
  readConfinement();
  const host = new ModuleHost(loaders, [], thisProgram());
  const limits = await readLimits(template.limits);
  const results: OperationResult[] = [];
  for (const { module, parameters } of template.operations) {
    // With the defaults that the question leaves out, as an agent fills them in.
    const filled = (await findLoader(loaders, module)?.loadModule())?.parameters.parse(parameters) ?? parameters;
    results.push((await host.run(module, filled, limits, null, signal)).result);
  }
  return results;
}

/** `file took 1.2 s (0.9 s of CPU) here, 40 MiB at most` */
function toCost(operations: readonly OperationResult[], template: ActionTemplate): string[] {
  return operations.map(({ receipt: { cost } }, index) => {
    const [wall, cpu] = [cost.wallms, cost.cpums].map((milliseconds) => `${(milliseconds / 1000).toFixed(2)} s`);
    const memory = `${Math.ceil(cost.peakbytes / 1024 / 1024)} MiB`;
    return `${template.operations[index]?.module} took ${wall} here (${cpu} of CPU, ${memory} at most)`;
  });
}

export async function askLocally(
  { template, target, options, toExitCode }: QuestionCommand,
  context: CommandContext,
): Promise<ExitCode> {
  const { console, modules, signal } = context;
  const operations = await runOperations(template, signal);
  const answer: ResultAnswer = {
    kind: 'result',
    agent: noAgent,
    name: hostname(),
    tags: {},
    time: toInstant(Date.now()),
    state: 'succeeded',
    operations,
  };
  const asked = { name: template.name, target, operations: template.operations };
  const { format, show, view } = options;
  const printer = await openPrinter(format, { asked, by: [readAsker()], modules, show, view, console });
  const tally = new Tally();
  tally.add(answer);
  printer.result(answer);
  const outcome = tally.toOutcome(asked, countsOf('succeeded', 1));
  printer.end(outcome);
  if (options.rehearsal === 'estimate') {
    for (const line of toCost(operations, template)) console.note(line);
    console.note('this was an estimate on this machine alone; nothing was sent');
  }
  if (signal.aborted) return exitCodes.interrupted;
  return toExitCode?.(operations) ?? toOutcomeCode(outcome);
}
