import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { PGlite } from '@electric-sql/pglite';
import fc from 'fast-check';
import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';
import { agentArbitrary, matchWithJavaScript, toTreeArbitrary } from '../protocol/target/arbitrary.ts';
import { evaluateTarget } from '../protocol/target/evaluate.ts';
import { parseTarget } from '../protocol/target/parser.ts';
import { TargetError } from '../protocol/target/target-error.ts';
import type { TargetNode } from '../protocol/target/tree.ts';
import { compileTarget } from './target-sql.ts';

const compiler = new Kysely<unknown>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});
/** One seed, so that the agents of a failing run can be made again. */
const agents = fc.sample(agentArbitrary, { numRuns: 60, seed: 1 });
const status = ['online', 'idle', 'offline'];
let database: PGlite;

before(async () => {
  database = await PGlite.create();
  // A time zone and a collation in which a target that depended on them would go wrong.
  await database.exec(`
    set time zone 'America/New_York';
    create table agents_view (
      row int, id text, name text collate "unicode", queueloc text, mode text, version text, status text,
      starttime timestamptz, heartbeattime timestamptz, environment jsonb, tags jsonb
    );
    create table canary (alive boolean);
    insert into canary values (true);
  `);
  for (const [row, agent] of agents.entries())
    await database.query('insert into agents_view values ($1, $2, $3, $4, $5, $6, $7, $8, now(), $9, $10)', [
      row,
      agent.id,
      agent.name,
      agent.queueloc,
      agent.mode,
      agent.version,
      status[row % status.length],
      agent.starttime,
      agent.environment,
      agent.tags,
    ]);
});

after(() => database.close());

async function select(tree: TargetNode): Promise<number[]> {
  const { sql, parameters } = compileTarget(tree).compile(compiler);
  const { rows } = await database.query<{ row: number }>(`select row from agents_view where ${sql} order by row`, [
    ...parameters,
  ]);
  return rows.map(({ row }) => row);
}

test('the server selects exactly the agents that select themselves', async () => {
  const relayTime = { earliestMs: Date.now(), latestMs: Date.now() };
  let selected = 0;
  await fc.assert(
    fc.asyncProperty(toTreeArbitrary({ serverOnly: false }), async (tree) => {
      const rows = await select(tree);
      selected += rows.length;
      const own = agents.map((agent) => evaluateTarget(tree, { ...agent, relayTime }, matchWithJavaScript));
      assert.deepEqual(
        rows,
        [...own.keys()].filter((row) => own[row] === true),
      );
      assert.ok(!own.includes('unknown'));
    }),
    { numRuns: 1000 },
  );
  assert.ok(selected > 1000, 'expected targets that select agents, got none');
});

test('an agent never refuses what the server selected by what only it knows', async () => {
  const relayTime = { earliestMs: Date.now() - 60_000, latestMs: Date.now() + 3_600_000 };
  await fc.assert(
    fc.asyncProperty(toTreeArbitrary({ serverOnly: true }), async (tree) => {
      const rows = new Set(await select(tree));
      for (const [row, agent] of agents.entries()) {
        const own = evaluateTarget(tree, { ...agent, relayTime }, matchWithJavaScript);
        if (own !== 'unknown') assert.equal(rows.has(row), own);
      }
    }),
    { numRuns: 1000 },
  );
});

test('online, NOW() and the columns of time mean what they say', async () => {
  const everyone = [...agents.keys()];
  const online = everyone.filter((row) => row % status.length === 0);
  assert.deepEqual(await select(parseTarget('online')), online);
  assert.deepEqual(await select(parseTarget("heartbeattime > NOW() - INTERVAL '1 hour'")), everyone);
  assert.deepEqual(await select(parseTarget("heartbeattime < NOW() - INTERVAL '1 hour'")), []);
  assert.deepEqual(await select(parseTarget("heartbeattime > NOW() + INTERVAL '1 hour'")), []);
});

