import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { linesOf } from '../kit/testing/ask.ts';
import { module } from './module.ts';
import { askBelow, makeSystem } from './testing/system.ts';

/** Name, version, and the source package if it is another. */
const packages: readonly (readonly [name: string, version: string, source?: string])[] = [
  ['libc6', '2.36-9+deb12u8', 'glibc'],
  ['libc6-dev', '2.36-9+deb12u9', 'glibc'],
  ['bsdutils', '1:2.38.1-5+b1', 'util-linux (2.38.1-5)'],
  ['mount', '2.38.1-4', 'util-linux'],
  ['vim', '2:9.0.1378-2~bpo1'],
];

const files = {
  'var/lib/dpkg/status': packages
    .map(([name, version, source]) => {
      const line = source === undefined ? '' : `Source: ${source}\n`;
      return `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\n${line}Version: ${version}\n\n`;
    })
    .join(''),
};

describe('the filters of packages', () => {
  const cases: readonly (readonly [search: Record<string, unknown>, ...names: string[]])[] = [
    [{ names: ['^libc6$'] }, 'libc6'],
    // What dpkg prints for packages of several architectures; the original found nothing by the plain name.
    [{ names: ['^libc6:amd64$'] }, 'libc6'],
    [{ names: ['^libc6', ':amd64$'] }, 'libc6', 'libc6-dev'],
    [{ names: ['^libc6', '!-dev'] }, 'libc6'],
    [{ names: ['!:amd64$'] }],
    [{ versions: ['^2\\.36'] }, 'libc6', 'libc6-dev'],
    [{ arches: ['!amd64'] }],
    [{ types: ['dpkg'], names: ['vim'] }, 'vim'],
    [{ compares: ['<2.36-9+deb12u9'], names: ['^libc6'] }, 'libc6'],
    [{ compares: ['>=2.36-9+deb12u9'], names: ['^libc6'] }, 'libc6-dev'],
    [{ compares: ['= 2:9.0.1378-2~bpo1'] }, 'vim'],
    [{ compares: ['!=2.36-9+deb12u9', '<1:0', '>2.36'] }, 'libc6', 'mount'],
    [{ compares: ['<2:9.0.1378-2', '>2:9'] }, 'vim'],
    [{ sources: ['^glibc$'] }, 'libc6', 'libc6-dev'],
    [{ sources: ['^vim$'] }, 'vim'],
    // The epoch of bsdutils is its own: an advisory is about the version of util-linux.
    [{ sources: ['^util-linux$'], compares: ['<2.38.1-5'] }, 'mount'],
    [{ sources: ['^util-linux$'], compares: ['<=2.38.1-5'] }, 'bsdutils', 'mount'],
    [{ origins: ['.'] }],
  ];
  for (const [search, ...names] of cases)
    it(`${JSON.stringify(search)} finds ${names.join(' ') || 'nothing'}`, async (context) => {
      const { hits } = await askBelow(makeSystem(context, files)).ask(search);
      assert.deepEqual(
        hits.map(({ name }) => name),
        names,
      );
    });

  for (const compare of ['1.0', '<', '=>1', '~1', '< ', '<1 2'])
    it(`refuse ${JSON.stringify(compare)} as a comparison`, () =>
      assert.throws(() => module.toParameters({ compare: [compare] }), { code: 'usage', message: /^-compare: / }));
});

it('prints a line for each package', () => {
  const rows = [
    {
      name: 'libc6',
      version: '2.36-9+deb12u8',
      type: 'dpkg',
      arch: 'amd64',
      status: 'installed',
      source: 'glibc',
      origin: 'GNU',
    },
    { name: 'vim', version: '2:9.0', type: 'dpkg', arch: 'amd64', status: 'broken', state: 'install ok unpacked' },
  ];
  assert.deepEqual(linesOf(module, { s1: rows }), [
    'libc6 2.36-9+deb12u8 [type:dpkg, arch:amd64, status:installed, source:glibc]',
    'vim 2:9.0 [type:dpkg, arch:amd64, status:broken, state:install ok unpacked]',
  ]);
});
