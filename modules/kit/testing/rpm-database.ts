/** Databases of rpm: built by rpm itself, and the same packages in the forms that rpm does not write any more. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

function isHere(command: string): boolean {
  return spawnSync(command, ['--version']).status === 0;
}

/** The reason to skip a test; false when rpm and rpmbuild are there. */
export const withoutRpm: string | false =
  isHere('rpm') && isHere('rpmbuild') ? false : 'needs rpm and rpmbuild (apt-get install rpm)';
export const withoutBerkeleyDb: string | false =
  spawnSync('db5.3_load', ['-V']).status === 0 ? false : 'needs db5.3_load (apt-get install db5.3-util)';

function run(command: string, args: readonly string[], input?: string): string {
  const { status, stdout, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    ...(input === undefined ? {} : { input }),
  });
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr}`);
  return stdout;
}

/** Long texts make headers that do not fit into a page. */
function specOf(packages: number): string {
  const subpackages = Array.from({ length: packages }, (_, index) => {
    const requires = Array.from(
      { length: (index % 5) * 60 },
      (_unused, one) => `Requires: capability-${index}-${one}\n`,
    ).join('');
    const epoch = index % 3 === 0 ? `Epoch: ${index}\n` : '';
    return `%package -n sub${index}\nSummary: s\nVersion: ${index}.0~rc1\nRelease: 1.el9\n${epoch}${requires}%description -n sub${index}\nd\n%files -n sub${index}\n/usr/share/sub${index}\n`;
  });
  const folders = Array.from({ length: packages }, (_, index) => `%{buildroot}/usr/share/sub${index}/data`);
  return `Name: alpha\nVersion: 1.0^git1\nRelease: 2\nEpoch: 3\nSummary: a\nLicense: MIT\nVendor: Jörg & Co\nBuildArch: noarch\n%description\na\n%install\nmkdir -p ${folders.join(' ')}\n%files\n${subpackages.join('')}`;
}

/** Installs so many packages into a database in `folder`, as rpm of today writes it. */
export function makeRpmDatabase(folder: string, packages: number): void {
  const top = join(folder, 'top');
  mkdirSync(top, { recursive: true });
  writeFileSync(join(top, 'a.spec'), specOf(packages));
  run('rpmbuild', ['-bb', '--quiet', '--define', `_topdir ${top}`, join(top, 'a.spec')]);
  run('sh', [
    '-c',
    `rpm --dbpath "$1" --justdb --nodeps --noscripts --nosignature -i "$1"/top/RPMS/*/*.rpm`,
    'sh',
    folder,
  ]);
  rmSync(top, { recursive: true });
}

/** The headers in a database of today. */
export function headersOf(folder: string): readonly Buffer[] {
  const database = new DatabaseSync(join(folder, 'rpmdb.sqlite'));
  try {
    return database
      .prepare('SELECT blob FROM Packages')
      .all()
      .map(({ blob }) => Buffer.from(blob as Uint8Array));
  } finally {
    database.close();
  }
}

/** The same packages as a hash of Berkeley DB. @param order 1234 or 4321 for the bytes of numbers. */
export function makeBerkeleyDb(folder: string, headers: readonly Buffer[], order = 1234): void {
  mkdirSync(folder, { recursive: true });
  const key = (number: number): string => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(number);
    return bytes.toString('hex');
  };
  const pairs = headers.map((header, index) => ` ${key(index + 1)}\n ${header.toString('hex')}\n`);
  const dump = `VERSION=3\nformat=bytevalue\ntype=hash\ndb_lorder=${order}\nHEADER=END\n ${key(0)}\n ${key(headers.length)}\n${pairs.join('')}DATA=END\n`;
  run('db5.3_load', [join(folder, 'Packages')], dump);
}

/** The same packages in rpm's own database; no rpm of Debian reads it. */
export function toNdb(headers: readonly Buffer[]): Buffer {
  const [pageBytes, blockBytes] = [4096, 16];
  const slotPages = Math.ceil((headers.length + 2) / (pageBytes / blockBytes));
  const slots = Buffer.alloc(slotPages * pageBytes);
  for (let at = 32; at < slots.length; at += 16) slots.write('Slot', at, 'latin1');
  slots.write('RpmP', 0, 'latin1');
  for (const [at, value] of [
    [8, headers.length],
    [12, slotPages],
    [16, headers.length + 1],
  ] as const)
    slots.writeUInt32LE(value, at);
  const blobs: Buffer[] = [];
  let block = slots.length / blockBytes;
  for (const [index, header] of headers.entries()) {
    const blocks = Math.ceil((16 + header.length + 12) / blockBytes);
    const blob = Buffer.alloc(blocks * blockBytes);
    blob.write('BlbS', 0, 'latin1');
    blob.writeUInt32LE(index + 1, 4);
    blob.writeUInt32LE(header.length, 12);
    header.copy(blob, 16);
    blob.writeUInt32LE(header.length, blob.length - 8);
    blob.write('BlbE', blob.length - 4, 'latin1');
    const slot = 32 + index * 16;
    slots.writeUInt32LE(index + 1, slot + 4);
    slots.writeUInt32LE(block, slot + 8);
    slots.writeUInt32LE(blocks, slot + 12);
    blobs.push(blob);
    block += blocks;
  }
  return Buffer.concat([slots, ...blobs]);
}
