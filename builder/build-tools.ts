/** `npm run build`: bundles `mig` and `mig-server` for a fast start in this checkout. */
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { replaceFile } from '../host/replace-file.ts';
import { CodedError } from '../protocol/base/coded-error.ts';
import { buildAddon } from './addon/compile.ts';
import { bundle } from './bundle.ts';
import { tryOut } from './check-executable/check-executable.ts';
import { directRunner } from './check-executable/runner.ts';
import { codeSuffix, keepCode, toLoader, wrapBundle } from './code-cache.ts';
import { bundlePage, definePage } from './page.ts';
import type { Progress } from './progress.ts';
import { readVersion } from './version.ts';

interface Tool {
  readonly name: string;
  readonly entry: string;
  /** Folders that the code reads beside itself; copied beside the bundle. */
  readonly folders: readonly string[];
  /** A program, relative to the root. It runs a given command line as people do, and so fills the code cache. */
  readonly rehearsal: string | null;
  /** Whether it serves the page of `mig web`. */
  readonly hasPage: boolean;
}

const tools: readonly Tool[] = [
  {
    name: 'mig',
    entry: 'investigator/main.ts',
    folders: ['native/build'],
    rehearsal: 'investigator/testing/rehearse-question.ts',
    hasPage: true,
  },
  {
    name: 'mig-server',
    entry: 'server/main.ts',
    folders: ['server/database/migrations'],
    rehearsal: null,
    hasPage: false,
  },
];

/** Not bundled: they load files beside themselves, or are not installed. */
const external = ['@electric-sql/pglite', 'pg-native'];

/** Works through a link, and in a moved checkout. */
function toWrapper(name: string): string {
  return `#!/bin/sh
self=$0
if [ -L "$0" ] || [ "\${0#/}" = "$0" ]; then self=$(readlink -f -- "$0"); fi
root=\${self%/dist/bin/*}
exec "$root/node_modules/.bin/node" "$root/dist/tools/${name}.cjs" "$@"
`;
}

/** Only `mig -t local` needs the addon: without it the tools are built all the same. */
async function buildAddonIfPossible(root: string, progress: Progress): Promise<void> {
  try {
    await progress.step('build the native addon', () =>
      buildAddon({ onProgress: (line) => progress.note(`  ${line}`), onPart: progress.show }, root),
    );
  } catch (error) {
    if (!(error instanceof CodedError) || error.code !== 'platform-unsupported') throw error;
    progress.note(`warning: ${error.message}: mig -t local will not work`);
  }
}

/** Copies the folder, if it exists, into another one, and replaces an earlier copy. */
async function copyFolder(from: string, into: string): Promise<void> {
  const copy = join(into, basename(from));
  await rm(copy, { recursive: true, force: true });
  if (existsSync(from)) await cp(from, copy, { recursive: true });
}

/**
 * @returns the paths of the commands.
 * @throws CodedError bundle-failed, check-failed, compile-failed
 */
export async function buildTools(root: string, progress: Progress): Promise<string[]> {
  const version = await readVersion(root);
  const binFolder = join(root, 'dist', 'bin');
  const toolsFolder = join(root, 'dist', 'tools');
  await mkdir(binFolder, { recursive: true });
  await mkdir(toolsFolder, { recursive: true });
  await buildAddonIfPossible(root, progress);
  const executables: string[] = [];
  for (const tool of tools) {
    const executable = join(binFolder, tool.name);
    const program = join(toolsFolder, `${tool.name}.cjs`);
    const bundleName = `${tool.name}.bundle.cjs`;
    const bundleFile = join(toolsFolder, bundleName);
    let codeFile = '';
    await progress.step(`bundle ${tool.name}`, async () => {
      const { contents } = await bundle(root, tool.entry, {
        external,
        define: { MIG_VERSION: JSON.stringify(version), ...(tool.hasPage ? definePage(await bundlePage(root)) : {}) },
      });
      const suffix = codeSuffix(contents);
      codeFile = bundleFile + suffix;
      // The code cache of the bundle that is replaced next.
      for (const name of await readdir(toolsFolder))
        if (name.startsWith(`${bundleName}.`)) await rm(join(toolsFolder, name));
      replaceFile(bundleFile, wrapBundle(contents), 0o644);
      for (const folder of tool.folders) await copyFolder(join(root, folder), toolsFolder);
      replaceFile(program, toLoader(bundleName, suffix), 0o644);
      replaceFile(executable, toWrapper(tool.name), 0o755);
    });
    await progress.step(`run ${tool.name} once`, async () => {
      await keepCode(program, codeFile, tool.rehearsal === null ? null : join(root, tool.rehearsal));
      await tryOut(directRunner(executable), { asks: ['--version'], expects: [version] });
    });
    executables.push(executable);
  }
  return executables;
}