/** Every word and symbol that compiled SQL may consist of, parameters by number. */
const ownVocabulary =
  /^(?:"(?:id|name|queueloc|mode|version|status|starttime|heartbeattime|environment|tags)"|collate "C"|\$\d+|::(?:text|timestamptz|double precision)|now\(\)|make_interval\(secs => |(?:true|false|and|or|not|in|is|null|like|ilike)\b|->>|~\*|~|<>|<=|>=|[=<>+(), ])*$/;

/** Runs what a target compiles to, and fails if anything of it was read as SQL. */
async function runSafely(text: string): Promise<'refused' | 'ran'> {
  let tree: TargetNode;
  try {
    tree = parseTarget(text);
  } catch (error) {
    assert.ok(error instanceof TargetError);
    return 'refused';
  }
  assert.match(compileTarget(tree).compile(compiler).sql, ownVocabulary);
  await select(tree);
  return 'ran';
}

async function assertCanary(): Promise<void> {
  const { rows } = await database.query('select alive from canary');
  assert.deepEqual(rows, [{ alive: true }]);
}

const attacks = [
  ...[
    "'; drop table canary; --",
    "' or '1'='1",
    "\\'; drop table canary; --",
    '$1',
    '$$',
    ':name',
    '?',
    '%s',
    '";',
    '*/',
    '/*',
  ],
  ...[
    '\u2019; drop table canary',
    '\u02bc or 1=1',
    'ʼ',
    '\ufeff',
    '\u0000',
    '\ud800',
    "''''",
    '\\',
    '\n--\n',
    "E'\\047'",
    "U&'\\0027'",
  ],
  ...[
    'pg_sleep(10)',
    '(select 1)',
    'union select',
    '::regclass',
    'set role postgres',
    'delete from canary',
    '{}',
    '[]',
    '\u202e',
  ],
];
const hostileText = fc.oneof(
  fc.array(fc.constantFrom(...attacks), { minLength: 1, maxLength: 3 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary' }),
);

const literalPlaces = [
  (value: string) => `name = '${value}'`,
  (value: string) => `name > '${value}'`,
  (value: string) => `environment->>'${value}' = 'x'`,
  (value: string) => `tags->>'${value}' IS NULL`,
  (value: string) => `name IN ('x', '${value}')`,
  (value: string) => `name LIKE '${value}'`,
  (value: string) => `name NOT ILIKE '%${value}%'`,
  (value: string) => `name ~ '${value}'`,
  (value: string) => `name !~* '${value}'`,
  (value: string) => `name BETWEEN '${value}' AND '${value}'`,
  (value: string) => `starttime > '${value}'`,
  (value: string) => `starttime > NOW() - INTERVAL '${value}'`,
];

test('no quoted literal is read as SQL, wherever it stands', async () => {
  let ran = 0;
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...literalPlaces), hostileText, async (place, value) => {
      if ((await runSafely(place(value.replaceAll("'", "''")))) === 'ran') ran += 1;
    }),
    { numRuns: 2000 },
  );
  assert.ok(ran > 500, `expected that many literals are legal, got ${ran}`);
  await assertCanary();
});

test('no unquoted attack is read as SQL, whether as a literal, an identifier or an operator', async () => {
  const places = [
    ...literalPlaces,
    (value: string) => `${value} = 'x'`,
    (value: string) => `"${value}" = 'x'`,
    (value: string) => `name ${value} 'x'`,
    (value: string) => `name = ${value}`,
    (value: string) => `all ${value}`,
    (value: string) => `starttime > NOW(${value})`,
    (value: string) => value,
  ];
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...places), hostileText, async (place, value) => {
      await runSafely(place(value));
    }),
    { numRuns: 2000 },
  );
  await assertCanary();
});

test('every value of a target is a parameter', () => {
  const { sql, parameters } = compileTarget(
    parseTarget(
      "tags->>'k1' = 'v1' AND name LIKE 'v2' AND name ~ 'v3' AND id IN ('v4', 'v5') AND starttime > '2026-01-31'",
    ),
  ).compile(compiler);
  assert.match(sql, ownVocabulary);
  assert.deepEqual(parameters, ['k1', 'v1', 'v2', 'v3', 'v4', 'v5', '2026-01-31T00:00:00.000Z']);
});

test('every regular expression that a target may hold compiles in PostgreSQL', async () => {
  const piece = fc.constantFrom(
    ...'ab0.^$|()[]*+?-,'.split(''),
    ...[
      '(?:',
      '{2}',
      '{0}',
      '{1,}',
      '{1,2}',
      '\\d',
      '\\W',
      '\\.',
      '[a-b]',
      '[^',
      '[[:alpha:]',
      '\\]',
      '[\\^',
      'é',
      '\\n',
      '??',
    ],
  );
  let ran = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('')),
      async (pattern) => {
        if ((await runSafely(`name ~ '${pattern}'`)) === 'ran') ran += 1;
      },
    ),
    { numRuns: 5000 },
  );
  assert.ok(ran > 500, `expected many accepted patterns, got ${ran}`);
});
