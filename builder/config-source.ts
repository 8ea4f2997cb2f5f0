/** Reads the source of build.config.ts before it is run: esbuild tells line and column, and names that stand twice. */
import { basename, dirname } from 'node:path';
import { type BuildFailure, build, type Location, type Message } from 'esbuild';
import { CodedError } from '../protocol/base/coded-error.ts';
import { type ConfigCode, ConfigError, type ConfigProblem, quote } from './check/problem.ts';

/** `line 7, column 12`, both from 1. */
export function toPlace(line: number, column: number): string {
  return `line ${line}, column ${column}`;
}

/** esbuild counts columns in bytes, from 0. */
function placeOf({ line, column, lineText }: Location): string {
  return toPlace(line, Buffer.from(lineText).subarray(0, column).toString().length + 1);
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && 'errors' in error && Array.isArray(error.errors);
}

async function parseSource(file: string): Promise<readonly Message[]> {
  const { warnings } = await build({
    entryPoints: [file],
    absWorkingDir: dirname(file),
    bundle: true,
    write: false,
    // Of the files that the config imports, only the sysadmin's own are read.
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node22',
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
    logLevel: 'silent',
  });
  return warnings;
}

function toDuplicate({ location, notes, text }: Message, file: string): ConfigProblem[] {
  const name = /"(.*)"/.exec(text)?.[1];
  if (location === null || name === undefined) return [];
  const other = location.file === basename(file) ? '' : `${location.file}, `;
  const first = notes[0]?.location ?? null;
  return [
    {
      field: `${other}${placeOf(location)}`,
      message: `expected each name once, got ${quote(name)} again${first === null ? '' : `; the first is in ${placeOf(first)}`}`,
      hint: 'rename or remove one of the two: JavaScript would take the second and forget the first',
    },
  ];
}

/**
 * Checks that the file and what it imports can be read, and that no object in them has a name twice. Runs nothing of it.
 * @param file absolute path of the config.
 * @throws CodedError<ConfigCode> config-broken; ConfigError with every name that stands twice
 */
export async function checkSource(file: string): Promise<void> {
  let warnings: readonly Message[];
  try {
    warnings = await parseSource(file);
  } catch (cause) {
    const [first] = isBuildFailure(cause) ? cause.errors : [];
    if (first === undefined || first.location === null) throw cause;
    const place = `${placeOf(first.location)} of ${first.location.file}`;
    throw new CodedError<ConfigCode>('config-broken', `expected TypeScript, got an error in ${place}: ${first.text}`, {
      hint: 'correct the file there, then run the same command again',
      cause,
    });
  }
  const twice = warnings.filter(({ id }) => id === 'duplicate-object-key').flatMap((one) => toDuplicate(one, file));
  if (twice.length > 0) throw new ConfigError(basename(file), twice);
}
