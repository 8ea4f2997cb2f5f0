import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it } from 'node:test';
import {
  headersOf,
  makeBerkeleyDb,
  makeRpmDatabase,
  toNdb,
  withoutBerkeleyDb,
  withoutRpm,
} from '../../kit/testing/rpm-database.ts';
import { askBelow, makeSystem } from '../testing/system.ts';

const packages = 60;
const format = '%{NAME}|%{EPOCHNUM}:%{VERSION}-%{RELEASE}|%{ARCH}|%{SOURCERPM}|%{INSTALLTIME}|%{VENDOR}\n';

/** What rpm says of the database in a folder. */
function askRpm(folder: string, backend: string): readonly string[] {
  const { stdout, stderr, status } = spawnSync(
    'rpm',
    ['--define', `_db_backend ${backend}`, '--dbpath', folder, '-qa', '--qf', format],
    { encoding: 'utf8' },
  );
  assert.equal(status, 0, stderr);
  return stdout.trim().split('\n').sort();
}

/** The same of our answer. */
async function askUs(root: string): Promise<readonly string[]> {
  const { hits } = await askBelow(root).ask({ types: ['rpm'] });
  return hits
    .map(({ name, version, arch, source = name, sourceversion = version, origin, installed }) => {
      const withEpoch = /^\d+:/.test(String(version)) ? version : `0:${version}`;
      const file = `${source}-${String(sourceversion).replace(/^\d+:/, '')}.src.rpm`;
      return [name, withEpoch, arch, file, Number(installed) / 1000, origin ?? '(none)'].join('|');
    })
    .sort();
}

describe('the database of rpm', { skip: withoutRpm }, () => {
  let made: string;
  let end = (): void => {};
  before(() => {
    made = makeSystem(
      {
        after: (remove) => {
          end = remove;
        },
      },
      {},
    );
    makeRpmDatabase(made, packages);
  });
  after(() => end());

  /** A system with a copy of the database in `place`. */
  function systemWith(context: Parameters<typeof makeSystem>[0], place: string): string {
    const root = makeSystem(context, {});
    mkdirSync(join(root, place), { recursive: true });
    cpSync(join(made, 'rpmdb.sqlite'), join(root, place, 'rpmdb.sqlite'));
    if (existsSync(join(made, 'rpmdb.sqlite-wal')))
      cpSync(join(made, 'rpmdb.sqlite-wal'), join(root, place, 'rpmdb.sqlite-wal'));
    return root;
  }

  for (const place of ['var/lib/rpm', 'usr/lib/sysimage/rpm', 'usr/share/rpm'])
    it(`of today is read below ${place} as rpm reads it`, async (context) => {
      const root = systemWith(context, place);
      const { receipt } = await askBelow(root).ask({ types: ['rpm'] });
      assert.deepEqual(receipt.sources, [
        { kind: 'rpm', path: join(root, place, 'rpmdb.sqlite'), entries: packages + 1, complete: true },
      ]);
      const ours = await askUs(root);
      assert.deepEqual(ours, askRpm(join(root, place), 'sqlite'));
    });

  it('is read with what only its log has, and nothing is written beside it', async (context) => {
    const root = systemWith(context, 'var/lib/rpm');
    const folder = join(root, 'var/lib/rpm');
    const writer = new DatabaseSync(join(folder, 'rpmdb.sqlite'));
    try {
      writer.exec(
        'PRAGMA foreign_keys=OFF; PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0; DELETE FROM Packages WHERE hnum % 2 = 0',
      );
      const [files, times] = [
        readdirSync(folder),
        readdirSync(folder).map((file) => statSync(join(folder, file)).mtimeMs),
      ];
      const { hits } = await askBelow(root).ask({ types: ['rpm'] });
      assert.equal(hits.length, Math.ceil((packages + 1) / 2));
      assert.deepEqual(readdirSync(folder), files);
      assert.deepEqual(
        files.map((file) => statSync(join(folder, file)).mtimeMs),
        times,
      );
    } finally {
      writer.close();
    }
  });

  it('goes by several names and is read once', async (context) => {
    const root = systemWith(context, 'usr/lib/sysimage/rpm');
    mkdirSync(join(root, 'var/lib'), { recursive: true });
    symlinkSync('../../usr/lib/sysimage/rpm', join(root, 'var/lib/rpm'));
    assert.equal((await askBelow(root).ask({})).hits.length, packages + 1);
  });

  it('of SUSE has the same packages', async (context) => {
    const root = makeSystem(context, { 'usr/lib/sysimage/rpm/Packages.db': toNdb(headersOf(made)) });
    assert.deepEqual(await askUs(root), askRpm(made, 'sqlite'));
  });

  for (const order of [1234, 4321])
    it(`of old with numbers of byte order ${order} has the same packages`, {
      skip: withoutBerkeleyDb,
    }, async (context) => {
      const root = makeSystem(context, {});
      makeBerkeleyDb(join(root, 'var/lib/rpm'), headersOf(made), order);
      assert.deepEqual(await askUs(root), askRpm(made, 'sqlite'));
      // rpm takes numbers of its own byte order for keys.
      if (order === 1234) assert.deepEqual(await askUs(root), askRpm(join(root, 'var/lib/rpm'), 'bdb_ro'));
    });

  it('of today is taken where one of old was left behind', async (context) => {
    const root = systemWith(context, 'var/lib/rpm');
    writeFileSync(join(root, 'var/lib/rpm/Packages'), toNdb([]));
    assert.equal((await askBelow(root).ask({})).hits.length, packages + 1);
  });

  it('is damaged, and told as far as it goes', async (context) => {
    for (const file of ['rpmdb.sqlite', 'Packages.db', 'Packages']) {
      const root = makeSystem(context, { [`var/lib/rpm/${file}`]: 'no database' });
      const { hits, receipt } = await askBelow(root).ask({ types: ['rpm'] });
      assert.deepEqual(hits, []);
      assert.deepEqual(receipt.sources, [
        { kind: 'rpm', path: join(root, 'var/lib/rpm', file), entries: 0, complete: false },
      ]);
      assert.deepEqual(receipt.skipped, [{ reason: 'read-error', count: 1 }]);
    }
    const ndb = toNdb(headersOf(made));
    ndb.write('Blxx', ndb.lastIndexOf('BlbS'), 'latin1');
    const root = makeSystem(context, { 'var/lib/rpm/Packages.db': ndb });
    const { hits, receipt } = await askBelow(root).ask({ types: ['rpm'] });
    assert.equal(hits.length, packages);
    assert.equal(receipt.sources?.[0]?.complete, false);
  });

  it('has versions that compare in the order of rpm', async (context) => {
    const { ask } = askBelow(systemWith(context, 'var/lib/rpm'));
    const namesOf = async (compares: string[], names = ['.']) =>
      (await ask({ compares, names })).hits.map(({ name }) => name);
    assert.deepEqual(await namesOf(['=3:1.0^git1-2']), ['alpha']);
    assert.deepEqual(await namesOf(['<3:1.0.1-1', '>3:1.0-99'], ['^alpha$']), ['alpha']);
    assert.deepEqual((await namesOf(['>=3:1.0~rc1-1.el9', '<3:2.0-0'])).sort(), ['alpha', 'sub1', 'sub2']);
  });
});

it('rpm is not asked: a folder of its database without one is none', async (context) => {
  const root = makeSystem(context, { 'var/lib/rpm/.rpm.lock': '' });
  assert.ok(existsSync(dirname(join(root, 'var/lib/rpm/.rpm.lock'))));
  assert.match((await askBelow(root).ask({})).errors.join(), /no database/);
});
