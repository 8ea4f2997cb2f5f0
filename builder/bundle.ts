/** Bundles the agent and its environment into one CommonJS file. The same input gives the same bytes in every folder. */
import { join } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { CodedError, toMessage } from '../protocol/base/coded-error.ts';
import type { BakedEnvironment } from '../protocol/environment/environment.ts';

export type BuildCode = 'bundle-failed' | 'check-failed' | 'output-noexec';

export interface AgentBundleInput {
  /** Absolute path of the checkout; names in the bundle are relative to it. */
  readonly root: string;
  /** Relative to root: `agent/main.ts`. */
  readonly entry: string;
  readonly environment: BakedEnvironment;
  /** The environment's modules for this target. */
  readonly modules: readonly string[];
  readonly addonSha256: string;
  readonly version: string;
}

/** Keeps names whole: a stack trace from a host stays readable. */
const bundleOptions = {
  bundle: true,
  write: false,
  metafile: true,
  platform: 'node',
  format: 'cjs',
  target: 'node22',
  // One byte per character in memory.
  charset: 'ascii',
  legalComments: 'none',
  minifyWhitespace: true,
  minifySyntax: true,
  logLevel: 'silent',
  // Sources are modules, hence strict. They use import.meta, which CommonJS does not have.
  banner: { js: '"use strict";const importMetaUrl=require("node:url").pathToFileURL(__filename).href;' },
  define: { 'import.meta.url': 'importMetaUrl', 'import.meta.dirname': '__dirname' },
} as const satisfies BuildOptions;

/** Only English error messages: the others would add 300 KB to every start. */
const englishOnly: Plugin = {
  name: 'english-only',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
    }));
  },
};

export interface Bundle {
  readonly contents: Uint8Array;
  /** The npm packages in the bundle, as the lock file names them: `node_modules/zod`. */
  readonly packages: readonly string[];
}

/**
 * Gives esbuild's wrappers of modules, `__esm({"path"(){…}})`, one name. An object with a key of its own has a hidden class
 * of its own, and V8 keeps the hundreds of them in a sorted list, at every start.
 */
function withOneWrapperName(code: string): string {
  return code.replaceAll(/\b(__esm|__commonJS)\(\{"[^"]+"\(/g, '$1({load(');
}

/** The packages of the files, by folder, sorted. */
export function packagesOf(files: readonly string[]): string[] {
  const folders = files.flatMap((file) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []);
  return [...new Set(folders)].sort();
}

/**
 * Bundles an entry file of the checkout.
 * @param entry relative to root.
 * @throws CodedError bundle-failed, with file and line of what esbuild could not do.
 */
export async function bundle(
  root: string,
  entry: string,
  options: {
    readonly plugins?: readonly Plugin[];
    readonly define?: Readonly<Record<string, string>>;
    readonly external?: readonly string[];
  },
): Promise<Bundle> {
  try {
    const { outputFiles, metafile } = await build({
      ...bundleOptions,
      external: [...(options.external ?? [])],
      plugins: [englishOnly, ...(options.plugins ?? [])],
      absWorkingDir: root,
      entryPoints: [join(root, entry)],
      define: { ...bundleOptions.define, ...options.define },
    });
    const [output] = outputFiles;
    if (output === undefined) throw new TypeError('expected esbuild to give one file, got none');
    return {
      contents: Buffer.from(withOneWrapperName(output.text)),
      packages: packagesOf(Object.keys(metafile.inputs)),
    };
  } catch (cause) {
    throw new CodedError<BuildCode>('bundle-failed', `expected ${entry} to bundle, got: ${toMessage(cause)}`, {
      cause,
    });
  }
}

/** Source of `mig:modules`: the table of the agent's modules. No other module's code gets into the bundle. */
function toModuleTable(modules: readonly string[]): string {
  const rows = modules.map(
    (name) => `  ${JSON.stringify(name)}: {
    loadModule: async () => (await import('./modules/${name}/module.ts')).module,
    loadRun: async () => (await import('./modules/${name}/run.ts')).run,
  },\n`,
  );
  return `export default {\n${rows.join('')}};\n`;
}

/** Resolves `mig:environment` and `mig:modules`, which are not files. */
function bakedPlugin({ root, environment, modules }: AgentBundleInput): Plugin {
  return {
    name: 'mig',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^mig:(environment|modules)$/ }, ({ path }) => ({ path: path.slice(4), namespace: 'mig' }));
      onLoad({ filter: /^environment$/, namespace: 'mig' }, () => ({
        contents: JSON.stringify(environment),
        loader: 'json',
      }));
      onLoad({ filter: /^modules$/, namespace: 'mig' }, () => ({
        contents: toModuleTable(modules),
        loader: 'js',
        resolveDir: root,
      }));
    },
  };
}

/** @throws CodedError bundle-failed */
export function bundleAgent(input: AgentBundleInput): Promise<Bundle> {
  return bundle(input.root, input.entry, {
    plugins: [bakedPlugin(input)],
    define: { MIG_ADDON_SHA256: JSON.stringify(input.addonSha256), MIG_VERSION: JSON.stringify(input.version) },
  });
}
