import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { packDocument } from '../../../modules/policy/document/packed.ts';
import { loadModules } from '../../../modules/registry.ts';
import { CodedError } from '../../../protocol/base/coded-error.ts';
import { toActionFile } from '../new-action.ts';
import { parseActionFile } from './action-file.ts';

const modules = await loadModules(['file', 'netstat', 'memory', 'package', 'account', 'setting', 'policy']);

const scribedoc = { objects: [{ object: 'o', package: { name: 'x' } }], tests: [{ test: 't', object: 'o' }] };

function parse(text: string) {
  return parseActionFile(Buffer.from(text, 'utf8'), 'q.json', modules);
}

/** As the original's users have them: server fields, old names, a revision with a point, several operations. */
const former = `{
  "name": "backdoor of 2014", "id": 0, "counters": {}, "pgpsignatures": null,
  "validfrom": "0001-01-01T00:00:00Z", "expireafter": "0001-01-01T00:00:00Z",
  "description": { "author": "A Person", "email": "a@example.org", "revision": 201402241700.0 },
  "threat": { "level": "alert", "family": "backdoor" },
  "target": "agents.queueloc like 'agents.linux.%'",
  "operations": [
    { "module": "file", "parameters": { "searches": {
      "nested": {
        "paths": ["/usr/bin/*"], "regexes": ["^x"],
        "sha256": ["adbee847c12c73605ff657e668c8096df138f824eb542027a10c0b5c07619c8d"],
        "options": { "matchall": true, "maxdepth": 5.0, "matchlimit": 10 }
      }
    } } },
    { "module": "connected", "parameters": { "installer": ["192.0.2.1"], "control": ["192.0.2.7"] } },
    { "module": "netstat", "parameters": { "listeningport": ["22"], "namespaces": true } }
  ],
  "syntaxversion": 2
}`;

