/** Checks one environment against everything it names, and makes of it what is baked into the agent. */
import { basename } from 'node:path';
import { BakedEnvironment } from '../../protocol/environment.ts';
import type { EnvironmentInput } from '../config.ts';
import { findAclProblems } from './acl.ts';
import { checkKeys } from './keys.ts';
import type { Problem } from './problem.ts';
import { checkRelay } from './relay.ts';

export interface CheckContext {
  /** What file names are relative to: the folder of the config file. */
  readonly folder: string;
  /** The modules of this checkout. */
  readonly knownModules: readonly string[];
  readonly now: Date;
}

export type EnvironmentOutcome =
  | { readonly kind: 'checked'; readonly environment: BakedEnvironment; readonly warnings: readonly string[] }
  | { readonly kind: 'mistaken'; readonly problems: readonly Problem[] };

/** The examples' private keys are gone: an agent that trusts them answers nobody. */
function findExampleFiles(input: EnvironmentInput): string[] {
  const keys = Object.values(input.investigators).flatMap((person) => person.keys.map((key) => key.file));
  const files = input.relay.ca === undefined ? keys : [...keys, input.relay.ca];
  return files.filter((file) => basename(file).startsWith('example-'));
}

export async function checkEnvironment(
  name: string,
  input: EnvironmentInput,
  { folder, knownModules, now }: CheckContext,
): Promise<EnvironmentOutcome> {
  const path = ['environments', name];
  const checkedRelay = await checkRelay(input.relay, folder, path, now);
  const checkedKeys = await checkKeys(input.investigators, folder, path, now);
  const problems = [...checkedRelay.problems, ...checkedKeys.problems, ...findAclProblems(input, knownModules, path)];
  if (problems.length > 0) return { kind: 'mistaken', problems };
  const { acl, tags, limits, modules, heartbeatSeconds, protected: protectedRules } = input;
  const { relay } = checkedRelay;
  const { investigators } = checkedKeys;
  const warnings = findExampleFiles(input).map(
    (file) => `${file} is an example: replace it before you deploy this agent`,
  );
  const environment = BakedEnvironment.parse({
    name,
    relay,
    investigators,
    acl,
    protected: protectedRules,
    tags,
    limits,
    modules,
    heartbeatSeconds,
  });
  return { kind: 'checked', environment, warnings };
}
