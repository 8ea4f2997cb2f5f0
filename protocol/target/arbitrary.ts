/** Random targets and agents for tests, made of few values so that conditions and agents often meet. */
import fc from 'fast-check';
import type { TargetFacts } from './evaluate.ts';
import { comparisons, type TargetInstant, type TargetNode, type TextColumn } from './tree.ts';

const keys = ['os', 'ident', 'addresses', 'team', "it's", 'toString', '__proto__', ''];
const texts = [
  ...['', 'linux', 'Linux', 'LINUX', 'linux.web1', 'web1', 'web12', 'WEB1', 'a%b', 'a_b', '100%', 'daemon', 'checkin'],
  ...[
    'é',
    'É',
    '\u{1f600}',
    '\uffee',
    "it's",
    'back\\slash',
    '"quoted"',
    'two\nlines',
    '["10.0.0.1", "fe80::1"]',
    'null',
    '5',
  ],
];
const likePatterns = [
  ...['', '%', '_', '__', '%%', 'linux', 'LINUX%', '%web_', '%web1%', '%1%2', '_%', 'a\\%b', 'a\\_b', 'a_b', '%\\%'],
  ...['%\\\\%', '\\l\\i%', 'É', '%0.0.1"%', '%\n%', '["%"]', '%_%_%x%_%'],
];
/** Read alike by PostgreSQL, RE2 and JavaScript. */
const regexes = [
  ...['', 'linux', '^linux$', 'L', 'web[0-9]+', '^(web|lin).*[12]$', '[^a-z]', 'a.b', 'o{0,1}n', '\\.web', '^$', '^.$'],
  ...['(a|b)?_', '\\d', '\\w\\W', '\\s', 'é', '"[0-9.]+"', '(n|u){2}', '[%_]', '\\\\s'],
];
const startTimes = ['2026-01-30T23:59:59Z', '2026-01-31T00:00:00Z', '2026-01-31T07:00:01Z'];

const fixedInstant: fc.Arbitrary<TargetInstant> = fc
  .constantFrom(...startTimes)
  .map((time) => ({ kind: 'fixed', timeMs: Date.parse(time) }));

/** fast-check's records lack a prototype unless told otherwise, which a deep comparison would see. */
function toRecord<Model>(model: { [Key in keyof Model]: fc.Arbitrary<Model[Key]> }): fc.Arbitrary<Model> {
  return fc.record(model, { noNullPrototype: true });
}

/** Trees as the parser makes them: every AND and OR joins at least two conditions. */
export function toTreeArbitrary(options: { readonly serverOnly: boolean }): fc.Arbitrary<TargetNode> {
  const names = [
    'id',
    'name',
    'queueloc',
    'mode',
    'version',
    ...(options.serverOnly ? (['status'] as const) : []),
  ] as const;
  const column = fc.oneof(
    toRecord({ kind: fc.constant('text'), name: fc.constantFrom(...names) }),
    toRecord({
      kind: fc.constant('json'),
      name: fc.constantFrom('environment', 'tags'),
      key: fc.constantFrom(...keys),
    }),
  ) satisfies fc.Arbitrary<TextColumn>;
  const timeColumn = toRecord({
    kind: fc.constant('time'),
    name: options.serverOnly ? fc.constantFrom('starttime', 'heartbeattime') : fc.constant('starttime'),
  });
  const instant = options.serverOnly
    ? fc.oneof(
        fixedInstant,
        toRecord({ kind: fc.constant('now'), offsetSeconds: fc.integer({ min: -1e9, max: 1e9 }).map((n) => n || 0) }),
      )
    : fixedInstant;
  const comparison = fc.constantFrom(...comparisons);
  const caseInsensitive = fc.boolean();
  const text = fc.constantFrom(...texts);
  const { tree } = fc.letrec<{ tree: TargetNode }>((tie) => {
    const terms = fc.array(tie('tree'), { minLength: 2, maxLength: 3 });
    return {
      tree: fc.oneof(
        { maxDepth: 4 },
        toRecord({ kind: fc.constant('compare'), column, comparison, value: text }),
        toRecord({ kind: fc.constant('constant'), value: fc.boolean() }),
        toRecord({ kind: fc.constant('compare-time'), column: timeColumn, comparison, instant }),
        toRecord({ kind: fc.constant('like'), column, pattern: fc.constantFrom(...likePatterns), caseInsensitive }),
        toRecord({ kind: fc.constant('regex'), column, pattern: fc.constantFrom(...regexes), caseInsensitive }).filter(
          ({ pattern, caseInsensitive }) => !(caseInsensitive && pattern === 'é'),
        ),
        toRecord({ kind: fc.constant('in'), column, values: fc.array(text, { minLength: 1, maxLength: 4 }) }),
        toRecord({ kind: fc.constant('is-null'), column: fc.oneof(column, timeColumn) }),
        toRecord({ kind: fc.constant('not'), term: tie('tree') }),
        toRecord({ kind: fc.constant('and'), terms }),
        toRecord({ kind: fc.constant('or'), terms }),
      ),
    };
  });
  return tree;
}

export const agentArbitrary: fc.Arbitrary<Omit<TargetFacts, 'relayTime'>> = toRecord({
  id: fc.constantFrom(...texts),
  name: fc.constantFrom(...texts),
  queueloc: fc.constantFrom(...texts),
  mode: fc.constantFrom('daemon', 'checkin'),
  version: fc.constantFrom(...texts),
  starttime: fc.constantFrom(...startTimes),
  environment: fc.dictionary(
    fc.constantFrom(...keys),
    fc.oneof(fc.constantFrom(...texts), fc.array(fc.constantFrom(...texts), { maxLength: 2 })),
    { maxKeys: 5 },
  ),
  tags: fc.dictionary(fc.constantFrom(...keys), fc.constantFrom(...texts), { maxKeys: 5 }),
});

/** Stands in for RE2 where the pattern means the same to JavaScript. */
export function matchWithJavaScript(pattern: string, caseInsensitive: boolean, text: string): boolean {
  return new RegExp(pattern, caseInsensitive ? 'isu' : 'su').test(text);
}
