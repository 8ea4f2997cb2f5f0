/** An action in words and in full, for who is about to sign it. */
import type { ModuleFace } from '../../modules/contract.ts';
import type { Action } from '../../protocol/action.ts';
import { giveAdvice } from '../advice/advice.ts';
import { escapeText, toSafeJson } from '../output/escape.ts';

/** Lines that are safe to print. */
export function describeAction(action: Action, modules: ReadonlyMap<string, ModuleFace>): string[] {
  const { name, fleet, target, validfrom, expireafter, operations, readers, limits } = action;
  const questions = operations.flatMap(({ module, parameters }, index) => {
    const face = modules.get(module);
    const fits = face?.spec.parameters.safeParse(parameters).success === true;
    const summary = face === undefined ? 'a module that this mig does not have' : face.spec.summary;
    return [
      `  ${index + 1}. ${module}: ${summary}${fits || face === undefined ? '' : ' (agents will refuse these parameters)'}`,
    ];
  });
  return [
    `${escapeText(name)}`,
    `asks in ${fleet} the agents that fit: ${escapeText(target)}`,
    `from ${validfrom} until ${expireafter}${limits.seconds === undefined ? '' : `, ${limits.seconds} s at most`}`,
    ...questions,
    `answers can be opened by: ${readers.join(', ')}`,
    ...giveAdvice(operations).map((line) => `note: ${escapeText(line)}`),
    'in full:',
    ...toSafeJson(action).split('\n'),
  ];
}
