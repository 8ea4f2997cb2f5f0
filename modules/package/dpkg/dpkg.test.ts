import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseStanzas } from '../../kit/packages/dpkg/stanza.ts';
import { askerOf } from '../../kit/testing/ask.ts';
import { module } from '../module.ts';
import { run } from '../run.ts';
import { askAs, askBelow, makeSystem } from '../testing/system.ts';

function stanza(name: string, status: string, others = ''): string {
  return `Package: ${name}\nStatus: ${status}\nMaintainer: Ann <ann@example.org>\nArchitecture: amd64\n${others}Version: 1.0-1\nDescription: a\n b\n .\n Version: 9\nConffiles:\n /etc/a 0123\n\n`;
}

const installed = 'install ok installed';
const origin = 'Ann <ann@example.org>';

describe('the database of dpkg', () => {
  it('has packages with their source, state and maintainer', async (context) => {
    const root = makeSystem(context, {
      'var/lib/dpkg/status':
        stanza('bash', installed) +
        stanza('bsdutils', installed, 'Source: util-linux (2.38.1-5)\n') +
        stanza('libssl3', installed, 'Multi-Arch: same\nSource: openssl\n') +
        stanza('dash', installed, 'Source: dash (1.0)\n'),
    });
    const { hits, receipt } = await askBelow(root).ask({});
    const common = { version: '1.0-1', type: 'dpkg', arch: 'amd64', status: 'installed', origin };
    assert.deepEqual(hits, [
      { name: 'bash', ...common },
      { name: 'bsdutils', ...common, source: 'util-linux', sourceversion: '2.38.1-5' },
      { name: 'libssl3', ...common, source: 'openssl' },
      { name: 'dash', ...common, sourceversion: '1.0' },
    ]);
    assert.deepEqual(receipt.sources, [
      { kind: 'dpkg', path: join(root, 'var/lib/dpkg/status'), entries: 4, complete: true },
    ]);
    assert.deepEqual(receipt.skipped, []);
  });

  // The third word counts: the original only saw lines that begin with ii, and missed packages on hold.
  const states: readonly (readonly [words: string, status: string | undefined])[] = [
    ['install ok installed', 'installed'],
    ['deinstall ok installed', 'installed'],
    ['purge ok installed', 'installed'],
    ['unknown ok installed', 'installed'],
    ['hold ok installed', 'held'],
    ['install reinstreq installed', 'broken'],
    ['hold ok half-configured', 'broken'],
    ['install ok half-installed', 'broken'],
    ['install reinstreq half-installed', 'broken'],
    ['install ok unpacked', 'broken'],
    ['install ok triggers-awaited', 'broken'],
    ['install ok triggers-pending', 'broken'],
    ['deinstall ok config-files', 'removed'],
    ['purge ok not-installed', undefined],
  ];
  for (const [words, status] of states)
    it(`${words} is ${status ?? 'not there'}`, async (context) => {
      const root = makeSystem(context, { 'var/lib/dpkg/status': stanza('a', words) });
      const { hits } = await askBelow(root).ask({ statuses: ['installed', 'broken', 'removed'] });
      assert.deepEqual(
        hits.map((row) => [row.status, row.state]),
        status === undefined ? [] : [[status, words === installed ? undefined : words]],
      );
    });

  it('is asked for what is there, unless for what was removed', async (context) => {
    const text = ['install ok installed', 'hold ok installed', 'install ok unpacked', 'deinstall ok config-files'];
    const root = makeSystem(context, {
      'var/lib/dpkg/status': text.map((words, index) => stanza(`p${index}`, words)).join(''),
    });
    const { ask } = askBelow(root);
    const namesOf = async (statuses?: string[]) =>
      (await ask(statuses === undefined ? {} : { statuses })).hits.map(({ name }) => name).join(' ');
    assert.equal(await namesOf(), 'p0 p1 p2');
    assert.equal(await namesOf(['installed']), 'p0 p1');
    assert.equal(await namesOf(['held']), 'p1');
    assert.equal(await namesOf(['broken', 'held']), 'p1 p2');
    assert.equal(await namesOf(['removed']), 'p3');
  });

  it('is read with the journal of an interrupted run over it', async (context) => {
    const root = makeSystem(context, {
      'var/lib/dpkg/status': stanza('a', installed) + stanza('b', installed),
      'var/lib/dpkg/updates/0000': stanza('a', 'install reinstreq half-installed'),
      'var/lib/dpkg/updates/0001': stanza('a', 'install ok unpacked') + stanza('c', 'install ok unpacked'),
      'var/lib/dpkg/updates/tmp.i': stanza('not', installed),
    });
    const { hits, receipt } = await askBelow(root).ask({});
    assert.deepEqual(
      hits.map(({ name, state }) => [name, state]),
      [
        ['a', 'install ok unpacked'],
        ['b', undefined],
        ['c', 'install ok unpacked'],
      ],
    );
    assert.deepEqual(
      receipt.sources?.map(({ path, entries }) => [path?.slice(root.length), entries]),
      [
        ['/var/lib/dpkg/status', 2],
        ['/var/lib/dpkg/updates', 3],
      ],
    );
  });

  it('of an image without dpkg has a file for each package, in any order of fields', async (context) => {
    const root = makeSystem(context, {
      'var/lib/dpkg/status.d/base': 'Package: base-files\nVersion: 12.4\narchitecture: amd64\nSource: base (12)\n',
      'var/lib/dpkg/status.d/base.md5sums': 'Package: no\nVersion: 1\n',
      'var/lib/dpkg/status.d/tzdata': 'Version: 2024a-0\nPackage: tzdata\nArchitecture: all\n\n',
    });
    const { hits } = await askBelow(root).ask({});
    assert.deepEqual(hits, [
      {
        name: 'base-files',
        type: 'dpkg',
        status: 'installed',
        version: '12.4',
        arch: 'amd64',
        source: 'base',
        sourceversion: '12',
      },
      { name: 'tzdata', type: 'dpkg', status: 'installed', version: '2024a-0', arch: 'all' },
    ]);
  });

  it('holds any bytes', async (context) => {
    const root = makeSystem(context, {
      'var/lib/dpkg/status': Buffer.concat([
        Buffer.from(
          'Package: a\nStatus: install ok installed\nMaintainer: J\xf6rg\nArchitecture: all\nVersion: 1\\2\n\n',
          'latin1',
        ),
        Buffer.from('Package: b\nStatus: install ok installed\nMaintainer: Jörg\nArchitecture: all\nVersion: 1\n\n'),
      ]),
    });
    const { hits } = await askBelow(root).ask({});
    assert.deepEqual(
      hits.map(({ version, origin: by }) => [version, by]),
      [
        ['1\\\\2', 'J\\xf6rg'],
        ['1', 'Jörg'],
      ],
    );
  });
});

