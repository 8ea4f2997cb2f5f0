/**
 * Runs pkg in SEA mode, in a process of its own: pkg changes the working directory and takes its cache from HOME. Only an
 * internal function of pkg takes the options that are needed here; its version is pinned. Started with HOME (the prepared
 * cache) and TMPDIR (the folder with bundle and addon). Argument: an InjectOrder in JSON.
 */
import { basename } from 'node:path';
import pkg from '@yao-pkg/pkg/lib-es5/sea.js';
import * as z from 'zod';

/** Paths are absolute; bundle and addon lie in TMPDIR itself. */
export const InjectOrder = z.strictObject({
  bundle: z.string(),
  addon: z.string(),
  output: z.string(),
  nodeVersion: z.string(),
  platform: z.enum(['linux', 'macos', 'win']),
  arch: z.string(),
});
export type InjectOrder = z.infer<typeof InjectOrder>;

/** pkg works in a folder of its own below TMPDIR. An absolute path would get into the executable. */
function fromPkgFolder(path: string): string {
  return `../${basename(path)}`;
}

const order = InjectOrder.parse(JSON.parse(process.argv[2] ?? ''));
const seaConfig = {
  main: fromPkgFolder(order.bundle),
  disableExperimentalSEAWarning: true,
  useSnapshot: false,
  // Not reproducible, and an agent starts once per boot.
  useCodeCache: false,
  // NODE_OPTIONS of the host must not reach into the agent.
  execArgvExtension: 'none',
  assets: { 'mig-native.node': fromPkgFolder(order.addon) },
};
await pkg.default(order.bundle, {
  targets: [
    {
      nodeRange: `node${order.nodeVersion}`,
      platform: order.platform,
      arch: order.arch,
      output: order.output,
    },
  ],
  seaConfig,
});
