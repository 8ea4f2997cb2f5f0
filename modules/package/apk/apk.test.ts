import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { askBelow, makeSystem } from '../testing/system.ts';

const database = `C:Q1abc=
P:libcrypto3
V:3.1.4-r5
A:x86_64
S:1
t:1706000000
o:openssl
m:Ann <ann@example.org>
D:so:libc.musl-x86_64.so.1
F:lib
R:libcrypto.so.3
a:0:0:755
Z:Q1def=

P:musl
V:1.2.4_git20230717-r4
A:x86_64
o:musl
f:fs

`;

describe('the database of apk', () => {
  for (const place of ['lib/apk/db/installed', 'usr/lib/apk/db/installed'])
    it(`has packages in ${place}`, async (context) => {
      const root = makeSystem(context, { [place]: database });
      const { hits, receipt } = await askBelow(root).ask({ types: ['apk'] });
      const common = { type: 'apk', arch: 'x86_64' };
      assert.deepEqual(hits, [
        {
          name: 'libcrypto3',
          version: '3.1.4-r5',
          ...common,
          status: 'installed',
          source: 'openssl',
          origin: 'Ann <ann@example.org>',
        },
        { name: 'musl', version: '1.2.4_git20230717-r4', ...common, status: 'broken', state: 'broken fs' },
      ]);
      assert.deepEqual(receipt.sources, [{ kind: 'apk', path: join(root, place), entries: 2, complete: true }]);
    });

  it('has versions in the order of apk, and no times', async (context) => {
    const { ask } = askBelow(makeSystem(context, { 'lib/apk/db/installed': database }));
    assert.deepEqual(
      (await ask({ compares: ['>3.1.4_rc1-r9', '<3.1.4-r10'] })).hits.map(({ name }) => name),
      ['libcrypto3'],
    );
    const { hits, receipt } = await ask({ installeds: ['>1d'] });
    assert.deepEqual(hits, []);
    assert.deepEqual(receipt.skipped, [{ reason: 'undecided', count: 2 }]);
  });

  it('is cut, which is said', async (context) => {
    const root = makeSystem(context, { 'lib/apk/db/installed': database.slice(0, 100) });
    assert.equal((await askBelow(root).ask({})).receipt.sources?.[0]?.complete, false);
  });
});
