/** Which packages are installed, and how they are asked for. */
import { defineListing } from '../kit/listing/define-listing.ts';
import { columns } from './columns.ts';
import { filters } from './filters.ts';
import { toSearchOfPkg } from './former-pkg.ts';
import { isAboutLanguages } from './languages/asked.ts';
import { compareVersions } from './versions/comparison.ts';

export const module = defineListing({
  name: 'package',
  summary: 'Which packages are installed, in which version, and whose is a file?',
  platforms: ['linux'],
  // The files of every owner, and the mapped files of all processes.
  needs: ['files', 'processes'],
  needsOf: (search) => [
    ...(search.altered === true || search.unowned === true || isAboutLanguages(search) ? (['files'] as const) : []),
    ...(search.running === true ? (['processes'] as const) : []),
  ],
  things: 'packages',
  columns,
  filters,
  former: { modules: { pkg: { toSearch: toSearchOfPkg } } },
  orders: {
    version: ({ type, version }, text) =>
      typeof type === 'string' && typeof version === 'string' ? compareVersions(type, version, text) : undefined,
  },
  key: ['name', 'type', 'version', 'arch', 'file', 'path', 'inside'],
  examples: [
    {
      command: "mig package -t all -type dpkg -name '^libc6$' -compare '<2.36-9+deb12u9'",
      says: 'finds machines where a fixed version is not yet installed.',
    },
    {
      command: "mig package -t all -type dpkg -source '^openssl$' -compare '<3.0.11-1~deb12u2'",
      says: 'finds every package of a source package that an advisory names.',
    },
    {
      command: "mig package -t all -name '^log4j-core$' -compare '<2.17.1'",
      says: 'finds a library of Java, also inside of other archives.',
    },
    {
      command: 'mig package -t all -type npm -type pip -root /srv -stack name',
      says: 'counts the packages of languages below a folder, the rarest first.',
    },
    { command: 'mig package -t all -file /usr/bin/ssh', says: 'finds the package that owns a file.' },
    {
      command: "mig package -t all -running -name '^libssl'",
      says: 'finds processes that still run the old code of an upgraded library.',
    },
    {
      command: 'mig package -t all -altered -role other',
      says: 'finds programs and libraries that are not as their package brought them.',
    },
    {
      command: 'mig package -t all -unowned -path /usr/bin -path /usr/sbin',
      says: 'finds programs that no package brought.',
    },
    { command: 'mig package -t all -status held -status broken', says: 'finds packages that no upgrade reaches.' },
    {
      command: "mig package -t all -name '^openssl$' -stack version",
      says: 'counts the versions of a package, the rarest first.',
    },
  ],
});
