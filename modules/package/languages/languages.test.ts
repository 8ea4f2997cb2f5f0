import assert from 'node:assert/strict';
import { chmodSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { askBelow, makeSystem } from '../testing/system.ts';

const everything = { options: { matchlimit: 0 } };

function rowsOf(hits: readonly Record<string, unknown>[]): readonly string[] {
  return hits.map(({ type, name, version, arch, owner, path }) =>
    [type, name, version, arch, owner === undefined ? undefined : `of ${owner}`, path].filter(Boolean).join(' '),
  );
}

describe('packages of languages', () => {
  it('of npm are direct children of node_modules', async (context) => {
    const npm = (name: string, version = '1.0.0'): string => JSON.stringify({ name, version });
    const root = makeSystem(context, {
      'opt/app/package.json': npm('app'),
      'opt/app/node_modules/a/package.json': `\uFEFF${npm('a')}`,
      'opt/app/node_modules/@scope/b/package.json': npm('@scope/b', '2.0.0-rc.1'),
      'opt/app/node_modules/a/node_modules/alias/package.json': npm('real'),
      'opt/app/node_modules/a/test/fixture/package.json': npm('fixture'),
      'opt/app/node_modules/a/dist/package.json': '{"type":"module"}',
      'opt/app/node_modules/.pnpm/package.json': '{"type":"module"}',
      'usr/share/nodejs/semver/package.json': npm('semver', '7.3.5'),
    });
    symlinkSync('a', join(root, 'opt/app/node_modules/linked'));
    const { hits, receipt } = await askBelow(root).ask({ types: ['npm'], ...everything });
    assert.deepEqual(rowsOf(hits), [
      'npm @scope/b 2.0.0-rc.1 /opt/app/node_modules/@scope/b/package.json',
      'npm real 1.0.0 /opt/app/node_modules/a/node_modules/alias/package.json',
      'npm a 1.0.0 /opt/app/node_modules/a/package.json',
      'npm semver 7.3.5 /usr/share/nodejs/semver/package.json',
    ]);
    assert.deepEqual(receipt.sources, [
      { kind: 'npm', path: join(root, 'usr'), entries: 1, complete: true },
      { kind: 'npm', path: join(root, 'opt'), entries: 3, complete: true },
    ]);
  });

  it('of Python are owned by the package of the system that brought them', async (context) => {
    const metadata = (name: string, version: string): string =>
      `Metadata-Version: 2.1\r\nName: ${name}\r\nVersion: ${version}\r\n\r\nName: no\n`;
    const root = makeSystem(context, {
      'usr/lib/python3/dist-packages/PyYAML-6.0.egg-info/PKG-INFO': metadata('PyYAML', '6.0'),
      'usr/lib/python3/dist-packages/old-1.egg-info': metadata('old', '1'),
      'usr/local/lib/python3.11/site-packages/Zope.Interface-6.1.dist-info/METADATA': metadata('Zope.Interface', '6.1'),
      'srv/src/PKG-INFO': metadata('no', '1'),
      'var/lib/dpkg/status': 'Package: python3-yaml\nStatus: install ok installed\nVersion: 6.0-3+deb12u1\n\n',
      'var/lib/dpkg/info/python3-yaml.list': '/usr/lib/python3/dist-packages/PyYAML-6.0.egg-info/PKG-INFO\n',
    });
    const { hits } = await askBelow(root).ask({ types: ['pip'], ...everything });
    assert.deepEqual(rowsOf(hits), [
      'pip PyYAML 6.0 of dpkg python3-yaml /usr/lib/python3/dist-packages/PyYAML-6.0.egg-info/PKG-INFO',
      'pip old 1 /usr/lib/python3/dist-packages/old-1.egg-info',
      'pip Zope.Interface 6.1 /usr/local/lib/python3.11/site-packages/Zope.Interface-6.1.dist-info/METADATA',
    ]);
    const named = async (search: Readonly<Record<string, unknown>>) =>
      (await askBelow(root).ask(search)).hits.map(({ name }) => name);
    assert.deepEqual(await named({ names: ['^zope-interface$'] }), ['Zope.Interface']);
    assert.deepEqual(await named({ types: ['pip'], owners: ['!.'] }), ['old', 'Zope.Interface']);
    assert.deepEqual(await named({ owners: ['^dpkg '] }), ['PyYAML']);
  });

  it('of Ruby are named by the stub of their specification, or by its name', async (context) => {
    const root = makeSystem(context, {
      'var/lib/gems/3.1.0/specifications/nokogiri-1.15.4-x86_64-linux.gemspec':
        '# -*- encoding: utf-8 -*-\n# stub: nokogiri 1.15.4 x86_64-linux lib\nGem::Specification.new',
      'usr/share/rubygems-integration/all/specifications/foo-2-1.0.gemspec': 'Gem::Specification.new',
      'usr/lib/ruby/gems/3.1.0/specifications/default/json-2.6.1.gemspec': '# stub: json 2.6.1 ruby lib\n',
      'usr/lib/ruby/gems/3.1.0/gems/json-2.6.1/json.gemspec': 'no',
    });
    const { hits } = await askBelow(root).ask({ types: ['gem'], ...everything });
    assert.deepEqual(rowsOf(hits.map(({ path: _, ...row }) => row)), [
      'gem json 2.6.1',
      'gem foo-2 1.0',
      'gem nokogiri 1.15.4 x86_64-linux',
    ]);
  });

  it('of cargo are listed once, whichever of its two files has them', async (context) => {
    const toml = '[v1]\n"bat 0.22.1 (registry+https://github.com/rust-lang/crates.io-index)" = ["bat"]\n';
    const root = makeSystem(context, {
      'root/.cargo/.crates.toml': toml,
      'root/.cargo/.crates2.json':
        '{"installs":{"bat 0.22.1 (registry+https://index)":{"version_req":null},"own 1.0.0 (path+file:///src)":{}}}',
      'home/ann/.cargo/.crates.toml': toml,
    });
    const { hits } = await askBelow(root).ask({ types: ['cargo'], ...everything });
    assert.deepEqual(rowsOf(hits.map(({ path: _, ...row }) => row)), [
      'cargo bat 0.22.1',
      'cargo bat 0.22.1',
      'cargo own 1.0.0',
    ]);
  });

  it('are looked for in the usual folders, or below those of the question', async (context) => {
    const root = makeSystem(context, {
      'usr/lib/node_modules/a/package.json': '{"name":"a","version":"1.0.0"}',
      'data/app/node_modules/b/package.json': '{"name":"b","version":"1.0.0"}',
      'data/other/node_modules/c/package.json': '{"name":"c","version":"1.0.0"}',
      'var/lib/dpkg/status': 'Package: d\nStatus: install ok installed\nVersion: 1\n\n',
    });
    const { elements } = await askBelow(root).askAll({
      s1: {},
      s2: { roots: ['/data/app/'] },
      s3: { roots: ['/data', '/data/app'] },
      s4: { types: ['dpkg'] },
    });
    assert.deepEqual(
      Object.values(elements).map((rows) => rows.map(({ name }) => name)),
      [['d', 'a'], ['b'], ['b', 'c'], ['d']],
    );
  });

  it('are not looked for where the question is about other packages, or files', async (context) => {
    const root = makeSystem(context, {
      'usr/lib/node_modules/a/package.json': '{"name":"a","version":"1.0.0"}',
      'var/lib/dpkg/status': 'Package: d\nStatus: install ok installed\nVersion: 1\n\n',
    });
    for (const search of [{ types: ['dpkg'] }, { files: ['/bin/sh'] }, { statuses: ['held'] }, { altered: true }]) {
      const { receipt } = await askBelow(root).ask(search);
      assert.equal(
        receipt.sources?.some(({ kind }) => kind === 'npm'),
        false,
        JSON.stringify(search),
      );
    }
  });

  it('are compared in their own order; what is no version of it is undecided', async (context) => {
    const packages = { a: '1.10.0', b: '1.9.0-rc.1', c: 'latest' };
    const root = makeSystem(
      context,
      Object.fromEntries(
        Object.entries(packages).map(([name, version]) => [
          `usr/lib/node_modules/${name}/package.json`,
          JSON.stringify({ name, version }),
        ]),
      ),
    );
    const { hits, receipt } = await askBelow(root).ask({ compares: ['<1.9'] });
    assert.deepEqual(
      hits.map(({ name }) => name),
      ['b'],
    );
    assert.deepEqual(receipt.skipped, [{ reason: 'undecided', count: 1 }]);
  });

  it('are unknown where a file is damaged or may not be read', async (context) => {
    const root = makeSystem(context, {
      'usr/lib/node_modules/a/package.json': '{"name":',
      'usr/lib/node_modules/b/package.json': '{"name":"b","version":"1.0.0"}',
      'usr/lib/python3/x.dist-info/METADATA': 'nothing',
      'usr/share/java/a.jar': 'PK',
    });
    const { hits, receipt } = await askBelow(root).ask({});
    assert.deepEqual(
      hits.map(({ name }) => name),
      ['b'],
    );
    assert.deepEqual(
      receipt.sources?.map(({ kind, entries, complete }) => [kind, entries, complete]),
      [
        ['npm', 1, false],
        ['pip', 0, false],
        ['jar', 0, false],
      ],
    );
    if (process.getuid?.() === 0) return;
    chmodSync(join(root, 'usr/share'), 0);
    assert.ok((await askBelow(root).ask({})).receipt.skipped.some(({ reason }) => reason === 'no-permission'));
    chmodSync(join(root, 'usr/share'), 0o700);
  });

  it('are not told of where their file is hidden, and not read where it is protected', async (context) => {
    const root = makeSystem(context, {
      'usr/lib/node_modules/a/package.json': '{"name":"a","version":"1.0.0"}',
      'usr/lib/node_modules/b/package.json': '{"name":"b","version":"1.0.0"}',
    });
    const glob = join(root, 'usr/lib/node_modules/a/**');
    for (const rule of [
      { glob, mayRead: true, mayTell: false },
      { glob, mayRead: false, mayTell: true },
    ]) {
      const protection = { rules: [rule], contents: [], questions: 9 };
      const { hits } = await askBelow(root).askAll({ s1: {} }, undefined, {}, protection);
      assert.deepEqual(
        hits.map(({ name }) => name),
        ['b'],
        JSON.stringify(rule),
      );
    }
  });
});
