/** Bundles the page of `mig web`: one script and one style. The same source gives the same bytes in every folder. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { CodedError, toMessage } from '../protocol/base/coded-error.ts';
import { type BuildCode, packagesOf } from './bundle.ts';

const folder = 'investigator/web/page';

export interface BundledPage {
  readonly script: string;
  readonly style: string;
  /** The npm packages in it, as the lock file names them. */
  readonly packages: readonly string[];
}

/** The licences of the packages as a comment: they ask that each copy has them. */
async function readNotices(root: string, packages: readonly string[]): Promise<string> {
  const notices = await Promise.all(
    packages.map(async (folder) => {
      const text = await readFile(join(root, folder, 'LICENSE'), 'utf8');
      const name = folder.split('node_modules/').at(-1) ?? folder;
      return `/*! ${name}\n\n${text.trim().replaceAll('*/', '* /')}\n*/\n`;
    }),
  );
  return notices.join('');
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
    const packages = packagesOf(Object.keys(metafile.inputs));
    const script = `${await readNotices(root, packages)}${textOf('.js')}`;
    return { script, style: textOf('.css'), packages };
  } catch (cause) {
    throw new CodedError<BuildCode>('bundle-failed', `expected ${folder} to bundle, got: ${toMessage(cause)}`, {
      cause,
    });
  }
}

/** Definition with which a bundle of `mig` has the page inside. */
export function definePage({ script, style }: BundledPage): { readonly MIG_PAGE: string } {
  return { MIG_PAGE: JSON.stringify({ script, style }) };
}