describe('an action file of the original', () => {
  it('loads with parameters that -z packed', () => {
    const pack = (value: unknown): string => gzipSync(JSON.stringify(value)).toString('base64');
    const file = (parameters: unknown): string =>
      JSON.stringify({
        name: 'x',
        target: 'all',
        operations: [{ module: 'file', is_compressed: true, want_compressed: true, parameters: pack(parameters) }],
      });
    const search = { paths: ['/etc'], names: ['^x$'], options: { matchall: true, maxdepth: 5 } };
    const { template } = parse(file({ searches: { s1: search } }));
    assert.deepEqual(template.operations, [{ module: 'file', parameters: { searches: { s1: search } } }]);
    assert.throws(
      () => parse(file({ searches: { s1: { ...search, sizes: ['huge'] } } })),
      /^CodedError: q\.json:1:\d+: operations\[0\]\.parameters\.searches\.s1\.sizes\[0\]: expected a size/,
    );
    assert.throws(() => parse(file(' '.repeat(20_000_000))), /parameters: expected parameters that mig -z packed/);
  });

  it('loads with the names of today', () => {
    const { template, target } = parse(former);
    assert.equal(template.name, 'backdoor of 2014');
    assert.deepEqual(template.description, { author: 'A Person', email: 'a@example.org', revision: 201402241700 });
    assert.deepEqual(template.threat, { level: 'alert', family: 'backdoor' });
    assert.equal(target, "queueloc like 'agents.linux.%'");
    assert.deepEqual(template.operations, [
      {
        module: 'file',
        parameters: {
          searches: {
            nested: {
              paths: ['/usr/bin/*'],
              contents: ['^x'],
              sha2: ['adbee847c12c73605ff657e668c8096df138f824eb542027a10c0b5c07619c8d'],
              options: { matchall: true, maxdepth: 5, matchlimit: 10 },
            },
          },
        },
      },
      { module: 'netstat', parameters: { connectedip: ['192.0.2.1', '192.0.2.7'] } },
      { module: 'netstat', parameters: { listeningport: ['22'], searchnamespaces: true } },
    ]);
  });

  const fileOperations = (parameters: string) =>
    parse(`{"syntaxversion": 2, "name": "n", "operations": [{"module": "file", "parameters": ${parameters}}]}`).template
      .operations[0]?.parameters;

  it('loads with labels of any kind, and a search that is there twice', () => {
    const search = '{"paths": ["/"], "names": ["^a$"], "md5": ["d41d8cd98f00b204e9800998ecf8427e"]}';
    const parameters = fileOperations(`{"searches": {"bin/ls_2.4 (old)": ${search}, "bin/ls_2.4 (old)": ${search}}}`);
    assert.deepEqual(parameters, { searches: { 'bin/ls_2.4 (old)': JSON.parse(search) } });
  });

  it('loads with searches in the place of the parameters', () => {
    const parameters = fileOperations('{"hosts": {"paths": ["C:\\\\Windows\\\\System32"], "regexes": ["localhost"]}}');
    assert.deepEqual(parameters, {
      searches: { hosts: { paths: ['C:\\Windows\\System32'], contents: ['localhost'] } },
    });
  });

  it('loads without the options that have no meaning any more', () => {
    const options = '{"debug": "print", "remotefs": true, "matchlimit": 0, "maxdepth": 0, "mismatch": ["sha1"]}';
    const parameters = fileOperations(`{"searches": {"s1": {"paths": ["/a"], "sha1": [], "options": ${options}}}}`);
    assert.deepEqual(parameters, {
      searches: { s1: { paths: ['/a'], sha1: [], options: { matchlimit: 0, maxdepth: 0, mismatch: ['sha1'] } } },
    });
  });

  it('loads with the parameters of netstat and memory', () => {
    const netstat = {
      connectedip: ['0.0.0.0/0'],
      listeningport: ['22'],
      localip: ['0.0.0.0/0'],
      localmac: ['^[0-9a-f]'],
      neighborip: ['192.0.2.6'],
      neighbormac: ['30:05:5c:00:80:3a'],
    };
    const search = {
      description: 'why',
      names: ['^/usr/sbin/sshd$'],
      libraries: ['libcrypto'],
      bytes: ['4d5a90'],
      contents: ['beacon'],
      options: { offset: 4096, maxlength: 1_000_000, logfailures: true, matchall: true },
    };
    const operations = [
      { module: 'netstat', parameters: netstat },
      { module: 'memory', parameters: { searches: { 's-1': search } } },
    ];
    const text = JSON.stringify({ syntaxversion: 2, name: 'n', operations });
    assert.deepEqual(parse(text).template.operations, operations);
  });

  /** As the original's `mig MODULE … -p` prints it, around the operation. */
  const printed = (operation: unknown): string =>
    JSON.stringify({
      id: 0,
      name: 'file -t all -path /etc -name ^passwd$ -p ',
      target: "status='online'",
      description: {},
      threat: {},
      validfrom: '0001-01-01T00:00:00Z',
      expireafter: '0001-01-01T00:00:00Z',
      operations: [operation],
      pgpsignatures: null,
      starttime: '0001-01-01T00:00:00Z',
      finishtime: '0001-01-01T00:00:00Z',
      lastupdatetime: '0001-01-01T00:00:00Z',
      counters: {},
    });
  const fileOptions = { maxdepth: 1000, maxerrors: 30, matchall: true, macroal: false, matchlimit: 1000 };
  const printedByIt: readonly (readonly [string, unknown, string, unknown])[] = [
    [
      'file',
      { searches: { s1: { paths: ['/etc'], names: ['^passwd$'], options: { ...fileOptions, mismatch: null } } } },
      'file',
      { searches: { s1: { paths: ['/etc'], names: ['^passwd$'], options: fileOptions } } },
    ],
    [
      'file',
      { searches: { s1: { paths: ['/etc'], sizes: null, md5: null, options: { ...fileOptions, matchlimit: null } } } },
      'file',
      { searches: { s1: { paths: ['/etc'], options: { ...fileOptions, matchlimit: undefined } } } },
    ],
    [
      'memory',
      { searches: { s1: { names: ['sshd$'], bytes: null, options: { matchall: true } } } },
      'memory',
      { searches: { s1: { names: ['sshd$'], options: { matchall: true } } } },
    ],
    [
      'netstat',
      { listeningport: ['443'], localmac: null, namespaces: false },
      'netstat',
      { listeningport: ['443'], searchnamespaces: false },
    ],
    [
      'pkg',
      { pkgmatch: { matches: ['^openssl$', '^libssl'] }, vermatch: '!^3\\.' },
      'package',
      { searches: { s1: { names: ['(?:^openssl$)|(?:^libssl)'], versions: ['!^3\\.'] } } },
    ],
    [
      'pkg',
      { pkgmatch: { matches: ['^bash$'] }, vermatch: '' },
      'package',
      { searches: { s1: { names: ['^bash$'] } } },
    ],
    [
      'scribe',
      { scribedoc, onlytrue: true, humanoutput: false, jsonoutput: false },
      'policy',
      { searches: { s1: { ...packDocument(scribedoc), options: { onlytrue: true } } } },
    ],
    [
      'timedrift',
      { drift: '' },
      'setting',
      { searches: { s1: { settings: ['clock:synchronised', 'clock:esterror'] } } },
    ],
    [
      'file',
      { class: 'parameters', parameters: { searches: { s1: { paths: ['/etc'], regexes: ['x'] } } } },
      'file',
      { searches: { s1: { paths: ['/etc'], contents: ['x'] } } },
    ],
  ];
  for (const [module, parameters, today, expected] of printedByIt)
    it(`loads as its own -p printed it: ${module} ${JSON.stringify(parameters)}`, () => {
      const { template, target } = parse(printed({ module, parameters, want_compressed: null }));
      assert.deepEqual(
        JSON.parse(JSON.stringify(template.operations)),
        JSON.parse(JSON.stringify([{ module: today, parameters: expected }])),
      );
      assert.equal(target, "status='online'");
    });

  it('loads out of an answer of its server', () => {
    const action = JSON.parse(former);
    const answer = {
      collection: { version: '1.0', items: [{ href: '/', data: [{ name: 'action', value: action }] }] },
    };
    assert.deepEqual(parse(JSON.stringify(answer)).template, parse(former).template);
    assert.throws(() => parse('{"collection": {"items": []}}'), /expected one action, got an answer .* with none/);
  });

  it('of version 3 loads with its former names', () => {
    const parameters = { listeningport: ['22'], namespaces: true };
    const text = JSON.stringify({ syntaxversion: 3, name: 'n', operations: [{ module: 'netstat', parameters }] });
    assert.deepEqual(parse(text).template.operations[0]?.parameters, { listeningport: ['22'], searchnamespaces: true });
  });

  it('without a version is of today when it has what the original had not', () => {
    const operations = [{ module: 'file', parameters: { searches: { s1: { paths: ['/etc'] } } } }];
    assert.equal(parse(JSON.stringify({ name: 'n', fleet: 'staging', operations })).fleet, 'staging');
    assert.throws(
      () => parse(JSON.stringify({ name: 'n', limits: {}, validfrom: null, threat: 1, operations })),
      /threat/,
    );
  });

  for (const [says, text, expected] of [
    [
      'a scribe document',
      '{"variables": [], "objects": [{"object": "x"}], "tests": [{}, {}]}',
      /got a scribe document of 2 tests/,
    ],
    ['a large scribe document', `{"objects": [], "tests": ["${'x'.repeat(300_000)}"]}`, /got a scribe document, which/],
    [
      'a message to a module',
      '{"class": "parameters", "parameters": {"searches": {}}}',
      /got the message of class "parameters" for one module/,
    ],
    ['null for what must be there', '{"name": "n", "operations": null}', /operations: expected a list, got nothing/],
    [
      'a module without a successor',
      printed({ module: 'ping', parameters: { destination: 'x' } }),
      /"ping" \(a module of the original .*; no module sends/,
    ],
    [
      'packages that the original refused',
      printed({ module: 'pkg', parameters: { pkgmatch: { matches: null } } }),
      /pkgmatch/,
    ],
  ] as const)
    it(`refuses ${says} by name`, () => {
      assert.throws(
        () => parse(text),
        (error) =>
          error instanceof CodedError && error.code === 'action-file-malformed' && expected.test(error.message),
      );
    });

  it('prints as a file that loads to the same', () => {
    const { template, target } = parse(former);
    const again = parse(JSON.stringify(toActionFile(template, target ?? '')));
    assert.deepEqual(again.template, template);
    assert.equal(again.target, target);
  });
});

const small = '{"syntaxversion": 3, "name": "n", "operations": [{"module": "file", "parameters": PARAMETERS}]}';
const search = (more: string): string => small.replace('PARAMETERS', `{"searches": {"s1": {"paths": ["/x"]${more}}}}`);

describe('a file that is wrong says where and what was expected', () => {
  const mistakes: readonly (readonly [string, string, RegExp])[] = [
    ['no JSON', '{\n  "name": }', /^q\.json:2:11: expected JSON, got an unexpected \}$/],
    [
      'a comma too many',
      '{"name": "x",\n"target": "all",\n',
      /^q\.json:2:16: expected JSON, got a comma with no value/,
    ],
    ['no quotes', '{"name": all}', /^q\.json:1:10: expected JSON, got 'a'$/],
    ['cut off', '{"name": "x"', /^q\.json:1:\d+: expected JSON/],
    ['not an object', '[]', /^q\.json:1:1: expected an action/],
    ['a version in quotes', '{"syntaxversion": "2"}', /^q\.json:1:2: syntaxversion: expected 2 or 3, got "2"/],
    ['an old version', '{\n"syntaxversion": 1}', /^q\.json:2:1: syntaxversion: expected 2 or 3, got 1/],
    ['a key twice', '{"name": "x",\n"name": "y"}', /^q\.json:2:1: name: expected this key once/],
    [
      'an unknown key',
      '{"syntaxversion": 2,\n "name": "x", "targte": "all",\n "operations": [1]}',
      /^q\.json:2:15: .*"targte" \(did you mean "target"\?\)/,
    ],
    ['no operation', '{"syntaxversion": 3, "name": "x", "operations": []}', /operations: /],
    [
      'an unknown module',
      '{"syntaxversion": 3, "name": "x", "operations": [{"module": "flie", "parameters": {}}]}',
      /operations\[0\]\.module: .*did you mean file\?/,
    ],
    [
      'an unknown parameter',
      search(',\n "contnets": ["a"]'),
      /^q\.json:2:2: operations\[0\]\.parameters\.searches\.s1: .*"contnets" \(did you mean "contents"\?\)/,
    ],
    [
      'a wrong value',
      search(',\n "sizes": ["<10m", "big"]'),
      /^q\.json:2:20: operations\[0\]\.parameters\.searches\.s1\.sizes\[1\]: expected a size/,
    ],
    [
      'compressed parameters',
      '{"syntaxversion": 2, "name": "x", "operations": [{"module": "file", "is_compressed": true, "parameters": "H4s"}]}',
      /:1:92: operations\[0\]\.parameters: expected parameters that mig -z packed/,
    ],
    [
      'a text for a list',
      small.replace('PARAMETERS', '{"searches": {"s1": {"paths": "/x"}}}'),
      /searches\.s1\.paths: expected a list, got a text$/,
    ],
    [
      'nothing for a text',
      '{"syntaxversion": 2, "name": "x", "operations": [{"parameters": {}}]}',
      /\[0\]\.module: expected a text, got nothing/,
    ],
    [
      'an empty text',
      '{"syntaxversion": 2, "name": "", "operations": [{"parameters": {}}]}',
      /name: expected a text, got an empty one/,
    ],
    ['a number that is too small', search(', "options": {"matchlimit": -1}'), /matchlimit: expected at least 0$/],
    [
      'a module of the original that is not there',
      '{"syntaxversion": 2, "name": "x", "operations": [{"module": "fswatch", "parameters": {"drift": "60s"}}]}',
      /operations\[0\]\.module: .*got "fswatch" \(a module of the original that this mig does not have\)$/,
    ],
    [
      'an unknown module without parameters',
      '{"syntaxversion": 2, "name": "x", "operations": [{"module": "netsat"}]}',
      /parameters: expected a value, got nothing\n.*module: .*did you mean netstat\?\)$/,
    ],
    ['a prototype', search(', "__proto__": {}'), /__proto__/],
  ];
  for (const [name, text, expected] of mistakes)
    it(name, () => {
      assert.throws(
        () => parse(text),
        (error) =>
          error instanceof CodedError && error.code === 'action-file-malformed' && expected.test(error.message),
      );
    });

  it('all at once', () => {
    const text = search(', "sizes": ["big"], "mtimes": ["old"], "nmaes": []');
    assert.throws(
      () => parse(text),
      (error) => error instanceof CodedError && error.message.split('\n').length === 3,
    );
  });

  it('all at once, also behind an operation that is none', () => {
    const first = '{"module": "file", "parameters": {"searches": {"s1": {"paths": "/x"}}}}';
    assert.throws(
      () => parse(`{"syntaxversion": 3, "name": "n", "operations": [${first}, {"module": "netsat"}]}`),
      /paths: expected a list.*\[1\]\.parameters: expected a value, got nothing.*\[1\]\.module: .*did you mean netstat/s,
    );
  });

  it('too large or too deep', () => {
    assert.throws(() => parse(`{"name": "${'x'.repeat(300_000)}"}`), {
      code: 'json-too-large',
      message: /^q\.json: expected at most 262144 bytes/,
      hint: /several actions/,
    });
    assert.throws(() => parse(`${'['.repeat(5000)}${']'.repeat(5000)}`), { code: 'json-too-deep' });
  });

  it('whatever it is: nothing but coded errors comes out', () => {
    const anything = fc.oneof(
      fc.string(),
      fc.json(),
      fc.json().map((json) => former.replace('"192.0.2.1"', json)),
    );
    fc.assert(
      fc.property(anything, (text) => {
        try {
          parse(text);
        } catch (error) {
          assert.ok(error instanceof CodedError, String(error));
        }
      }),
    );
  });
});