it('a package was installed when its list of files was written', async (context) => {
  const root = makeSystem(context, {
    'var/lib/dpkg/status': stanza('a', installed) + stanza('b', installed) + stanza('c', installed),
    'var/lib/dpkg/info/a.list': '',
    'var/lib/dpkg/info/b:amd64.list': '',
  });
  utimesSync(join(root, 'var/lib/dpkg/info/a.list'), 1, Date.parse('2026-01-31T07:00:00Z') / 1000);
  const { hits, receipt } = await askBelow(root).ask({ installeds: ['2026-01-31'] });
  assert.deepEqual(
    hits.map(({ name, installed: at }) => [name, at]),
    [['a', Date.parse('2026-01-31T07:00:00Z')]],
  );
  // The list of c is missing: when it was installed is unknown.
  assert.deepEqual(receipt.skipped, [{ reason: 'undecided', count: 1 }]);
  assert.deepEqual(
    (await askBelow(root).ask({ installeds: ['<1h'] })).hits.map(({ name }) => name),
    ['b'],
  );
});

describe('the receipt', () => {
  const path = 'var/lib/dpkg/status';
  const told = { names: ['path', 'entries'], count: ['entries'], yesno: [] } as const;
  for (const [answer, more] of Object.entries(told))
    it(`of an answer of ${answer} tells ${more.join(' and ') || 'neither path nor entries'} of a source`, async (context) => {
      const root = makeSystem(context, { [path]: stanza('a', installed) });
      const { receipt } = await askAs(root, answer);
      const [source = { kind: '', complete: false }, ...others] = receipt.sources ?? [];
      assert.deepEqual(others, []);
      assert.deepEqual(Object.keys(source).sort(), ['complete', 'kind', ...more].sort());
    });
});

