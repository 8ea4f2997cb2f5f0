/** The parameters of the original's module `sshkey`, which looked for keys in all files below some folders. */
import * as z from 'zod';

const SshkeyParameters = z.strictObject({
  paths: z.array(z.string()).optional(),
  maxdepth: z.number().int().min(0).max(1000).optional(),
});

/** Folders of which the module knows where keys are. Elsewhere it does not look. */
const known = /^\/(?:root|home|etc\/ssh)(?:\/|$)/;
const mostRepeats = 1000;

function toFolder(path: string): string {
  return path.replace(/\/+$/, '').replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** The same question; undefined for other parameters, and for folders where no keys are looked for. */
export function toSearchOfSshkey(parameters: unknown): Readonly<Record<string, unknown>> | undefined {
  const { data } = SshkeyParameters.safeParse(parameters);
  if (data === undefined) return undefined;
  const { paths = [], maxdepth = 0 } = data;
  if (!paths.every((path) => known.test(path))) return undefined;
  const entries = ['key', 'privatekey'];
  const levels = maxdepth === 0 ? '/' : `(?:/[^/]+){1,${Math.min(maxdepth, mostRepeats)}}$`;
  const folders = paths.length === 0 ? '' : `(?:${paths.map(toFolder).join('|')})`;
  // Without folders the original went down from those of all homes.
  if (folders === '') return { entries };
  return { entries, paths: [`^${folders}${levels}`] };
}
