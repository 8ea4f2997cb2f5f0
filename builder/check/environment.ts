/** Checks one environment with all files that it names, and makes the baked environment of it. */
import { basename } from 'node:path';
import { BakedEnvironment } from '../../protocol/environment/environment.ts';
import type { EnvironmentInput } from '../config.ts';
import { type DeclaredModule, needsOf } from '../modules.ts';
import { findAclProblems } from './acl.ts';
import { checkKeys } from './keys.ts';
import { type ConfigProblem, toField } from './problem.ts';
import { checkRelay } from './relay.ts';

export interface CheckContext {
  /** The folder of the config file; file names are relative to it. */
  readonly folder: string;
  /** The modules of this checkout that the environment may have. */
  readonly modules: ReadonlyMap<string, DeclaredModule>;
  readonly now: Date;
}

export type EnvironmentOutcome =
  | { readonly kind: 'checked'; readonly environment: BakedEnvironment; readonly warnings: readonly string[] }
  | { readonly kind: 'mistaken'; readonly problems: readonly ConfigProblem[] };

/** The private keys of the examples are gone: an agent with these keys answers nobody. */
function findExampleFiles(input: EnvironmentInput): string[] {
  const people = [...Object.values(input.investigators), ...Object.values(input.rootkeys?.people ?? {})];
  const keys = people.flatMap((person) => person.keys.map((key) => key.file));
  const files = input.relay.ca === undefined ? keys : [...keys, input.relay.ca];
  return files.filter((file) => basename(file).startsWith('example-'));
}

async function checkRootKeys(
  rootkeys: EnvironmentInput['rootkeys'],
  folder: string,
  path: readonly string[],
  now: Date,
): Promise<{ readonly rootkeys: BakedEnvironment['rootkeys']; readonly problems: readonly ConfigProblem[] }> {
  if (rootkeys === undefined) return { rootkeys: null, problems: [] };
  const { people, threshold } = rootkeys;
  const checked = await checkKeys(people, folder, [...path, 'people'], now, true);
  const count = Object.keys(people).length;
  const problems =
    count >= threshold
      ? checked.problems
      : [
          ...checked.problems,
          {
            field: toField([...path, 'threshold']),
            message: `expected at most ${count}, the number of people with root keys, got ${threshold}`,
            hint: 'lower it or add people: as it stands no trust list could ever be signed',
          },
        ];
  return { rootkeys: { people: [...checked.investigators], threshold }, problems };
}

export async function checkEnvironment(
  name: string,
  input: EnvironmentInput,
  { folder, modules: declared, now }: CheckContext,
): Promise<EnvironmentOutcome> {
  const path = ['environments', name];
  const checkedRelay = await checkRelay(input.relay, folder, path, now);
  const checkedKeys = await checkKeys(input.investigators, folder, [...path, 'investigators'], now);
  const checkedRoots = await checkRootKeys(input.rootkeys, folder, [...path, 'rootkeys'], now);
  const problems = [
    ...checkedRelay.problems,
    ...checkedKeys.problems,
    ...checkedRoots.problems,
    ...findAclProblems(input, [...declared.keys()], path),
  ];
  if (problems.length > 0) return { kind: 'mistaken', problems };
  const { acl, tags, limits, modules, heartbeatSeconds, extraPrivacy, protected: protectedRules } = input;
  const { relay } = checkedRelay;
  const { investigators } = checkedKeys;
  const warnings = findExampleFiles(input).map(
    (file) => `${file} is an example: replace it before you deploy this agent`,
  );
  const environment = BakedEnvironment.parse({
    name,
    relay,
    investigators,
    rootkeys: checkedRoots.rootkeys,
    acl,
    protected: protectedRules,
    tags,
    limits,
    modules,
    needs: needsOf(declared, modules),
    heartbeatSeconds,
    extraPrivacy,
  });
  return { kind: 'checked', environment, warnings };
}