describe('a database that cannot be read', () => {
  it('is unknown, not empty', async (context) => {
    const root = makeSystem(context, { 'var/lib/dpkg/status/folder': '' });
    const { hits, receipt, errors } = await askBelow(root).ask({});
    assert.deepEqual(hits, []);
    assert.deepEqual(receipt.sources, [
      { kind: 'dpkg', path: join(root, 'var/lib/dpkg/status'), entries: 0, complete: false },
    ]);
    assert.deepEqual(receipt.skipped, [{ reason: 'read-error', count: 1 }]);
    assert.match(errors.join(), /dpkg: .*status was not read completely: special-file/);
  });

  for (const [what, files] of [
    ['missing', {}],
    ['empty', { 'var/lib/dpkg/status': '' }],
  ] as const)
    it(`is ${what} beside the lists of files, which is a gap`, async (context) => {
      const root = makeSystem(context, { ...files, 'var/lib/dpkg/info/a.list': '/.\n' });
      const { receipt, errors } = await askBelow(root).ask({});
      assert.ok(receipt.sources?.some(({ kind, complete }) => kind === 'dpkg' && !complete));
      assert.deepEqual(receipt.skipped, [{ reason: 'read-error', count: 1 }]);
      assert.match(errors.join(), /status was not read completely/);
    });

  it('is cut, which is said', async (context) => {
    const root = makeSystem(context, { 'var/lib/dpkg/status': stanza('a', installed).slice(0, -3) });
    const { hits, receipt } = await askBelow(root).ask({});
    assert.equal(hits.length, 1);
    assert.equal(receipt.sources?.[0]?.complete, false);
  });

  it('is protected, and then not read', async (context) => {
    const root = makeSystem(context, { 'var/lib/dpkg/status': stanza('a', installed) });
    const rules = [{ glob: join(root, 'var/lib/dpkg/status'), mayRead: false, mayTell: true }];
    const { askAll } = askBelow(root);
    const { hits, receipt } = await askAll({ s1: {} }, undefined, {}, { rules, contents: [], questions: 9 });
    assert.deepEqual(hits, []);
    assert.deepEqual(receipt.skipped, [{ reason: 'protected', count: 1 }]);
  });

  it('is not there, which is said', async (context) => {
    const { receipt, errors } = await askBelow(makeSystem(context, {})).ask({});
    assert.deepEqual(receipt.skipped, [{ reason: 'unsupported', count: 1 }]);
    assert.match(errors.join(), /no database/);
  });

  it('may not be opened', {
    skip: process.getuid?.() === 0 ? 'needs a user other than root' : false,
  }, async (context) => {
    const root = makeSystem(context, { 'var/lib/dpkg/status': stanza('a', installed) });
    chmodSync(join(root, 'var/lib/dpkg/status'), 0);
    const { receipt } = await askBelow(root).ask({});
    assert.deepEqual(receipt.skipped, [{ reason: 'no-permission', count: 1 }]);
    rmSync(join(root, 'var/lib/dpkg/status'));
  });
});

describe('parseStanzas', () => {
  it('reads what dpkg writes as it reads the same fields in another order', () => {
    const word = fc.stringMatching(/^[a-zA-Z0-9.:+~ ()-]{1,12}$/).filter((text) => text.trim() === text);
    const record = fc.record({
      package: word,
      status: word,
      maintainer: word,
      architecture: word,
      source: fc.option(word, { nil: undefined }),
      version: word,
    });
    const label = (name: string) => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 4 }), fc.boolean(), (records, isReversed) => {
        const text = records.map((one) => {
          const lines = Object.entries(one).flatMap(([name, value]) =>
            value === undefined ? [] : [`${label(name)}: ${value}\n`, `X-${name}: no\n Version: no\n`],
          );
          return `${(isReversed ? lines.filter((line) => !line.startsWith('X')).reverse() : lines).join('')}\n`;
        });
        const read = [...parseStanzas(text.join(''))].map(({ source, ...one }) => ({ ...one, source }));
        assert.deepEqual(
          read,
          records.map(({ source, ...one }) => ({ ...one, source })),
        );
      }),
    );
  });

  it('takes any text', () => {
    const line = fc.constantFrom(
      'Package: a',
      'Status:',
      'Version: 1',
      'Maintainer: b',
      'Architecture: c',
      'Source: d',
      ' x',
      '',
      ':',
      'X',
    );
    fc.assert(fc.property(fc.array(line), (lines) => void [...parseStanzas(lines.join('\n'))]));
  });
});

const hasDpkg = spawnSync('dpkg-query', ['--version']).status === 0;

describe('this machine', { skip: hasDpkg ? false : 'needs dpkg-query' }, () => {
  it('has the packages that dpkg-query lists', async () => {
    const fields = ['Package', 'Version', 'Architecture', 'db:Status-Status', 'source:Package', 'source:Version'];
    const format = `${fields.map((field) => `\${${field}}`).join('\t')}\n`;
    const listed = spawnSync('dpkg-query', ['-W', '-f', format], { encoding: 'utf8' }).stdout;
    const expected = listed.split('\n').filter((line) => /\tinstalled\t/.test(line));
    const { hits } = await askerOf(module, run).ask({
      types: ['dpkg'],
      statuses: ['installed'],
      options: { matchlimit: 0 },
    });
    const told = hits.map(({ name, version, arch, source = name, sourceversion = version }) =>
      [name, version, arch, 'installed', source, sourceversion].join('\t'),
    );
    assert.deepEqual(told.sort(), expected.sort());
  });
});
