/** Reads build.config.ts and checks one environment of it. Only this file runs the sysadmin's code. */
import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CodedError, toMessage } from '../protocol/base/coded-error.ts';
import type { BakedEnvironment } from '../protocol/environment/environment.ts';
import { checkEnvironment } from './check/environment.ts';
import { type ConfigCode, ConfigError, escapeControls, quote, toField } from './check/problem.ts';
import { toProblems } from './check/schema-problems.ts';
import { suggestionFor } from './check/suggest.ts';
import { BuildConfig } from './config.ts';
import { checkSource, toPlace } from './config-source.ts';
import { readModules } from './modules.ts';

export interface LoadedEnvironment {
  readonly environment: BakedEnvironment;
  readonly warnings: readonly string[];
}

/** ` in line 2, column 7`, when Node's trace of the error has a place in that file. */
function placeIn(file: string, error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const [, line, column] = /^:(\d+)(?::(\d+))?/.exec(stack.split(file)[1] ?? '') ?? [];
  if (line === undefined) return '';
  return column === undefined ? ` in line ${line}` : ` in ${toPlace(Number(line), Number(column))}`;
}

async function importDefault(file: string): Promise<unknown> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined || !found.isFile())
    throw new CodedError<ConfigCode>('config-missing', `expected a config file, got none at ${file}`, {
      hint: 'run the command in the checkout, or name the file with --config FILE',
    });
  await checkSource(file);
  try {
    const exports: { readonly default?: unknown } = await import(pathToFileURL(file).href);
    return exports.default;
  } catch (cause) {
    const reason = escapeControls(toMessage(cause));
    const message = `expected ${basename(file)} to load, got an error${placeIn(file, cause)}: ${reason}`;
    throw new CodedError<ConfigCode>('config-broken', message, {
      hint: 'correct the file, then run the same command again',
      cause,
    });
  }
}

export interface LoadOptions {
  /** Absolute path of the checkout. */
  readonly root: string;
  readonly now: Date;
  /** Also accept the modules that only tests may have. */
  readonly testModules: boolean;
  /** Added to the environment's own tags, which they replace by name. */
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * Checks the shape of the whole config, but files, keys and cross references only of the requested environment.
 * @param file absolute path of the config.
 * @throws ConfigError with every problem; CodedError<ConfigCode> when the file cannot be read or run.
 */
export async function loadEnvironment(file: string, name: string, options: LoadOptions): Promise<LoadedEnvironment> {
  const shownFile = basename(file);
  const parsed = BuildConfig.safeParse(await importDefault(file), { reportInput: true });
  if (!parsed.success) throw new ConfigError(shownFile, toProblems(BuildConfig, parsed.error));
  const { environments } = parsed.data;
  const input = Object.hasOwn(environments, name) ? environments[name] : undefined;
  if (input === undefined)
    throw new ConfigError(shownFile, [
      {
        field: toField(['environments', name]),
        message: `expected an environment named ${quote(name)}, got none`,
        hint: suggestionFor(name, Object.keys(environments)),
      },
    ]);
  const declared = await readModules(options.root);
  const tagged = { ...input, tags: { ...input.tags, ...options.tags } };
  const outcome = await checkEnvironment(name, tagged, {
    folder: dirname(file),
    modules: new Map([...declared].filter(([, { isForTests }]) => options.testModules || !isForTests)),
    now: options.now,
  });
  if (outcome.kind === 'mistaken') throw new ConfigError(shownFile, outcome.problems);
  return outcome;
}
