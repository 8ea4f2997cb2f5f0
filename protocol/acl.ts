/** Whether the people who signed may have a module run. */
import type { Acl } from './environment.ts';
import type { Fingerprint } from './identifiers.ts';

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

/** A module's own rule replaces `default` as a whole; `minimumWeight` is null when there is neither. */
export function checkAcl(acl: Acl, module: string, signers: ReadonlySet<string>): AclOutcome {
  const rule = Object.hasOwn(acl, module) ? acl[module] : Object.hasOwn(acl, 'default') ? acl.default : undefined;
  if (rule === undefined) return { kind: 'denied', weight: 0, minimumWeight: null };
  let weight = 0;
  for (const person of signers) if (Object.hasOwn(rule.weights, person)) weight += rule.weights[person] ?? 0;
  return weight >= rule.minimumWeight
    ? { kind: 'allowed' }
    : { kind: 'denied', weight, minimumWeight: rule.minimumWeight };
}
