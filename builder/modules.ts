/** The modules of a checkout, with the fields that a build needs: folders with a declaration and a run. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as z from 'zod';
import type { FlagValues } from '../modules/kit/flag.ts';
import type { Module } from '../modules/kit/module.ts';
import { Need } from '../protocol/environment/need.ts';

const DeclaredModule = z.object({
  platforms: z.array(z.string()),
  needs: z.array(Need),
  /** The module misbehaves on request: no shipped agent may have it. */
  isForTests: z.boolean().default(false),
  trial: z.custom<Module['trial']>().optional(),
  toParameters: z.custom<Module['toParameters']>().optional(),
});
export type DeclaredModule = z.infer<typeof DeclaredModule>;

const Declaration = z.object({ module: DeclaredModule });

/** By name. @param root absolute path of the checkout. */
export async function readModules(root: string): Promise<ReadonlyMap<string, DeclaredModule>> {
  const folder = join(root, 'modules');
  const names = (await readdir(folder)).sort();
  const modules = new Map<string, DeclaredModule>();
  for (const name of names) {
    const file = join(folder, name, 'module.ts');
    if (!existsSync(file) || !existsSync(join(folder, name, 'run.ts'))) continue;
    modules.set(name, Declaration.parse(await import(pathToFileURL(file).href)).module);
  }
  return modules;
}

/** The modules of an environment for one system. The code of the others is not in its agent. @param os as Node names it. */
export function modulesFor(
  declared: ReadonlyMap<string, DeclaredModule>,
  modules: readonly string[],
  os: string,
): string[] {
  return modules.filter((name) => declared.get(name)?.platforms.includes(os));
}

/** The needs of all these modules together. */
export function needsOf(declared: ReadonlyMap<string, DeclaredModule>, modules: readonly string[]): Need[] {
  const needs = new Set(modules.flatMap((name) => declared.get(name)?.needs ?? []));
  return Need.options.filter((need) => needs.has(need));
}

/** A question that a module answers on every system. */
export interface TrialQuestion {
  readonly module: string;
  readonly parameters: unknown;
  /** The same on the command line. */
  readonly words: readonly string[];
  /** Part of the answer. */
  readonly finds: string;
}

function toWords(given: FlagValues): string[] {
  return Object.entries(given).flatMap(([name, value]) => {
    if (typeof value === 'boolean' || value === undefined) return value === true ? [`-${name}`] : [];
    const values = typeof value === 'object' ? value : [String(value)];
    return values.flatMap((one) => [`-${name}`, one]);
  });
}

/** The trial questions of the modules that declare one. */
export function trialQuestions(
  declared: ReadonlyMap<string, DeclaredModule>,
  modules: readonly string[],
  os: 'linux' | 'darwin' | 'win32',
): TrialQuestion[] {
  return modules.flatMap((module) => {
    const { trial, toParameters } = declared.get(module) ?? {};
    if (trial === undefined || toParameters === undefined) return [];
    const { given, finds } = trial[os];
    return [{ module, parameters: toParameters(given), words: toWords(given), finds }];
  });
}
