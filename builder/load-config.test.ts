import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { ConfigError, type ConfigProblem, toLine } from './check/problem.ts';
import type { BuildConfigInput } from './config.ts';
import { writeKeyFiles } from './fixtures/keys.ts';
import { type LoadedEnvironment, loadEnvironment } from './load-config.ts';

const password = 'correct-horse';
let folder: string;
let fingerprints: ReadonlyMap<string, string>;
let files = 0;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mig-config-'));
  for (const name of ['file', 'memory']) {
    mkdirSync(join(folder, 'modules', name), { recursive: true });
    const declaration = "export const module = { platforms: ['linux'], needs: ['files'] };";
    writeFileSync(join(folder, 'modules', name, 'module.ts'), declaration);
    writeFileSync(join(folder, 'modules', name, 'run.ts'), '');
  }
  mkdirSync(join(folder, 'modules', 'shared'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  fingerprints = await writeKeyFiles(folder);
});
after(() => rmSync(folder, { recursive: true }));

type Environment = BuildConfigInput['environments'][string];
/** Untyped, because the tests make mistakes. */
type Loose = { [Key in keyof Environment]?: unknown } & Record<string, unknown>;

function keyOf(file: string): { file: string; fingerprint: string } {
  return { file, fingerprint: fingerprints.get(file) ?? 'A'.repeat(40) };
}

function goodEnvironment(): Environment {
  return {
    relay: { url: `amqps://mig-agent:${password}@relay.example.org:5671/mig`, ca: 'ca.pem' },
    investigators: { alice: { keys: [keyOf('alice.asc')] }, bob: { keys: [keyOf('bob.asc')] } },
    acl: { default: { minimumWeight: 2, weights: { alice: 2, bob: 1 } } },
    modules: ['file'],
  };
}

function writeConfig(source: string): string {
  files += 1;
  const file = join(folder, `build-${files}.config.ts`);
  writeFileSync(file, source);
  return file;
}

async function load(environment: unknown, name = 'production'): Promise<LoadedEnvironment> {
  const file = writeConfig(`export default ${JSON.stringify({ environments: { production: environment } })};`);
  return loadEnvironment(file, name, { root: folder, now: new Date(), testModules: false, tags: {} });
}

