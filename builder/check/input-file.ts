/** Reads the small text files that the config names. It bounds their size, and tells missing from unreadable files. */
import { readFile, stat } from 'node:fs/promises';

const maximumBytes = 256 * 1024;

export type InputFile =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unreadable'; readonly why: string };

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : String(error);
}

export async function readInputFile(path: string): Promise<InputFile> {
  try {
    const stats = await stat(path);
    if (!stats.isFile()) return { kind: 'unreadable', why: 'something that is not a file' };
    if (stats.size > maximumBytes) return { kind: 'unreadable', why: `a file of more than ${maximumBytes} bytes` };
    return { kind: 'text', text: await readFile(path, 'utf8') };
  } catch (error) {
    const code = codeOf(error);
    return code === 'ENOENT' || code === 'ENOTDIR' ? { kind: 'missing' } : { kind: 'unreadable', why: code };
  }
}
