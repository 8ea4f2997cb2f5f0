/** A question whose answers are large, and what becomes of them when a program is to open them in a process of its own. */
import { loadModules } from '../../modules/registry.ts';
import { toSignedBytes } from '../../protocol/action/envelope.ts';
import { sha256Hex } from '../../protocol/base/identifiers.ts';
import { emptyReceipt, type OperationResult } from '../../protocol/result/result.ts';
import { Answers } from '../answers/answers.ts';
import { openSeparately } from '../answers/separate-opening.ts';
import type { Program } from '../cli/this-program.ts';
import { countsOf } from '../commands/follow.ts';
import { ToyAgent } from './toy-agent.ts';
import { newToyQuestion } from './toy-question.ts';

const found = {
  file: '/usr/bin/wget',
  search: {},
  fileinfo: { lastmodified: '2025-03-03 13:32:32 +0000 UTC', mode: '-rwxr-xr-x', size: 1 },
};

/** Plain: about 150 bytes for each file. */
export function filesResult(files: number, changes: Partial<OperationResult> = {}): OperationResult {
  const elements = { s1: Array.from({ length: files }, () => found) };
  const shared = { success: true, foundanything: true, statistics: {}, errors: [], receipt: emptyReceipt() };
  return { ...shared, elements, ...changes };
}

/** @param results the first is of `web0`, the next of `web1`, and so on. */
export async function takeAnswers(program: Program, ...results: readonly OperationResult[]) {
  const toy = newToyQuestion();
  const operations = [{ module: 'file', parameters: { searches: { s1: { paths: ['/usr'] } } } }];
  const action = { ...toy.action, operations };
  const digest = sha256Hex(toSignedBytes(action));
  const names: string[] = [];
  const answers = new Answers(
    { ...toy, action, digest, modules: await loadModules(['file']) },
    {
      onAnswer: (answer) => answer.kind === 'result' && names.push(answer.name),
      signal: new AbortController().signal,
      openLarge: (order, signal) => openSeparately(order, signal, program),
    },
  );
  for (const [index, result] of results.entries())
    answers.add(new ToyAgent(`web${index}`).result(action, digest, [result]));
  const atOnce = [...names];
  await answers.settled();
  const { notGenuine } = answers.tally.toOutcome(action, countsOf('succeeded', results.length));
  return { atOnce, names, codes: notGenuine.examples.map(({ code }) => code) };
}
