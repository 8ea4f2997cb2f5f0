/** The ACL: whether the people who signed may have a module run. */

import type { Fingerprint } from '../base/identifiers.ts';
import type { DisclosureClass } from './disclosure.ts';
import type { Acl, AclRule } from './environment.ts';
import { mayHave, type SignerWeight } from './protection.ts';

export type AclOutcome =
  | { readonly kind: 'allowed' }
  | { readonly kind: 'denied'; readonly weight: number; readonly minimumWeight: number | null };

/** A person by name, and the keys that are that person's; what is baked into agents holds more. */
export interface Person {
  readonly name: string;
  readonly keys: readonly { readonly fingerprint: Fingerprint }[];
}

/** The people behind keys, each once however many of their keys signed. */
export function toSigners(investigators: readonly Person[], keys: Iterable<Fingerprint>): Set<string> {
  const people = new Set<string>();
  const signing = new Set(keys);
  for (const person of investigators)
    if (person.keys.some((key) => signing.has(key.fingerprint))) people.add(person.name);
  return people;
}

/** A module's own rule replaces `default` as a whole; undefined when there is neither. */
export function ruleFor(acl: Acl, module: string): AclRule | undefined {
  if (Object.hasOwn(acl, module)) return acl[module];
  return Object.hasOwn(acl, 'default') ? acl.default : undefined;
}

/** The number and weight of the signers under a rule. A person who is not listed counts nothing. */
export function weigh(rule: AclRule | undefined, signers: ReadonlySet<string>): SignerWeight {
  const weights = rule?.weights ?? {};
  const listed = [...signers].flatMap((person) => (Object.hasOwn(weights, person) ? (weights[person] ?? []) : []));
  return { people: listed.length, weight: listed.reduce((sum, weight) => sum + weight, 0) };
}

/** @param disclosure how much the answer can tell; `minimumWeight` is null when no rule is for the module. */
export function checkAcl(
  acl: Acl,
  module: string,
  signers: ReadonlySet<string>,
  disclosure: DisclosureClass = 'metadata',
): AclOutcome {
  const rule = ruleFor(acl, module);
  const weighed = weigh(rule, signers);
  const isEnough =
    rule !== undefined && weighed.weight >= rule.minimumWeight && mayHave(rule.answers, disclosure, weighed);
  return isEnough
    ? { kind: 'allowed' }
    : { kind: 'denied', weight: weighed.weight, minimumWeight: rule?.minimumWeight ?? null };
}
