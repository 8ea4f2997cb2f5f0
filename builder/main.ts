/** The builder's command line: `agent` and `cli` make executables, `tools` the commands of this checkout. */
import { join, relative, resolve } from 'node:path';
import type * as z from 'zod';
import { parseOptions } from '../host/options.ts';
import { openStandardOutput } from '../host/standard-output.ts';
import { CodedError, toMessage } from '../protocol/base/coded-error.ts';
import { Fingerprint } from '../protocol/base/identifiers.ts';
import { BakedEnvironment } from '../protocol/environment/environment.ts';
import { buildAgent } from './build-agent.ts';
import { buildCli } from './build-cli.ts';
import { buildTools } from './build-tools.ts';
import { ConfigError, toLine } from './check/problem.ts';
import { type BuildTarget, findTargets, hostTarget, targetName, targets } from './package/target.ts';
import { Progress } from './progress.ts';

const root = resolve(import.meta.dirname, '..');

const usage = `usage: npm run build:agent -- --env NAME [--target TARGETS] [--tag NAME=VALUE]...
                               [--packages] [--revision NUMBER] [--sign FINGERPRINT] [--sign-with PROGRAM]
                               [--config FILE] [--out FOLDER]
       npm run build:cli -- [--target TARGETS] [--sign-with PROGRAM] [--out FOLDER]
       npm run build

build:agent bakes one environment of build.config.ts into an agent.
  --env NAME        the environment
  --target TARGETS  ${targets.map(targetName).join(', ')}, several with commas, or all; this machine's unless told
  --tag NAME=VALUE  one tag more, or another value for it: for the variants of an environment
  --packages        also a .deb, an .rpm and a .tar.gz for base images
  --revision NUMBER  of the packages, 1 unless told: count it up, so that package managers upgrade
  --sign FINGERPRINT  also manifest.json.asc, the manifest's signature by a key that gpg holds
  --sign-with PROGRAM  is run with the path of each executable for Windows and macOS, to sign it
  --config FILE     instead of build.config.ts; file names inside are relative to its folder
  --out FOLDER      for all that is made, instead of dist/NAME (dist/NAME/TAGS with --tag)
  --test-modules    accept the modules with which the project tests itself
build:cli makes mig as one executable, its man page, bill of materials and their digests, in dist/cli.
build makes dist/bin/mig and dist/bin/mig-server for this checkout.

example: npm run build:agent -- --env production
`;

function printLine(line: string): void {
  process.stderr.write(`${line}\n`);
}

function usageError(message: string): CodedError {
  return new CodedError('usage', message, { hint: 'npm run build:agent -- --help shows how' });
}

function parseCommandLine() {
  return parseOptions({
    allowPositionals: true,
    options: {
      env: { type: 'string' },
      sign: { type: 'string' },
      'sign-with': { type: 'string' },
      config: { type: 'string', default: join(root, 'build.config.ts') },
      out: { type: 'string' },
      target: { type: 'string' },
      tag: { type: 'string', multiple: true, default: [] },
      packages: { type: 'boolean', default: false },
      revision: { type: 'string', default: '1' },
      'test-modules': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
}

const Tags = BakedEnvironment.shape.tags;
type Tags = z.infer<typeof Tags>;

/** @throws CodedError usage */
function parseTags(texts: readonly string[]): Tags {
  const tags: Record<string, string> = {};
  for (const text of texts) {
    const [, name, value] = /^([^=]+)=(.+)$/.exec(text) ?? [];
    if (name === undefined || value === undefined || !Tags.safeParse({ [name]: value }).success)
      throw usageError(`expected --tag NAME=VALUE with a short name and value, got ${JSON.stringify(text)}`);
    tags[name] = value;
  }
  return tags;
}

/** @throws CodedError usage */
function parseRevision(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw usageError(`expected --revision with a number from 1, got ${JSON.stringify(text)}`);
}

/** @throws CodedError usage */
function parseFingerprint(text: string): Fingerprint {
  const parsed = Fingerprint.safeParse(text);
  if (parsed.success) return parsed.data;
  throw usageError(`expected --sign with a fingerprint of 40 hex digits, got ${JSON.stringify(text)}`);
}

/** Folder of a variant: variants of one environment do not replace each other. Empty without tags. */
function toFolder(tags: Tags): string {
  const parts = Object.entries(tags).map(([name, value]) => `${name}=${value}`.replaceAll(/[^\w.=-]/g, '_'));
  return parts.sort().join(',');
}

/** Prints the paths of the files on standard output, everything else on standard error. */
async function main(): Promise<void> {
  const { values, positionals } = parseCommandLine();
  const [command, ...others] = positionals;
  if (values.help) {
    openStandardOutput().write(usage);
    return;
  }
  if (others.length > 0) throw usageError(`expected one command, got ${JSON.stringify(others[0])} too`);
  const progress = Progress.to(process.stderr);
  const toTargets = (): BuildTarget[] =>
    values.target === undefined ? [hostTarget()] : findTargets(values.target.split(','));
  const signer = values['sign-with'] === undefined ? null : resolve(values['sign-with']);
  let made: readonly string[];
  if (command === 'tools') made = await buildTools(root, progress);
  else if (command === 'cli')
    made = await buildCli(
      { root, output: resolve(values.out ?? join(root, 'dist', 'cli')), targets: toTargets(), signer },
      progress,
    );
  else if (command === 'agent') {
    if (values.env === undefined) throw usageError('expected --env NAME, got none');
    const tags = parseTags(values.tag);
    made = await buildAgent(
      {
        root,
        environmentName: values.env,
        configFile: resolve(values.config),
        output: resolve(values.out ?? join(root, 'dist', values.env, toFolder(tags))),
        targets: toTargets(),
        tags,
        withPackages: values.packages,
        revision: parseRevision(values.revision),
        signingKey: values.sign === undefined ? null : parseFingerprint(values.sign),
        signer,
        testModules: values['test-modules'],
      },
      progress,
    );
  } else
    throw usageError(
      `expected agent, cli or tools, got ${command === undefined ? 'nothing' : JSON.stringify(command)}`,
    );
  progress.end();
  const output = openStandardOutput();
  for (const path of made) output.write(`${relative(process.cwd(), path)}\n`);
}

main().catch((error: unknown) => {
  printLine(`error: ${toMessage(error)}`);
  if (error instanceof ConfigError) for (const problem of error.problems) printLine(toLine(problem));
  else if (error instanceof CodedError && error.hint !== undefined) printLine(`hint: ${error.hint}`);
  process.exitCode = 2;
});
