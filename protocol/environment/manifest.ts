/** The manifest that the builder writes beside executables. `mig-agent verify` compares the running one with it. */
import * as z from 'zod';
import { Sha256, sha256Hex } from '../base/identifiers.ts';
import type { BakedEnvironment } from './environment.ts';
import { EnvironmentName } from './names.ts';

const FileName = z.string().min(1).max(255);
const Size = z.int().min(0);

export const BuiltFile = z.strictObject({
  file: FileName,
  /** As Node names them: `linux`, `win32`, `darwin`; `x64`, `arm64`. */
  os: z.string().max(16),
  arch: z.string().max(16),
  sha256: Sha256,
  /** In bytes. */
  size: Size,
  /** Trials of the file on the machine that built it. */
  checked: z.string().max(255),
  /** Version of the Node inside. */
  node: z.string().max(32),
  /** SHA-256 of the native addon inside. */
  addon: Sha256,
});
export type BuiltFile = z.infer<typeof BuiltFile>;

/** No times and no paths: the same build gives the same text. */
export const Manifest = z.strictObject({
  environment: EnvironmentName,
  version: z.string().max(64),
  /** See `configHashOf`. */
  confighash: Sha256,
  /** The tags that are baked in, so that the variants of one environment can be told apart. */
  tags: z.record(z.string().max(64), z.string().max(256)),
  files: z.array(BuiltFile).min(1).max(16),
  /** A package for a package manager. */
  packages: z.array(z.strictObject({ file: FileName, sha256: Sha256, size: Size })).max(64),
  /** Bill of materials, CycloneDX. */
  sbom: z.strictObject({ file: FileName, sha256: Sha256 }),
});
export type Manifest = z.infer<typeof Manifest>;

/** No manifest is longer; nothing longer is read. */
export const maximumManifestBytes = 256 * 1024;

/** The identity of what is baked in; `mig-agent --version` shows its first 16 digits. */
export function configHashOf(environment: BakedEnvironment): string {
  return sha256Hex(JSON.stringify(environment));
}