async function findProblems(environment: unknown, name?: string): Promise<readonly ConfigProblem[]> {
  try {
    await load(environment, name);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

const withAcl = (acl: unknown): Loose => ({ ...goodEnvironment(), acl });
const withRelay = (relay: unknown): Loose => ({ ...goodEnvironment(), relay });
const withUrl = (url: string): Loose => withRelay({ url });
const withClient = (certificate: string, key: string): Loose =>
  withRelay({ ...goodEnvironment().relay, clientCertificate: { certificate, key } });
const withKeys = (...keys: unknown[]): Loose => ({
  ...goodEnvironment(),
  investigators: { alice: { keys }, bob: { keys: [keyOf('bob.asc')] } },
});

const keyField = 'investigators.alice.keys[0].file';
const weights = { alice: 2, bob: 1 };

/** Each makes one mistake. The field is below `environments.production`; the line must match the pattern. */
const mistakes: readonly (readonly [name: string, make: () => unknown, field: string, says: RegExp])[] = [
  [
    'a key file that is missing',
    () => withKeys(keyOf('nobody.asc')),
    keyField,
    /got none at .*nobody\.asc.*gpg --armor/,
  ],
  ['a key file that is a folder', () => withKeys(keyOf('modules')), keyField, /readable.*permissions/],
  ['a key file that is no key', () => withKeys(keyOf('text.txt')), keyField, /armored OpenPGP public key/],
  ['a private key', () => withKeys(keyOf('private.asc')), keyField, /PRIVATE key.*compromised/],
  ['a private key behind a public one', () => withKeys(keyOf('private-behind.asc')), keyField, /PRIVATE key/],
  ['two keys in one file', () => withKeys(keyOf('two.asc')), keyField, /one public key, got several/],
  ['an expired key', () => withKeys(keyOf('expired.asc')), keyField, /expired.*quick-set-expire/],
  ['a revoked key', () => withKeys(keyOf('revoked.asc')), keyField, /revoked/],
  ['RSA of 1024 bits', () => withKeys(keyOf('rsa1024.asc')), keyField, /2048.*1024/],
  ['a DSA key', () => withKeys(keyOf('dsa.asc')), keyField, /RSA of 2048.*dsa/],
  ['a key that cannot sign', () => withKeys(keyOf('certify-only.asc')), keyField, /can sign.*quick-add-key/],
  ['a key that cannot encrypt', () => withKeys(keyOf('sign-only.asc')), keyField, /can encrypt.*cv25519 encr/],
  [
    'a fingerprint of another key',
    () => withKeys({ ...keyOf('alice.asc'), fingerprint: 'B'.repeat(40) }),
    'investigators.alice.keys[0].fingerprint',
    /got B{40}.*another channel/,
  ],
  [
    'a fingerprint that is none',
    () => withKeys({ file: 'alice.asc', fingerprint: 'abc' }),
    'investigators.alice.keys[0].fingerprint',
    /40 hex digits/,
  ],
  [
    "another person's key",
    () => withKeys(keyOf('alice.asc'), keyOf('bob.asc')),
    'investigators.bob.keys[0].file',
    /alice\.keys\[1\]/,
  ],
  ['nobody', () => ({ ...goodEnvironment(), investigators: {}, acl: {} }), 'investigators', /at least one person/],
  [
    "a person's name in capitals",
    () => ({ ...goodEnvironment(), investigators: { Alice: { keys: [keyOf('alice.asc')] } } }),
    'investigators.Alice',
    /lower-case/,
  ],
  [
    'weights that cannot reach the minimum',
    () => withAcl({ default: { minimumWeight: 4, weights } }),
    'acl.default.minimumWeight',
    /at most 3.*got 4/,
  ],
  [
    'a weight for a stranger',
    () => withAcl({ default: { minimumWeight: 2, weights: { ...weights, alcie: 1 } } }),
    'acl.default.weights.alcie',
    /did you mean "alice"/,
  ],
  [
    'a rule for a module that is not chosen',
    () => withAcl({ default: { minimumWeight: 1, weights }, memory: { minimumWeight: 1, weights } }),
    'acl.memory',
    /add "memory" to modules/,
  ],
  [
    'a rule for a module that does not exist',
    () => withAcl({ default: { minimumWeight: 1, weights }, flie: { minimumWeight: 1, weights } }),
    'acl.flie',
    /did you mean "file"/,
  ],
  ['a module without a rule', () => withAcl({}), 'acl', /a rule for "file".*acl\.default/],
  [
    'an unknown module',
    () => ({ ...goodEnvironment(), modules: ['file', 'memroy'] }),
    'modules[1]',
    /did you mean "memory"/,
  ],
  ['a module twice', () => ({ ...goodEnvironment(), modules: ['file', 'file'] }), 'modules[1]', /once/],
  ['no modules', () => ({ ...goodEnvironment(), modules: [] }), 'modules', /at least 1/],
  ['a URL that is none', () => withUrl(`relay.example.org ${password}`), 'relay.url', /amqps:\/\/mig-agent:PASSWORD@/],
  ['an HTTP URL', () => withUrl(`https://a:${password}@relay.example.org/`), 'relay.url', /amqps:, got "https:"/],
  ['AMQP without TLS', () => withUrl(`amqp://a:${password}@relay.example.org/`), 'relay.url', /TLS.*this machine only/],
  ['a URL without credentials', () => withUrl('amqps://relay.example.org/'), 'relay.url', /user name and password/],
  ['a "#" in the password', () => withUrl(`amqps://a:${password}@relay.example.org/#x`), 'relay.url', /percent-encode/],
  ['a "%" in the password', () => withUrl(`amqps://a:${password}%@relay.example.org/`), 'relay.url', /lone "%".*%25/],
  ['a line break in the URL', () => withUrl(`amqps://a:${password}@relay.example.org/\n`), 'relay.url', /white space/],
  ['a CA that is missing', () => withRelay({ ...goodEnvironment().relay, ca: 'no.pem' }), 'relay.ca', /got none at/],
  ['a CA that is no PEM', () => withRelay({ ...goodEnvironment().relay, ca: 'text.txt' }), 'relay.ca', /openssl x509/],
  ['an expired CA', () => withRelay({ ...goodEnvironment().relay, ca: 'ca-expired.pem' }), 'relay.ca', /expired/],
  [
    'a CA with its private key',
    () => withRelay({ ...goodEnvironment().relay, ca: 'ca-with-key.pem' }),
    'relay.ca',
    /PRIVATE key/,
  ],
  [
    'a client certificate without its file',
    () => withClient('no.pem', 'client.key'),
    'relay.clientCertificate.certificate',
    /got none at "no\.pem"/,
  ],
  [
    'a client certificate that is none',
    () => withClient('text.txt', 'client.key'),
    'relay.clientCertificate.certificate',
    /BEGIN CERTIFICATE/,
  ],
  [
    'a client certificate that is over',
    () => withClient('ca-expired.pem', 'other.key'),
    'relay.clientCertificate.certificate',
    /that expired/,
  ],
  [
    'the key of another client certificate',
    () => withClient('client.pem', 'other.key'),
    'relay.clientCertificate.key',
    /expected the private key of "CN=Test CA", got another/,
  ],
  [
    'a client key that is none',
    () => withClient('client.pem', 'text.txt'),
    'relay.clientCertificate.key',
    /openssl pkey/,
  ],
  [
    'a proxy that is no HTTP proxy',
    () => withRelay({ ...goodEnvironment().relay, proxies: ['http://proxy:3128', `socks5://a:${password}@proxy`] }),
    'relay.proxies[1]',
    /http:\/\/proxy\.example\.org:3128/,
  ],
  [
    'more root keys asked for than there are',
    () => ({
      ...goodEnvironment(),
      rootkeys: { people: { carol: { keys: [keyOf('alice.asc')] } }, threshold: 2 },
      investigators: { bob: { keys: [keyOf('bob.asc')] } },
      acl: { default: { minimumWeight: 1, weights: { bob: 1 } } },
    }),
    'rootkeys.threshold',
    /at most 1.*no trust list could ever be signed/,
  ],
  [
    'a protected path that is relative',
    () => ({ ...goodEnvironment(), protected: [{ paths: ['etc/shadow'], content: 'never' }] }),
    'protected[0].paths[0]',
    /an absolute path, or one that begins with/,
  ],
  [
    'a yes or no in quotes',
    () => ({ ...goodEnvironment(), extraPrivacy: 'yes' }),
    'extraPrivacy',
    /boolean, got "yes"/,
  ],
  [
    'a field misspelt',
    () => ({ ...goodEnvironment(), limits: { cpuPercnt: 10 } }),
    'limits.cpuPercnt',
    /did you mean "cpuPercent"/,
  ],
  ['an unknown field', () => ({ ...goodEnvironment(), colour: 1 }), 'colour', /known here: relay, investigators/],
  ['a field missing', () => ({ ...goodEnvironment(), relay: undefined }), 'relay', /expected object, got nothing/],
  [
    'a limit out of bounds',
    () => ({ ...goodEnvironment(), limits: { cpuPercent: 101 } }),
    'limits.cpuPercent',
    /at most 100, got 101/,
  ],
  [
    'a field of another type',
    () => ({ ...goodEnvironment(), heartbeatSeconds: '9' }),
    'heartbeatSeconds',
    /number, got "9"/,
  ],
  [
    'a tag that is too long',
    () => ({ ...goodEnvironment(), tags: { team: 'x'.repeat(300) } }),
    'tags.team',
    /at most 256/,
  ],
];

const told: (readonly [name: string, line: string])[] = [];

/** Replaces values that differ in each run by names. */
function toMistakesPage(): string {
  const rows = told.map(([name, line]) => {
    const shown = line
      .replace('environments.production.', '')
      .replaceAll(`${folder}/`, '')
      .replaceAll(/\b(?!B{40})[0-9A-F]{40}\b/g, 'FINGERPRINT')
      .replaceAll(/expired \w{3} .* GMT/g, 'expired DATE')
      .replaceAll('|', '\\|');
    const [, field, rest] = /^(\S+): (.*)$/.exec(shown) ?? [];
    return `| ${name} | \`${field}\` | ${rest} |`;
  });
  return `# Mistakes in build.config.ts

What \`npm run build:agent\` says of each, in one line with the field (below \`environments.NAME\`) and the remedy. Several are told at once,
and nothing is built. \`builder/load-config.test.ts\` makes each of these mistakes and writes this table.

| mistake | field | what is said |
|---|---|---|
${rows.join('\n')}
`;
}

describe('a mistake in build.config.ts is told in one line with field and remedy', () => {
  for (const [name, make, field, says] of mistakes)
    test(name, async () => {
      const problems = await findProblems(make());
      assert.deepEqual(
        problems.map((problem) => problem.field),
        [`environments.production.${field}`],
      );
      const line = problems.map(toLine).join('');
      assert.match(line, says);
      assert.match(line, /: expected .+ \(hint: .+\)$/);
      assert.doesNotMatch(line, /\n/);
      assert.ok(!line.includes(password), 'the password must not be shown');
      told.push([name, line]);
    });

  test('as docs/config-mistakes.md shows it', () => {
    const page = join(import.meta.dirname, '..', 'docs', 'config-mistakes.md');
    const table = toMistakesPage();
    if (process.env.UPDATE === '1') writeFileSync(page, table);
    assert.equal(readFileSync(page, 'utf8'), table, 'UPDATE=1 records it anew');
  });
});

test('all mistakes are told at once', async () => {
  const problems = await findProblems({
    ...withKeys(keyOf('nobody.asc'), keyOf('expired.asc')),
    relay: { url: 'amqp://relay.example.org/', ca: 'no.pem' },
    acl: { default: { minimumWeight: 9, weights } },
    modules: ['file', 'flie'],
  });
  assert.equal(problems.length, 7);
});

test('whatever a field holds, it is accepted or told in one line below its environment', async () => {
  const fields = [...Object.keys(goodEnvironment()), 'tags', 'limits', 'heartbeatSeconds', 'toString'];
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...fields), fc.jsonValue(), async (field, value) => {
      for (const { field: told, message, hint } of await findProblems({ ...goodEnvironment(), [field]: value })) {
        assert.match(told, /^environments\.production\b/);
        assert.doesNotMatch(`${told}${message}${hint}`, /\p{Cc}/u);
      }
    }),
    { numRuns: 150 },
  );
});

