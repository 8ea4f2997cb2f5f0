/** The version in package.json. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';

export async function readVersion(root: string): Promise<string> {
  const text = await readFile(join(root, 'package.json'), 'utf8');
  return z.object({ version: z.string().min(1) }).parse(JSON.parse(text)).version;
}
