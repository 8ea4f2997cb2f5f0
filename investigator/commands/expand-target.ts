/** Targets that stand for others: a macro of the config file; `found:ID` or `notfound:ID`, by what agents found earlier. */
import { CodedError } from '../../protocol/base/coded-error.ts';
import { ActionId, sha256Hex } from '../../protocol/base/identifiers.ts';
import { suggest } from '../../protocol/base/suggest.ts';
import { targetLimits } from '../../protocol/target/tree.ts';
import type { Answer } from '../answers/answer.ts';
import { Answers } from '../answers/answers.ts';
import { foundStateOf } from '../answers/outcome.ts';
import type { Settings } from '../cli/settings.ts';
import { namesEarlierAnswers } from '../cli/target.ts';
import type { CommandContext } from './context.ts';
import { readOwnAction } from './own-actions.ts';
import { withRelay } from './with-relay.ts';

export type ExpandTargetCode = 'target-unknown' | 'found-nothing' | 'found-too-many';

/** The values that one IN may have, each an id; a target is long enough for them. */
const maximumFound = targetLimits.values;

/** What stands in place of agents: `found:ID`, with a condition behind AND that must hold, too. */
interface EarlierAnswers {
  readonly id: ActionId;
  readonly state: 'yes' | 'no';
  readonly condition?: string;
}

/** Results are sealed, so the server cannot do this. */
async function findTarget({ id, state, condition }: EarlierAnswers, context: CommandContext): Promise<string> {
  const what = state === 'yes' ? 'found something' : 'found nothing';
  const found: string[] = [];
  await withRelay(context, async (relay, held) => {
    const key = await held.open();
    const { action, signedBytes, opener } = await readOwnAction(relay, id, key);
    const onAnswer = (answer: Answer): void => {
      if (answer.kind === 'result' && foundStateOf(answer) === state) found.push(answer.agent);
    };
    const { modules, signal } = context;
    const answers = new Answers({ action, digest: sha256Hex(signedBytes), opener, modules }, { onAnswer, signal });
    for await (const report of relay.listReports(id)) await answers.add(report);
    await answers.settled();
  });
  if (found.length === 0)
    throw new CodedError<ExpandTargetCode>('found-nothing', `expected agents that ${what} in ${id}, got none`);
  if (found.length > maximumFound)
    throw new CodedError<ExpandTargetCode>(
      'found-too-many',
      `expected at most ${maximumFound} agents that ${what}, got ${found.length}`,
      { hint: 'ask the original target once more, or choose by tags' },
    );
  const agents = `id IN (${found.map((agent) => `'${agent}'`).join(', ')})`;
  return condition === undefined ? agents : `${agents} AND (${condition})`;
}

const earlierAnswers = /^(?<state>found|notfound):(?<id>\S*)(?:\s+AND\s+(?<condition>\S.*))?$/is;

/** @returns undefined when it is of another kind. @throws CodedError<ExpandTargetCode> when no id follows. */
export function toEarlierAnswers(target: string): EarlierAnswers | undefined {
  if (!namesEarlierAnswers(target)) return undefined;
  const { state, id: text, condition } = earlierAnswers.exec(target)?.groups ?? {};
  const id = ActionId.safeParse(text);
  if (id.success)
    return { id: id.data, state: state === 'found' ? 'yes' : 'no', ...(condition === undefined ? {} : { condition }) };
  throw new CodedError<ExpandTargetCode>(
    'target-unknown',
    `expected found:ID or notfound:ID, alone or with AND and a condition behind it, got ${JSON.stringify(target)}`,
    { hint: 'mig actions lists ids' },
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
    `expected all, online, local, found:ID, notfound:ID, a condition or a macro, got ${word}`,
    { hint: near === undefined ? `${asName}\nmacros are in "targets" of ${configFile}` : `did you mean ${near}?` },
  );
}

/** @param target that `isStandIn`. @throws CodedError<ExpandTargetCode> */
export async function expandTarget(target: string, context: CommandContext): Promise<string> {
  const earlier = toEarlierAnswers(target);
  if (earlier !== undefined) return findTarget(earlier, context);
  const condition = toMacro(target, context.settings());
  context.console.note(`target ${target}: ${condition}`);
  return condition;
}
