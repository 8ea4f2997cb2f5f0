/** Checks modules, ACL and people against each other. A rule that nobody can fulfil is a mistake. */
import type { AclRule } from '../../protocol/environment/environment.ts';
import type { EnvironmentInput } from '../config.ts';
import { type ConfigProblem, quote, toField } from './problem.ts';
import { suggestionFor } from './suggest.ts';

type Path = readonly PropertyKey[];

function* findModuleProblems(
  modules: readonly string[],
  known: readonly string[],
  path: Path,
): Generator<ConfigProblem> {
  for (const [index, name] of modules.entries()) {
    const field = toField([...path, index]);
    if (!known.includes(name))
      yield { field, message: `expected a known module, got ${quote(name)}`, hint: suggestionFor(name, known) };
    else if (modules.indexOf(name) !== index)
      yield { field, message: `expected each module once, got ${quote(name)} again`, hint: 'remove it' };
  }
}

function* findRuleProblems(rule: AclRule, people: readonly string[], path: Path): Generator<ConfigProblem> {
  let sum = 0;
  for (const [name, weight] of Object.entries(rule.weights)) {
    if (people.includes(name)) sum += weight;
    else
      yield {
        field: toField([...path, 'weights', name]),
        message: `expected a person from investigators, got ${quote(name)}`,
        hint: suggestionFor(name, people),
      };
  }
  if (sum < rule.minimumWeight)
    yield {
      field: toField([...path, 'minimumWeight']),
      message: `expected at most ${sum}, the sum of the weights, got ${rule.minimumWeight}`,
      hint: 'lower it or raise the weights: as it stands nobody could ever run the module',
    };
}

/**
 * @param known the modules of this checkout.
 * @param path where the environment stands in the config.
 */
export function* findAclProblems(
  input: EnvironmentInput,
  known: readonly string[],
  path: Path,
): Generator<ConfigProblem> {
  yield* findModuleProblems(input.modules, known, [...path, 'modules']);
  const people = Object.keys(input.investigators);
  for (const [name, rule] of Object.entries(input.acl)) {
    const rulePath = [...path, 'acl', name];
    if (name !== 'default' && !input.modules.includes(name))
      yield {
        field: toField(rulePath),
        message: `expected "default" or a module of this environment, got ${quote(name)}`,
        hint: known.includes(name)
          ? `add ${quote(name)} to modules or remove the rule`
          : suggestionFor(name, ['default', ...input.modules]),
      };
    yield* findRuleProblems(rule, people, rulePath);
  }
  if (Object.hasOwn(input.acl, 'default')) return;
  for (const name of input.modules)
    if (known.includes(name) && !Object.hasOwn(input.acl, name))
      yield {
        field: toField([...path, 'acl']),
        message: `expected a rule for ${quote(name)}, got neither one nor a default`,
        hint: `add acl.${name} or acl.default, or take ${quote(name)} out of modules`,
      };
}
