/** The packages of flatpak: a folder for each kind, name, architecture and branch. @see flatpak-installation(5) */
import type { SkipReason } from '../../../protocol/result/result.ts';
import type { Host } from '../../kit/files/host.ts';
import { toLatin1, toText } from '../../kit/files/latin1-text.ts';
import { Breather } from '../../kit/listing/breather.ts';
import type { SourceWork } from '../../kit/listing/run-listing.ts';
import type { PackageRow } from '../columns.ts';

const systemFolder = '/var/lib/flatpak';
const userFolder = '.local/share/flatpak';
const kinds = ['app', 'runtime'];
const mostBytes = 1024 * 1024;

interface Deployed {
  readonly path: string;
  readonly name: string;
  readonly arch: string;
  readonly branch: string;
}

function* listDeployed(host: Host, installation: string): Generator<Deployed> {
  for (const kind of kinds)
    for (const name of host.list('flatpak', `${installation}/${kind}`))
      for (const arch of host.list('flatpak', `${installation}/${kind}/${name}`)) {
        // A link to the branch that a plain start takes.
        if (arch === 'current') continue;
        const folder = `${installation}/${kind}/${name}/${arch}`;
        for (const branch of host.list('flatpak', folder))
          yield { path: `${folder}/${branch}/active/deploy`, name, arch, branch };
      }
}

/**
 * The remote stands first, and the version of the application among pairs behind it, each text with a zero behind it and
 * a variant with its type.
 * @param text in Latin-1. @see flatpak's flatpak-dir.c, FLATPAK_DEPLOY_DATA_GVARIANT_STRING `(ssasta{sv})`
 */
export function parseDeploy(text: string): { readonly origin?: string; readonly version?: string } {
  const [, origin] = /^([^\0]{1,256})\0[0-9a-f]{64}\0/.exec(text) ?? [];
  const [, version] = /\0appdata-version\0+([^\0]{1,256})\0\0s/.exec(text) ?? [];
  return { ...(origin === undefined ? {} : { origin }), ...(version === undefined ? {} : { version }) };
}

function toRow({ name, arch, branch }: Deployed, bytes: Buffer): PackageRow {
  const { origin, version } = parseDeploy(bytes.toString('latin1'));
  return {
    name: toText(toLatin1(name)),
    version: version === undefined ? null : toText(version),
    type: 'flatpak',
    arch: toText(toLatin1(arch)),
    status: 'installed',
    stream: toText(toLatin1(branch)),
    ...(origin === undefined ? {} : { origin: toText(origin) }),
  };
}

/** Of the system, and of users in the usual place of their homes. */
function installations(host: Host): readonly string[] {
  const homes = host.list('flatpak', '/home').map((name) => `/home/${name}`);
  return [systemFolder, ...['/root', ...homes].map((home) => `${home}/${userFolder}`)];
}

/** @returns whether there is such a database. */
export async function* listFlatpak(host: Host, { signal }: SourceWork): AsyncGenerator<PackageRow, boolean> {
  let isThere = false;
  const breather = new Breather();
  for (const installation of installations(host)) {
    let count = 0;
    let gap: SkipReason | undefined;
    for (const deployed of listDeployed(host, installation)) {
      if (breather.isDue) await breather.breathe();
      if (signal.aborted) return isThere;
      const file = host.readOne(deployed.path, mostBytes);
      if (file.kind === 'unread') {
        // A branch that was taken away leaves its folder.
        if (file.reason !== 'vanished') gap ??= file.reason;
        continue;
      }
      count += 1;
      yield toRow(deployed, file.bytes);
    }
    if (count > 0 || gap !== undefined) host.report('flatpak', installation, count, gap);
    isThere ||= count > 0 || gap !== undefined;
  }
  return isThere;
}