test('an environment that does not exist is told with the one that was meant', async () => {
  const problems = await findProblems(goodEnvironment(), 'prodction');
  assert.deepEqual(
    problems.map(({ field, hint }) => [field, hint]),
    [['environments.prodction', 'did you mean "production"?']],
  );
});

test('a good environment is baked with keys, CA and defaults', async () => {
  const { environment, warnings } = await load({ ...goodEnvironment(), tags: { operator: 'it' } });
  assert.equal(environment.name, 'production');
  assert.match(environment.relay.ca ?? '', /^-----BEGIN CERTIFICATE-----/);
  assert.deepEqual(
    environment.investigators.map((person) => person.keys.map((key) => key.fingerprint)),
    [[fingerprints.get('alice.asc')], [fingerprints.get('bob.asc')]],
  );
  assert.equal(environment.heartbeatSeconds, 60);
  assert.equal(environment.limits.parallelModules, 2);
  assert.deepEqual(warnings, []);
});

test('a client certificate is baked with its key', async () => {
  const relay = { ...goodEnvironment().relay, clientCertificate: { certificate: 'client.pem', key: 'client.key' } };
  const { environment } = await load({ ...goodEnvironment(), relay });
  assert.match(environment.relay.clientCertificate?.certificate ?? '', /^-----BEGIN CERTIFICATE-----/);
  assert.match(environment.relay.clientCertificate?.key ?? '', /^-----BEGIN PRIVATE KEY-----/);
});

