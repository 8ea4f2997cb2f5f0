/** The packages of snapd: its state has them all, and each tells its version in a file of its own. */
import * as z from 'zod';
import type { SkipReason } from '../../../protocol/result/result.ts';
import type { Host } from '../../kit/files/host.ts';
import { toLatin1, toText } from '../../kit/files/latin1-text.ts';
import type { PackageRow } from '../columns.ts';

const statePath = '/var/lib/snapd/state.json';
/** Where revisions are mounted: on Fedora and its like in the second. */
const mountFolders = ['/snap', '/var/lib/snapd/snap'];
const mostStateBytes = 64 * 1024 * 1024;
const mostDescriptionBytes = 1024 * 1024;

const Snap = z.looseObject({
  current: z.string().regex(/^x?\d+$/),
  active: z.boolean().default(false),
  /** `latest/stable` */
  channel: z.string().optional(),
});
const State = z.looseObject({
  data: z.looseObject({ snaps: z.record(z.string().regex(/^[\w-]+$/), Snap).default({}) }),
});
type Snaps = z.infer<typeof State>['data']['snaps'];

export function parseState(bytes: Buffer): Snaps | undefined {
  try {
    return State.safeParse(JSON.parse(bytes.toString('utf8'))).data?.data.snaps;
  } catch {
    return undefined;
  }
}

/** A scalar of YAML on a line of its own, as snapd writes it. @param text in Latin-1. */
function parseVersion(text: string): string | undefined {
  const [, quoted, plain] = /^version:[ \t]*(?:['"](.*)['"]|(.*?))[ \t]*\r?$/m.exec(text) ?? [];
  return quoted ?? plain;
}

type Description = { readonly path: string; readonly version: string | null; readonly gap?: SkipReason };

function readDescription(host: Host, name: string, revision: string): Description {
  const paths = mountFolders.map((folder) => `${folder}/${name}/${revision}/meta/snap.yaml`);
  for (const path of paths) {
    const file = host.readOne(path, mostDescriptionBytes);
    if (file.kind === 'whole') return { path, version: parseVersion(file.bytes.toString('latin1')) ?? null };
    if (file.reason !== 'vanished') return { path, version: null, gap: file.reason };
  }
  // A revision that is not active is not mounted.
  return { path: paths[0] ?? '', version: null };
}

/** @returns whether there is such a database. */
export function* listSnap(host: Host): Generator<PackageRow, boolean> {
  const file = host.read('snap', statePath, { most: mostStateBytes });
  if (file.state !== 'read') return file.state === 'unknown';
  const snaps = parseState(file.bytes);
  if (snaps === undefined) {
    file.report(0, 'read-error');
    return true;
  }
  let gap: SkipReason | undefined;
  for (const [name, { current, active, channel }] of Object.entries(snaps)) {
    const description = readDescription(host, name, current);
    gap ??= description.gap;
    yield {
      name,
      version: description.version === null ? null : toText(description.version),
      type: 'snap',
      status: 'installed',
      ...(active ? {} : { state: 'disabled' }),
      ...(channel === undefined ? {} : { stream: toText(toLatin1(channel)) }),
    };
  }
  file.report(Object.keys(snaps).length, gap);
  return true;
}
