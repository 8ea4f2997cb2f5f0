/** Targets that stand for others: a macro of the config file, or `found:ID`, the agents that found something earlier. */
import { CodedError } from '../../protocol/base/coded-error.ts';
import { ActionId, sha256Hex } from '../../protocol/base/identifiers.ts';
import { suggest } from '../../protocol/base/suggest.ts';
import { targetLimits } from '../../protocol/target/tree.ts';
import type { Answer } from '../answers/answer.ts';
import { Answers } from '../answers/answers.ts';
import { hasFound } from '../answers/outcome.ts';
import type { Settings } from '../cli/settings.ts';
import type { CommandContext } from './context.ts';
import { readOwnAction } from './own-actions.ts';
import { withRelay } from './with-relay.ts';

export type ExpandTargetCode = 'target-unknown' | 'found-nothing' | 'found-too-many';

/** The values that one IN may have, each an id; a target is long enough for them. */
const maximumFound = targetLimits.values;

/** Results are sealed, so the server cannot do this. */
async function findTarget(id: ActionId, context: CommandContext): Promise<string> {
  const found: string[] = [];
  await withRelay(context, async (relay, held) => {
    const key = await held.open();
    const { action, signedBytes, opener } = await readOwnAction(relay, id, key);
    const onAnswer = (answer: Answer): void => {
      if (answer.kind === 'result' && hasFound(answer)) found.push(answer.agent);
    };
    const { modules, signal } = context;
    const answers = new Answers({ action, digest: sha256Hex(signedBytes), opener, modules }, { onAnswer, signal });
    for await (const report of relay.listReports(id)) await answers.add(report);
    await answers.settled();
  });
  if (found.length === 0)
    throw new CodedError<ExpandTargetCode>('found-nothing', `expected agents that found something in ${id}, got none`);
  if (found.length > maximumFound)
    throw new CodedError<ExpandTargetCode>(
      'found-too-many',
      `expected at most ${maximumFound} agents that found something, got ${found.length}`,
      { hint: 'ask the original target once more, or choose by tags' },
    );
  return `id IN (${found.map((agent) => `'${agent}'`).join(', ')})`;
}

const foundPrefix = 'found:';

/** @returns undefined when it is of another kind. @throws CodedError<ExpandTargetCode> when no id follows. */
export function toFoundId(target: string): ActionId | undefined {
  if (!target.startsWith(foundPrefix)) return undefined;
  const id = ActionId.safeParse(target.slice(foundPrefix.length));
  if (id.success) return id.data;
  throw new CodedError<ExpandTargetCode>(
    'target-unknown',
    `expected an action id behind found:, got ${JSON.stringify(target)}`,
    { hint: 'mig actions lists them' },
  );
}

/** The condition that a word of the config file stands for. @throws CodedError<ExpandTargetCode> */
export function toMacro(word: string, { targets, configFile }: Settings): string {
  const target = Object.hasOwn(targets, word) ? targets[word] : undefined;
  if (target !== undefined) return target;
  const near = suggest(word, ['all', 'online', 'local', ...Object.keys(targets)]);
  const asName = `for the agent of that name: -t "name = '${word}'"`;
  throw new CodedError<ExpandTargetCode>(
    'target-unknown',
    `expected all, online, local, a condition or a macro, got ${word}`,
    { hint: near === undefined ? `${asName}\nmacros are in "targets" of ${configFile}` : `did you mean ${near}?` },
  );
}

/** @param target that `isStandIn`. @throws CodedError<ExpandTargetCode> */
export async function expandTarget(target: string, context: CommandContext): Promise<string> {
  const id = toFoundId(target);
  if (id !== undefined) return findTarget(id, context);
  const condition = toMacro(target, context.settings());
  context.console.note(`target ${target}: ${condition}`);
  return condition;
}