test('text around a key is not baked in', async () => {
  const { environment: before } = await load(goodEnvironment());
  const plain = before.investigators[0]?.keys[0]?.armored ?? '';
  writeFileSync(join(folder, 'noted.asc'), `internal note\n${plain}\nanother\n`);
  const { environment } = await load(withKeys({ ...keyOf('alice.asc'), file: 'noted.asc' }));
  assert.equal(environment.investigators[0]?.keys[0]?.armored, plain);
});

test('an example key is warned about', async () => {
  writeFileSync(
    join(folder, 'example-alice.asc'),
    (await load(goodEnvironment())).environment.investigators[0]?.keys[0]?.armored ?? '',
  );
  const { warnings } = await load(withKeys({ ...keyOf('alice.asc'), file: 'example-alice.asc' }));
  assert.equal(warnings.length, 1);
  assert.match(warnings[0] ?? '', /example-alice\.asc/);
});

test("the checkout's own config is sound, and its examples are warned about", async () => {
  for (const name of ['development', 'production']) {
    const file = resolve(import.meta.dirname, '..', 'build.config.ts');
    const { warnings } = await loadEnvironment(file, name, {
      root: folder,
      now: new Date(),
      testModules: false,
      tags: {},
    });
    assert.equal(warnings.length, 3);
  }
});

