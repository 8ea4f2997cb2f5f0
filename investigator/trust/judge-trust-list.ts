/** What a trust list would do that nobody may want: said before root keys sign it. */
import { CodedError } from '../../protocol/base/coded-error.ts';
import { ruleFor, weigh } from '../../protocol/environment/acl.ts';
import { type TrustList, toEffectiveAcl } from '../../protocol/trust/trust-list.ts';
import type { EnvironmentRules } from '../ask/judge-signatures.ts';

type Rules = Pick<EnvironmentRules, 'acl' | 'modules' | 'roots'>;

/** Why agents of the build would refuse the list; undefined when they would not. */
export function findRefusal(list: TrustList, build: Rules): string | undefined {
  if (build.roots === undefined) return 'they were built without rootkeys, and take none';
  try {
    toEffectiveAcl(list, { acl: build.acl, modules: [...build.modules] });
    return undefined;
  } catch (error) {
    if (error instanceof CodedError) return error.message;
    throw error;
  }
}

function describeModule(list: TrustList, module: string, people: ReadonlySet<string>): string[] {
  const rule = ruleFor(list.acl, module);
  if (rule === undefined) return [`${module}: nobody may ask it: the list has no rule for it`];
  const { weight } = weigh(rule, people);
  return weight >= rule.minimumWeight
    ? []
    : [
        `${module}: nobody can ask it: it takes weight ${rule.minimumWeight}, and all in the list together have ${weight}`,
      ];
}

/**
 * One line each.
 * @param build of the agents; without it the rules of the list itself are looked at, and not their bounds.
 */
export function judgeTrustList(list: TrustList, build: Rules | undefined): string[] {
  const people = new Set(list.investigators.map(({ name }) => name));
  const modules = build?.modules ?? Object.keys(list.acl);
  const weighed = Object.values(list.acl).flatMap(({ weights }) => Object.keys(weights));
  const strangers = [...new Set(weighed)].filter((name) => !people.has(name));
  const idle = [...people].filter((name) => !weighed.includes(name));
  const refusal = build === undefined ? undefined : findRefusal(list, build);
  return [
    ...(refusal === undefined ? [] : [`agents will refuse the list: ${refusal}`]),
    ...modules.flatMap((module) => describeModule(list, module, people)),
    ...strangers.map((name) => `${name} has a weight, and is not in the list`),
    ...idle.map((name) => `${name} is in the list, and has no weight: -weight gives it`),
  ];
}
