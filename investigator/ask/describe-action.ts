/** An action in words and in full, for who is about to sign it. */
import type { Module } from '../../modules/kit/module.ts';
import type { Action, Operation } from '../../protocol/action/action.ts';
import { escapeText, toSafeJson } from '../../protocol/base/escape.ts';
import { giveAdvice } from './advice/advice.ts';
import { findFaults } from './check-question.ts';

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Without empty lists, which ask nothing: `paths /srv/www; names \.php$ or \.phtml$; options (matchall true)` */
function toWords(value: unknown): string {
  if (Array.isArray(value)) return value.map(toWords).join(' or ');
  if (!isObject(value)) return String(value);
  const said = Object.entries(value).filter(([, part]) => !(Array.isArray(part) && part.length === 0));
  const parts = said.map(([name, part]) => `${name} ${isObject(part) ? `(${toWords(part)})` : toWords(part)}`);
  return parts.join('; ');
}

/** A line for each search, or one for all; not escaped. */
function describeParameters(parameters: unknown): string[] {
  const searches = isObject(parameters) && Object.keys(parameters).length === 1 ? parameters.searches : undefined;
  if (!isObject(searches)) return [toWords(parameters)];
  return Object.entries(searches).map(([label, search]) => `${label}: ${toWords(search)}`);
}

/** The question in words; one line each, not escaped. */
export function describeQuestion(
  { module, parameters }: Operation,
  modules: ReadonlyMap<string, Module>,
): readonly string[] {
  const face = modules.get(module);
  const parsed = face?.parameters.safeParse(parameters);
  return (parsed?.success === true ? face?.describe(parsed.data) : undefined) ?? describeParameters(parameters);
}

/** Lines that are safe to print. */
export function describeAction(action: Action, modules: ReadonlyMap<string, Module>): string[] {
  const { name, fleet, target, validfrom, expireafter, operations, readers, limits } = action;
  const questions = operations.flatMap(({ module, parameters }, index) => {
    const face = modules.get(module);
    const fits = face?.parameters.safeParse(parameters).success === true;
    const summary = face === undefined ? 'a module that this mig does not have' : face.summary;
    return [
      `  ${index + 1}. ${module}: ${summary}${fits || face === undefined ? '' : ' (agents will refuse these parameters)'}`,
      ...describeQuestion({ module, parameters }, modules).map((line) => `     ${escapeText(line)}`),
    ];
  });
  const { refusals, contradictions } = findFaults(operations, modules);
  return [
    `named ${JSON.stringify(escapeText(name))}`,
    `asks in ${fleet} the agents that fit: ${escapeText(target)}`,
    `from ${validfrom} until ${expireafter}${limits.seconds === undefined ? '' : `, ${limits.seconds} s at most`}`,
    ...questions,
    `answers can be opened by: ${readers.join(', ')}`,
    ...[...refusals, ...contradictions].map((line) => `warning: ${escapeText(line)}`),
    ...giveAdvice(operations, modules).map((line) => `note: ${escapeText(line)}`),
    'in full:',
    ...toSafeJson(action).split('\n'),
  ];
}
