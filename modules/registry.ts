/** The modules for those who ask and print; no native code is loaded. One line each. */
import type { ModuleFace } from './contract.ts';
import { cli as fileCli } from './file/cli.ts';
import { spec as fileSpec } from './file/spec.ts';
import { cli as memoryCli } from './memory/cli.ts';
import { spec as memorySpec } from './memory/spec.ts';
import { cli as netstatCli } from './netstat/cli.ts';
import { spec as netstatSpec } from './netstat/spec.ts';
import { cli as processCli } from './process/cli.ts';
import { spec as processSpec } from './process/spec.ts';

export const modules: readonly ModuleFace[] = [
  { spec: fileSpec, cli: fileCli },
  { spec: memorySpec, cli: memoryCli },
  { spec: netstatSpec, cli: netstatCli },
  { spec: processSpec, cli: processCli },
];
