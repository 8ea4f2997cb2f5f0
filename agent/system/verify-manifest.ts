/** `mig-agent verify`: holds the running executable against the manifest that was written when it was built. */
import { createHash } from 'node:crypto';
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import * as z from 'zod';
import { findOwnExecutable } from '../../host/own-executable.ts';
import { CodedError, toMessage } from '../../protocol/base/coded-error.ts';
import { boundsOf, parseJson } from '../../protocol/base/strict-json.ts';
import type { BakedEnvironment } from '../../protocol/environment/environment.ts';
import { configHashOf, Manifest, maximumManifestBytes } from '../../protocol/environment/manifest.ts';

export interface Comparison {
  readonly name: string;
  readonly expected: string;
  readonly actual: string;
}

export async function digestOfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), hash);
  return hash.digest('hex');
}

/** @throws CodedError bad-manifest */
export function readManifest(path: string): Manifest {
  try {
    const { size } = statSync(path);
    if (size > maximumManifestBytes) throw new Error(`it has ${size} bytes`);
    const parsed = Manifest.safeParse(parseJson(readFileSync(path), boundsOf(maximumManifestBytes)));
    if (!parsed.success) throw new Error(z.prettifyError(parsed.error));
    return parsed.data;
  } catch (cause) {
    throw new CodedError('bad-manifest', `expected a manifest of a build at ${path}: ${toMessage(cause)}`, {
      hint: 'name the manifest.json that was written beside this executable',
      cause,
    });
  }
}

/** Every row must agree; an environment or a platform that is not in the manifest agrees with nothing. */
export async function compareWithManifest(
  manifest: Manifest,
  environment: BakedEnvironment,
  version: string,
): Promise<Comparison[]> {
  const file = manifest.files.find(({ os, arch }) => os === process.platform && arch === process.arch);
  return [
    { name: 'environment', expected: manifest.environment, actual: environment.name },
    { name: 'version', expected: manifest.version, actual: version },
    { name: 'config', expected: manifest.confighash, actual: configHashOf(environment) },
    {
      name: 'executable',
      expected: file?.sha256 ?? `none for ${process.platform}-${process.arch}`,
      actual: await digestOfFile(findOwnExecutable()),
    },
  ];
}

export function toComparisonLine({ name, expected, actual }: Comparison): string {
  const verdict = expected === actual ? `agrees   ${actual}` : `DIFFERS  expected ${expected}, got ${actual}`;
  return `${name.padEnd(12)}${verdict}`;
}
