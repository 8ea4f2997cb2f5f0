/** Judges the signatures of an action: who signed, and for which modules that is enough in an environment. */

import * as z from 'zod';
import type { Module } from '../../modules/kit/module.ts';
import type { Action } from '../../protocol/action/action.ts';
import { latestNow } from '../../protocol/base/clock.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import { Fingerprint } from '../../protocol/base/identifiers.ts';
import { boundsOf, parseJson } from '../../protocol/base/strict-json.ts';
import { type AclOutcome, checkAcl, type Person, toSigners } from '../../protocol/environment/acl.ts';
import { Acl } from '../../protocol/environment/environment.ts';
import { EnvironmentName, ModuleName, PersonName } from '../../protocol/environment/names.ts';
import { type SignatureOutcome, verifyDetached } from '../../protocol/signatures/signatures.ts';
import { readNamedFile } from '../cli/named-file.ts';
import type { PublicKeyFile } from '../keys/public-key-file.ts';
import type { SignedAction } from './signed-file.ts';

type JudgeCode = 'environment-malformed' | 'other-fleet';

const ShownPerson = z.looseObject({ name: PersonName, keys: z.array(Fingerprint) });

/** Who may ask what, out of the output of `mig-agent config`. */
const AgentConfig = z.looseObject({
  name: EnvironmentName,
  acl: Acl,
  modules: z.array(ModuleName),
  investigators: z.array(ShownPerson),
  rootkeys: z.looseObject({ people: z.array(ShownPerson), threshold: z.int() }).nullish(),
});

export interface EnvironmentRules {
  readonly name: string;
  readonly acl: Acl;
  readonly modules: readonly string[];
  readonly investigators: readonly Person[];
  /** Who signs trust lists, and how many of them must; undefined where no list is taken. */
  readonly roots: { readonly people: readonly Person[]; readonly threshold: number } | undefined;
}

function toPeople(shown: readonly z.infer<typeof ShownPerson>[]): Person[] {
  return shown.map(({ name, keys }) => ({ name, keys: keys.map((fingerprint) => ({ fingerprint })) }));
}

const maximumConfigBytes = 4 * 1024 * 1024;

/** @throws CodedError<JudgeCode | NamedFileCode> and json-malformed */
export function readEnvironment(path: string): EnvironmentRules {
  const bytes = readNamedFile(path, 'configuration of an agent', 'mig-agent config prints it on an endpoint');
  const parsed = AgentConfig.safeParse(parseJson(bytes, boundsOf(maximumConfigBytes)));
  if (!parsed.success)
    throw new CodedError<JudgeCode>('environment-malformed', `expected what "mig-agent config" prints in ${path}`, {
      hint: 'write it on an endpoint of the environment: mig-agent config > FILE',
      cause: parsed.error,
    });
  const { name, acl, modules, investigators, rootkeys } = parsed.data;
  return {
    name,
    acl,
    modules,
    investigators: toPeople(investigators),
    roots: rootkeys == null ? undefined : { people: toPeople(rootkeys.people), threshold: rootkeys.threshold },
  };
}

export interface ModuleVerdict {
  readonly module: string;
  /** Whether agents of the environment have it at all. */
  readonly present: boolean;
  readonly acl: AclOutcome;
}

export interface Judgement {
  readonly signatures: readonly SignatureOutcome[];
  /** Names in the environment; empty without one. */
  readonly people: readonly string[];
  readonly modules: readonly ModuleVerdict[];
}

/** `weight 1 of 2` */
export function toWeight({ weight, minimumWeight }: Extract<AclOutcome, { kind: 'denied' }>): string {
  return `weight ${weight} of ${minimumWeight ?? 'none'}`;
}

/** `file: not enough, weight 1 of 2` */
export function toWeightLine({ module, present, acl }: ModuleVerdict): string {
  const missing = present ? '' : '; agents of this environment do not have the module';
  if (acl.kind === 'allowed') return `${module}: enough weight${missing}`;
  const needed = acl.minimumWeight === null ? 'nobody may ask this' : toWeight(acl);
  return `${module}: not enough, ${needed}${missing}`;
}

/** Whether agents of the environment would run all of it. */
export function isEnough(modules: readonly ModuleVerdict[]): boolean {
  return modules.every(({ present, acl }) => present && acl.kind === 'allowed');
}

/** Modules that an operation asks within. */
function innerModules(name: string, parameters: unknown, modules: ReadonlyMap<string, Module>): string[] {
  const module = modules.get(name);
  const parsed = module?.parameters.safeParse(parameters);
  return parsed?.success === true ? (module?.asks(parsed.data) ?? []).map((inner) => inner.module) : [];
}

/** With the modules that operations ask within. @throws CodedError<JudgeCode> other-fleet */
export function judgeModules(
  action: Action,
  people: ReadonlySet<string>,
  rules: EnvironmentRules,
  modules: ReadonlyMap<string, Module>,
): ModuleVerdict[] {
  if (rules.name !== action.fleet)
    throw new CodedError<JudgeCode>('other-fleet', `expected an action for ${rules.name}, got one for ${action.fleet}`);
  const asked = action.operations.flatMap(({ module, parameters }) => [
    module,
    ...innerModules(module, parameters, modules),
  ]);
  return [...new Set(asked)].map((module) => ({
    module,
    present: rules.modules.includes(module),
    acl: checkAcl(rules.acl, module, people),
  }));
}

/**
 * As an agent of the environment would judge, with the keys that are at hand.
 * @throws CodedError<JudgeCode> other-fleet
 */
export async function judgeSignatures(
  { submission, signedBytes, action }: SignedAction,
  keys: readonly PublicKeyFile[],
  rules: EnvironmentRules | undefined,
  modules: ReadonlyMap<string, Module>,
): Promise<Judgement> {
  const publicKeys = keys.map(({ key }) => key);
  const signatures = await Promise.all(
    submission.envelope.signatures.map((signature) => verifyDetached(signedBytes, signature, publicKeys, latestNow())),
  );
  const signers = signatures.flatMap((outcome) => (outcome.kind === 'valid' ? [outcome.signer] : []));
  const people = toSigners(rules?.investigators ?? [], signers);
  return {
    signatures,
    people: [...people],
    modules: rules === undefined ? [] : judgeModules(action, people, rules, modules),
  };
}
