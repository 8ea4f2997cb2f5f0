/** Compiles native/ into one addon, with a cache of objects keyed by everything that goes into them. */

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { makeFolder } from '../../host/make-folder.ts';
import { replaceFile } from '../../host/replace-file.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import {
  type AddonBuildCode,
  type AddonTarget,
  exportsFile,
  findToolchain,
  languageFlags,
  type Toolchain,
  warningFlags,
} from '../toolchain/toolchain.ts';
import { writeCompileCommands } from './compile-commands.ts';
import { lotsFolder, toLots } from './lots.ts';
import { hideSymbols } from './mach-exports.ts';
import { type OnPart, type Part, runParts } from './parts.ts';
import { withoutBuildTimes } from './portable-executable.ts';
import { listUnits, type Unit } from './sources.ts';

export interface AddonBuildOptions {
  /** This machine unless told. */
  readonly target?: AddonTarget;
  /** For tests and benchmarks: MIG_ISA chooses the instruction set. Such an addon is never shipped. */
  readonly isChoosable?: boolean;
  /** One line per stage that really runs; nothing is called when the addon is up to date. */
  readonly onProgress?: (line: string) => void;
  /** Gets the share that is done, and the current part. */
  readonly onPart?: OnPart;
}

export interface AddonBuild {
  readonly path: string;
  readonly sha256: string;
}

const addonName = 'mig-native';
/** The symbols that Node looks for. */
export const entryPoints = ['napi_register_module_v1', 'node_api_module_get_api_version_v1'] as const;
const repository = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const run = promisify(execFile);

function digest(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex');
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** The lines with errors. They may follow pages of warnings about zig's own libraries. */
function failureOf(stderr: string): string {
  const lines = stderr.split('\n');
  const first = lines.findIndex((line) => /\berror: /.test(line));
  return lines.slice(Math.max(first, 0)).join('\n').slice(0, 4000);
}

/**
 * Runs the compiler in the repository. It writes to a folder of its own first: two builds at once must not meet half a
 * file. The name there is always the same, because some linkers write it into the file. Other files that they leave are
 * removed with the folder.
 */
async function runCompiler(
  toolchain: Toolchain,
  root: string,
  parameters: readonly string[],
  output: string,
): Promise<void> {
  const folder = await mkdtemp(`${output}.`);
  const temporary = join(folder, `${addonName}${extname(output)}`);
  try {
    await run(toolchain.compiler, [...parameters, '-o', temporary], {
      cwd: root,
      env: toolchain.env,
      maxBuffer: 16 * 1024 * 1024,
    });
    await rename(temporary, output);
  } catch (cause) {
    const stderr = typeof cause === 'object' && cause !== null && 'stderr' in cause ? String(cause.stderr) : '';
    throw new CodedError<AddonBuildCode>('compile-failed', `${toolchain.version} failed\n${failureOf(stderr)}`.trim(), {
      cause,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function compileParameters({ compileFlags }: Toolchain, root: string, unit: Unit): string[] {
  return [
    ...compileFlags,
    ...languageFlags(unit.source),
    ...unit.defines.map((define) => `-D${define}`),
    ...(unit.ours ? warningFlags : ['-w']),
    `-ffile-prefix-map=${root}=.`,
    ...unit.includes.flatMap((folder) => [unit.ours && folder === 'native' ? '-I' : '-isystem', folder]),
    '-c',
    unit.source,
  ];
}

function objectOf({ version, compileFlags }: Toolchain, cache: string, unit: Unit): string {
  const flags = unit.ours ? [...compileFlags, ...warningFlags] : compileFlags;
  const key = digest([
    version,
    ...languageFlags(unit.source),
    ...flags,
    ...unit.defines,
    ...unit.includes,
    unit.digest,
  ]);
  return join(cache, `${key}.o`);
}

/** The cached object of a unit; compiled when it is absent. */
export async function buildObject(toolchain: Toolchain, root: string, cache: string, unit: Unit): Promise<string> {
  const object = objectOf(toolchain, cache, unit);
  if (!(await isThere(object))) await runCompiler(toolchain, root, compileParameters(toolchain, root, unit), object);
  return object;
}

/** About how many seconds of one processor each takes. */
const costs = { library: 60, lot: 4, source: 1, cSource: 0.2, link: 1 };

function costOf({ source }: Unit): number {
  if (source.endsWith('.c')) return costs.cSource;
  return source.startsWith(lotsFolder) ? costs.lot : costs.source;
}

/** Does what the linker of a target cannot do. */
function finish(linked: Buffer, { os }: AddonTarget): Buffer {
  if (os === 'darwin')
    return hideSymbols(
      linked,
      entryPoints.map((name) => `_${name}`),
      addonName,
    );
  return os === 'win32' ? withoutBuildTimes(linked) : linked;
}

/**
 * Builds `native/build/<platform>-<arch>/mig-native.node`, or `native/build/choosable/mig-native.node`; the same sources and compiler give the same bytes in every checkout.
 * @throws CodedError<AddonBuildCode>, CodedError<ToolchainCode>
 */
export async function buildAddon(options: AddonBuildOptions = {}, root: string = repository): Promise<AddonBuild> {
  const target = options.target ?? { os: process.platform, arch: process.arch };
  const toolchain = await findToolchain(root, target, options.onProgress);
  const { isChoosable = false } = options;
  const sources = listUnits(root, target.os, isChoosable ? ['MIG_CHOOSABLE_ISA'] : []);
  if (target.os === process.platform && target.arch === process.arch && !isChoosable)
    await writeCompileCommands(root, sources, (unit) => compileParameters(toolchain, root, unit));
  const units = await toLots(root, target.os, sources);
  const cache = join(root, '.cache', 'addon');
  const folder = isChoosable ? 'choosable' : `${target.os}-${target.arch}`;
  const path = join(root, 'native', 'build', folder, `${addonName}.node`);
  makeFolder(dirname(path));
  const objects = units.map((unit) => objectOf(toolchain, cache, unit));
  const names = objects.map((object) => object.slice(root.length + 1));
  const exported = await readFile(join(root, exportsFile), 'utf8');
  const addon = join(cache, `${digest([toolchain.version, ...toolchain.linkFlags, exported, ...names])}.node`);
  if (!(await isThere(addon))) {
    const parts: Part[] = [{ name: "the compiler's own library", cost: costs.library, run: toolchain.buildLibrary }];
    for (const [index, unit] of units.entries())
      if (!(await isThere(objects[index] ?? '')))
        parts.push({
          name: basename(unit.source),
          cost: costOf(unit),
          run: () => buildObject(toolchain, root, cache, unit),
        });
    options.onProgress?.(`compile ${addonName}.node for ${target.os}-${target.arch} (${parts.length} parts)`);
    await runParts(parts, costs.link, options.onPart);
    await runCompiler(toolchain, root, [...toolchain.linkFlags, ...names], addon);
  }
  const bytes = finish(await readFile(addon), target);
  const current = await readFile(path).catch(() => undefined);
  if (current === undefined || !current.equals(bytes)) {
    // Renamed into place: a process that has the old one mapped keeps it.
    replaceFile(path, bytes, 0o755);
  }
  return { path, sha256: createHash('sha256').update(bytes).digest('hex') };
}
