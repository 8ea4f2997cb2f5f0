/** A system for the commands of a page: a minimal Debian 12 by podman, else this one with an overlay for what they write. */
import type { Finished } from '../tools/lab/child.ts';
import { type Lab, projectRoot } from '../tools/lab/lab.ts';
import { ContainerSystem } from './container-system.ts';
import { OverlaySystem } from './overlay.ts';
import { whyNoContainers } from './podman.ts';

export interface PageSystem {
  writeFile(path: string, content: string | Uint8Array): Promise<void>;
  /** Runs a line of shell in a folder of the system. */
  run(folder: string, line: string, env?: NodeJS.ProcessEnv): Promise<Finished>;
  stop(): Promise<void>;
}

/** The reason why there is none here; null when there is one. */
export async function whyNoPageSystem(): Promise<string | null> {
  return whyNoContainers() === null ? null : OverlaySystem.whyNot(projectRoot);
}

export async function startPageSystem(lab: Lab): Promise<PageSystem> {
  const reason = whyNoContainers();
  const container = reason === null ? await ContainerSystem.start(lab) : null;
  if (container !== null) return container;
  const why = reason ?? 'the mirror has no bookworm';
  process.stderr.write(`SKIPPED: an image of Debian 12: ${why}; the commands are run over this system\n`);
  return OverlaySystem.start(lab);
}