test('plain AMQP to this machine is accepted', async () => {
  for (const host of ['localhost', '127.0.0.1', '[::1]']) await load(withUrl(`amqp://mig-agent:secret@${host}:5672/`));
});

describe('a config file that cannot be loaded has its own code', () => {
  const broken: readonly (readonly [name: string, source: string, says: RegExp])[] = [
    ['a syntax error', 'export default {\n  environments: [1,\n};', /an error in line 3, column 1 of \S+: [^\n]+$/],
    ['an end that is missing', 'export default {', /in line 1, column 17 of/],
    ['a place behind letters of several bytes', "export default { ü: 'ä' 'ö' };", /in line 1, column 25 of/],
    ['an exception', "\nthrow new Error('no\u001b[31m\\nwhy');", /in line 2, column 7: no\\u001b\[31m\\u000awhy$/],
    ['an unknown name', 'export default {\n  environments: wrong };', /in line 2, column 17: wrong is not defined$/],
    ['what Node does not take', 'export default 1;\nenum A { b }', /in line 2: TypeScript enum is not supported/],
    ['an import that is missing', "import './nowhere.ts';", /in line 1, column 8 of .+nowhere/],
    ['an import with an error', "import { a } from './half.ts';\nexport default 1;", /line 2, column 1 of half\.ts: /],
  ];
  before(() => writeFileSync(join(folder, 'half.ts'), 'export const a = {\n'));
  for (const [name, source, says] of broken)
    test(name, async () => {
      const loading = loadEnvironment(writeConfig(source), 'production', {
        root: folder,
        now: new Date(),
        testModules: false,
        tags: {},
      });
      await assert.rejects(loading, { code: 'config-broken', message: says });
    });

  // JavaScript takes the second without a word: an agent would have been built from half of what stands there.
  test('a name that stands twice', async () => {
    const source = `export default {
  environments: {
    production: { relay: 1 },
    staging: { tags: { a: '1', a: '2' } },
    production: { relay: 2 },
  },
};`;
    const loading = loadEnvironment(writeConfig(source), 'production', {
      root: folder,
      now: new Date(),
      testModules: false,
      tags: {},
    });
    await assert.rejects(loading, (error) => {
      assert.ok(error instanceof ConfigError);
      assert.deepEqual(
        error.problems.map(({ field, message }) => `${field}: ${message}`),
        [
          'line 4, column 32: expected each name once, got "a" again; the first is in line 4, column 24',
          'line 5, column 5: expected each name once, got "production" again; the first is in line 3, column 5',
        ],
      );
      return true;
    });
  });

  test('a missing file', async () => {
    const loading = loadEnvironment(join(folder, 'none.ts'), 'production', {
      root: folder,
      now: new Date(),
      testModules: false,
      tags: {},
    });
    await assert.rejects(loading, { code: 'config-missing' });
  });

  test('no default export', async () => {
    const loading = loadEnvironment(writeConfig('export const x = 1;'), 'production', {
      root: folder,
      now: new Date(),
      testModules: false,
      tags: {},
    });
    await assert.rejects(loading, { code: 'config-invalid' });
  });
});
