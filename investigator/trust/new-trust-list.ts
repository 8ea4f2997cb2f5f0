/** The next trust list: that of before, or what is baked in, with what is to change. */

import { ActionId, Fingerprint } from '../../protocol/base/identifiers.ts';
import { toInstant } from '../../protocol/base/instant.ts';
import type { TrustedPerson, TrustList } from '../../protocol/trust/trust-list.ts';
import type { EnvironmentRules } from '../ask/judge-signatures.ts';
import { usageError } from '../cli/flags.ts';
import { readPublicKeyFiles } from '../keys/public-key-file.ts';

export interface TrustChanges {
  /** `name=file` of a public key: another key of somebody, or somebody new. */
  readonly add: readonly string[];
  /** Names: they may ask nothing more, and their keys are revoked for good. */
  readonly remove: readonly string[];
  /** `module:name=weight`; weight 0 takes it away. */
  readonly weight: readonly string[];
  /** `module=weight` that signers must reach together. */
  readonly minimum: readonly string[];
  readonly revokeKeys: readonly string[];
  readonly revokeActions: readonly string[];
  readonly expiresMs: number;
}

/** Version 0: what agents go by without any list. */
export function toFirstList({ name, investigators, acl }: EnvironmentRules): TrustList {
  const instant = toInstant(0);
  return {
    fleet: name,
    version: 0,
    issued: instant,
    expires: instant,
    investigators: investigators.map((person) => ({ name: person.name, keys: [...person.keys] })),
    acl: Object.fromEntries(
      Object.entries(acl).map(([module, { minimumWeight, weights }]) => [module, { minimumWeight, weights }]),
    ),
    revokedkeys: [],
    revokedactions: [],
  };
}

/** `left=right` or `left:right`, at the first such sign. */
function split(text: string, sign: string, expected: string): [string, string] {
  const at = text.indexOf(sign);
  if (at <= 0 || at === text.length - 1) throw usageError(`expected ${expected}, got ${JSON.stringify(text)}`);
  return [text.slice(0, at), text.slice(at + 1)];
}

function toNumber(text: string, least: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least) throw usageError(`expected a weight, got ${JSON.stringify(text)}`);
  return value;
}

function ruleOf(list: TrustList, module: string): TrustList['acl'][string] {
  const rule = Object.hasOwn(list.acl, module) ? list.acl[module] : undefined;
  if (rule === undefined)
    throw usageError(
      `expected a module with a rule (${Object.keys(list.acl).join(', ')}), got ${JSON.stringify(module)}`,
    );
  return rule;
}

async function addPeople(list: TrustList, texts: readonly string[]): Promise<void> {
  for (const text of texts) {
    const [name, file] = split(text, '=', '-add name=file');
    for (const { fingerprint, armored } of await readPublicKeyFiles([file])) {
      if (list.revokedkeys.includes(fingerprint))
        throw usageError(
          `expected -add of a key that is not revoked, got ${fingerprint} of ${name}`,
          'a revoked key never comes back: add another one',
        );
      const person = list.investigators.find((one) => one.name === name);
      if (person === undefined) list.investigators.push({ name, keys: [{ fingerprint, armored }] });
      else if (person.keys.every((key) => key.fingerprint !== fingerprint)) person.keys.push({ fingerprint, armored });
    }
  }
}

function removePerson(list: TrustList, name: string): void {
  const index = list.investigators.findIndex((person) => person.name === name);
  if (index === -1) throw usageError(`expected -remove of somebody in the list, got ${JSON.stringify(name)}`);
  const [leaver] = list.investigators.splice(index, 1) as [TrustedPerson];
  list.revokedkeys.push(...leaver.keys.map(({ fingerprint }) => fingerprint));
  for (const rule of Object.values(list.acl)) delete rule.weights[name];
}

function setWeights(list: TrustList, changes: TrustChanges): void {
  for (const text of changes.weight) {
    const [module, rest] = split(text, ':', '-weight module:name=number');
    const [name, number] = split(rest, '=', '-weight module:name=number');
    const { weights } = ruleOf(list, module);
    const weight = toNumber(number, 0);
    if (weight === 0) delete weights[name];
    else weights[name] = weight;
  }
  for (const text of changes.minimum) {
    const [module, number] = split(text, '=', '-minimum module=number');
    ruleOf(list, module).minimumWeight = toNumber(number, 1);
  }
}

function parseAll<Value>(
  texts: readonly string[],
  parse: (text: string) => Value | undefined,
  expected: string,
): Value[] {
  return texts.map((text) => {
    const value = parse(text);
    if (value === undefined) throw usageError(`expected ${expected}, got ${JSON.stringify(text)}`);
    return value;
  });
}

/** Who is in no rule may be listed, and may ask nothing. @throws CodedError usage, public-key-unreadable */
export async function newTrustList(before: TrustList, changes: TrustChanges, nowMs: number): Promise<TrustList> {
  const list = structuredClone(before);
  list.revokedkeys.push(
    ...parseAll(changes.revokeKeys, (text) => Fingerprint.safeParse(text).data, 'the fingerprint of a key'),
  );
  for (const name of changes.remove) removePerson(list, name);
  await addPeople(list, changes.add);
  setWeights(list, changes);
  list.revokedactions.push(
    ...parseAll(changes.revokeActions, (text) => ActionId.safeParse(text).data, 'the id of an action'),
  );
  const revoked = new Set(list.revokedkeys);
  for (const person of list.investigators)
    person.keys = person.keys.filter(({ fingerprint }) => !revoked.has(fingerprint));
  return {
    ...list,
    version: before.version + 1,
    issued: toInstant(nowMs),
    expires: toInstant(changes.expiresMs),
    investigators: list.investigators.filter(({ keys }) => keys.length > 0),
    revokedkeys: [...revoked],
    revokedactions: [...new Set(list.revokedactions)],
  };
}
