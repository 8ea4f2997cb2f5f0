import assert from 'node:assert/strict';
import { chmodSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { askBelow, makeSystem } from '../testing/system.ts';

const files = {
  'var/lib/dpkg/status': 'Package: a\nStatus: install ok installed\nArchitecture: all\nVersion: 1\n\n',
  'var/lib/dpkg/diversions': '/usr/bin/moved\n/usr/bin/moved.distrib\nb\n',
  'var/lib/dpkg/info/a.list': '/.\n/bin\n/bin/a\n/usr/bin/moved\n/usr/share/a b\n',
  'usr/bin/a': '',
  'usr/bin/evil': '',
  'usr/bin/moved.distrib': '',
  'usr/bin/sub/x\\y': '',
  'usr/share/a b': '',
  'usr/share/c': '',
};

function make(context: Parameters<typeof makeSystem>[0], more: Readonly<Record<string, string>> = {}): string {
  const root = makeSystem(context, { ...files, ...more });
  symlinkSync('usr/bin', join(root, 'bin'));
  symlinkSync('evil', join(root, 'usr/bin/link'));
  return root;
}

async function unowned(root: string, search: Readonly<Record<string, unknown>> = {}): Promise<readonly unknown[]> {
  const { hits } = await askBelow(root).ask({ unowned: true, ...search });
  assert.ok(hits.every(({ is, name }) => is === 'unowned' && name === undefined));
  return hits.map(({ file }) => file);
}

describe('a file that no package owns', () => {
  it('is listed below the folders of programs, once by its names', async (context) =>
    assert.deepEqual(await unowned(make(context)), ['/usr/bin/evil', '/usr/bin/link', '/usr/bin/sub/x\\\\y']));

  it('is listed below the folders of the question', async (context) => {
    const root = make(context);
    assert.deepEqual(await unowned(root, { paths: ['/usr/share'] }), ['/usr/share/c']);
    assert.deepEqual(await unowned(root, { paths: ['/usr/share/', '/usr/bin/sub'] }), [
      '/usr/bin/sub/x\\\\y',
      '/usr/share/c',
    ]);
    const { elements } = await askBelow(root).askAll({
      s1: { unowned: true, paths: ['/usr/share'] },
      s2: { unowned: true, paths: ['/usr/bin/sub'] },
      s3: { names: ['a'] },
    });
    assert.deepEqual(
      Object.values(elements).map((rows) => rows.length),
      [1, 1, 1],
    );
  });

  it('is unknown where a database of packages cannot be read', async (context) => {
    const root = make(context, { 'usr/lib/sysimage/rpm/rpmdb.sqlite': 'damaged' });
    const { hits, receipt } = await askBelow(root).ask({ unowned: true });
    assert.deepEqual(hits, []);
    assert.ok(receipt.skipped.some(({ reason, count }) => reason === 'undecided' && count === 3));
  });

  it('is not told of where it is hidden', async (context) => {
    const root = make(context);
    const rules = [{ glob: join(root, 'usr/bin/evil'), mayRead: false, mayTell: false }];
    const protection = { rules, contents: [], questions: 9 };
    const { hits } = await askBelow(root).askAll({ s1: { unowned: true } }, undefined, {}, protection);
    assert.ok(hits.length < 3 && hits.every(({ file }) => file !== '/usr/bin/evil'));
  });

  it('may be in a folder that is not read, which the receipt says', {
    skip: process.getuid?.() === 0 && 'needs a user other than root',
  }, async (context) => {
    const root = make(context);
    chmodSync(join(root, 'usr/bin/sub'), 0);
    const { receipt } = await askBelow(root).ask({ unowned: true });
    chmodSync(join(root, 'usr/bin/sub'), 0o700);
    assert.ok(receipt.skipped.some(({ reason }) => reason === 'no-permission'));
  });
});
