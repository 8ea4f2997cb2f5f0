/** Bundles the page of `mig web`: one script and one style. The same source gives the same bytes in every folder. */
import { join } from 'node:path';
import { build } from 'esbuild';
import { CodedError, toMessage } from '../protocol/base/coded-error.ts';
import type { BuildCode } from './bundle.ts';

const folder = 'investigator/web/page';

export interface BundledPage {
  readonly script: string;
  readonly style: string;
  /** The npm packages in it, as the lock file names them. */
  readonly packages: readonly string[];
}

/** @param root absolute path of the checkout. @throws CodedError bundle-failed */
export async function bundlePage(root: string): Promise<BundledPage> {
  try {
    const { outputFiles, metafile } = await build({
      bundle: true,
      write: false,
      metafile: true,
      platform: 'browser',
      format: 'esm',
      target: 'es2022',
      charset: 'ascii',
      legalComments: 'none',
      minify: true,
      jsx: 'automatic',
      jsxImportSource: 'preact',
      logLevel: 'silent',
      absWorkingDir: root,
      outdir: join(root, 'page'),
      entryPoints: { page: join(root, folder, 'main.tsx') },
    });
    const textOf = (ending: string): string => outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? '';
    const packages = Object.keys(metafile.inputs).flatMap(
      (file) => /^node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? [],
    );
    return { script: textOf('.js'), style: textOf('.css'), packages: [...new Set(packages)].sort() };
  } catch (cause) {
    throw new CodedError<BuildCode>('bundle-failed', `expected ${folder} to bundle, got: ${toMessage(cause)}`, {
      cause,
    });
  }
}

/** Definition with which a bundle of `mig` has the page inside. */
export async function definePage(root: string): Promise<{ readonly MIG_PAGE: string }> {
  const { script, style } = await bundlePage(root);
  return { MIG_PAGE: JSON.stringify({ script, style }) };
}
