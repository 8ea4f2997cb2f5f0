import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { askBelow, makeSystem } from '../testing/system.ts';

const folder = 'var/lib/pacman/local';
const openssl = `%NAME%
openssl

%VERSION%
3.4.0-1

%BASE%
openssl

%ARCH%
x86_64

%INSTALLDATE%
1730000000

%PACKAGER%
Ann <ann@example.org>

`;

describe('the database of pacman', () => {
  it('has a folder for each package', async (context) => {
    const root = makeSystem(context, {
      [`${folder}/ALPM_DB_VERSION`]: '9\n',
      [`${folder}/openssl-3.4.0-1/desc`]: openssl,
      [`${folder}/lib32-3-1/desc`]: '%NAME%\nlib32\n\n%VERSION%\n1:3-1\n\n%BASE%\nmulti\n',
    });
    const { hits, receipt } = await askBelow(root).ask({});
    assert.deepEqual(hits, [
      { name: 'lib32', version: '1:3-1', type: 'pacman', status: 'installed', source: 'multi', installed: null },
      {
        name: 'openssl',
        version: '3.4.0-1',
        type: 'pacman',
        arch: 'x86_64',
        status: 'installed',
        origin: 'Ann <ann@example.org>',
        installed: 1_730_000_000_000,
      },
    ]);
    assert.deepEqual(receipt.sources, [{ kind: 'pacman', path: join(root, folder), entries: 2, complete: true }]);
    assert.deepEqual(
      (await askBelow(root).ask({ compares: ['<3.4.0.1'] })).hits.map(({ name }) => name),
      ['openssl'],
    );
  });

  it('has a folder without description, which is a gap', async (context) => {
    const root = makeSystem(context, { [`${folder}/a-1-1/files`]: '', [`${folder}/b-1-1/desc`]: 'nothing' });
    const { hits, receipt } = await askBelow(root).ask({});
    assert.deepEqual(hits, []);
    assert.deepEqual(receipt.sources, [{ kind: 'pacman', path: join(root, folder), entries: 0, complete: false }]);
  });
});