describe('a question to a module that was merged into another', () => {
  function operationOf(module: string, parameters: string) {
    return parse(
      `{"name": "a", "target": "all", "syntaxversion": 2, "operations": [{"module": "${module}", "parameters": ${parameters}}]}`,
    ).template.operations[0];
  }

  const searches: readonly (readonly [parameters: string, search: object])[] = [
    ['{"pkgmatch": {"matches": ["^openssl$"]}}', { names: ['^openssl$'] }],
    ['{"pkgmatch": {"matches": ["^libc6:amd64$"]}, "vermatch": ""}', { names: ['^libc6:amd64$'] }],
    [
      '{"pkgmatch": {"matches": ["ssl", "!tls"]}, "vermatch": "!^1"}',
      { names: ['(?:ssl)|(?:!tls)'], versions: ['!^1'] },
    ],
    ['{"pkgmatch": {"matches": ["!a"]}}', { names: ['(?:!a)'] }],
  ];
  for (const [parameters, search] of searches)
    it(`becomes one to package: ${parameters}`, () =>
      assert.deepEqual(operationOf('pkg', parameters), {
        module: 'package',
        parameters: { searches: { s1: search } },
      }));

  const clocks: readonly (readonly [parameters: string, settings: readonly string[]])[] = [
    ['{}', ['clock:synchronised', 'clock:esterror']],
    ['{"drift": "1h30m"}', ['clock:synchronised = no']],
  ];
  for (const [parameters, settings] of clocks)
    it(`becomes one to setting: ${parameters}`, () => {
      const search = { searches: { s1: { settings } } };
      assert.partialDeepStrictEqual(operationOf('timedrift', parameters), { module: 'setting', parameters: search });
    });

  const keys: readonly (readonly [parameters: string, search: object])[] = [
    ['{}', { entries: ['key', 'privatekey'] }],
    ['{"maxdepth": 8}', { entries: ['key', 'privatekey'] }],
    ['{"paths": ["/root", "/home/a.b/"]}', { entries: ['key', 'privatekey'], paths: ['^(?:/root|/home/a\\.b)/'] }],
    ['{"paths": ["/home"], "maxdepth": 3}', { entries: ['key', 'privatekey'], paths: ['^(?:/home)(?:/[^/]+){1,3}$'] }],
  ];
  for (const [parameters, search] of keys)
    it(`becomes one to account: ${parameters}`, () =>
      assert.deepEqual(operationOf('sshkey', parameters), {
        module: 'account',
        parameters: { searches: { s1: search } },
      }));

  it('is refused where it would look for keys in other places', () =>
    assert.throws(() => operationOf('sshkey', '{"paths": ["/opt"]}'), {
      code: 'action-file-malformed',
      message: /q\.json:1:\d+: operations\[0\]/,
    }));

  it('is refused where its parameters are of neither', () =>
    assert.throws(() => operationOf('pkg', '{"pkgmatch": {"matches": []}}'), {
      code: 'action-file-malformed',
      message: /q\.json:1:\d+: operations\[0\]/,
    }));

  it('is refused with the reason where none has its questions', () =>
    assert.throws(() => operationOf('ping', '{"destination": "a"}'), {
      code: 'action-file-malformed',
      message: /"ping" \(a module of the original .*no module sends anything to other machines\)/,
    }));
});
