/** Turns the given target into a condition. Words that stand for other targets are looked up on demand. */
import { assertTarget, namesEarlierAnswers } from '../cli/target.ts';
import type { CommandContext } from './context.ts';

/** Words of the language itself, and of what is done without agents. */
const ownWords: ReadonlySet<string> = new Set(['all', 'online', 'local', 'true', 'false']);

/** Whether it is a macro of the config file, begins with `found:ID` or `notfound:ID`, or is nothing that there is. */
export function isStandIn(target: string): boolean {
  return (/^[\w.-]+$/.test(target) && !ownWords.has(target)) || namesEarlierAnswers(target);
}

/** `local` stays as it is where it may stand. @throws CodedError<ExpandTargetCode | 'target-malformed'> */
export async function resolveTarget(given: string, context: CommandContext, mayBeLocal = false): Promise<string> {
  const target = isStandIn(given) ? await (await import('./expand-target.ts')).expandTarget(given, context) : given;
  if (!(mayBeLocal && target === 'local')) assertTarget(target);
  return target;
}
