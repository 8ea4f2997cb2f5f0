/** Measures the built files, and writes the manifest beside them. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { replaceFile } from '../host/replace-file.ts';
import type { Manifest } from '../protocol/environment/manifest.ts';

export async function measureFile(path: string): Promise<{ readonly sha256: string; readonly size: number }> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), hash);
  return { sha256: hash.digest('hex'), size: (await stat(path)).size };
}

export function writeManifest(path: string, manifest: Manifest): void {
  replaceFile(path, `${JSON.stringify(manifest, null, 2)}\n`, 0o644);
}
