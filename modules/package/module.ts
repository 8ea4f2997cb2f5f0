/** Which packages are installed, and how they are asked for. */
import { defineListing } from '../kit/listing/define-listing.ts';
import { columns } from './columns.ts';
import { filters } from './filters.ts';
import { toSearchOfPkg } from './former-pkg.ts';

export const module = defineListing({
  name: 'package',
  summary: 'Which packages are installed, and in which version?',
  platforms: ['linux'],
  needs: [],
  things: 'packages',
  columns,
  filters,
  former: { modules: { pkg: { toSearch: toSearchOfPkg } } },
  key: ['name', 'type', 'version', 'arch'],
  examples: [
    {
      command: "mig package -t all -name '^libc6$' -compare '<2.36-9+deb12u9'",
      says: 'finds machines where a fixed version is not yet installed.',
    },
    {
      command: "mig package -t all -source '^openssl$' -compare '<3.0.11-1~deb12u2'",
      says: 'finds every package of a source package that an advisory names.',
    },
    { command: 'mig package -t all -status held -status broken', says: 'finds packages that no upgrade reaches.' },
    {
      command: "mig package -t all -name '^openssl$' -stack version",
      says: 'counts the versions of a package, the rarest first.',
    },
  ],
});
