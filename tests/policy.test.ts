/** Policies asked of a packaged agent: verdicts, weights of what they ask within, words for signers and owner, checks. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import * as z from 'zod';
import { verdicts } from '../modules/policy/element.ts';
import { laptop } from '../modules/policy/laptop.ts';
import { moduleNames } from '../modules/registry.ts';
import { type LabInvestigator, toPerson } from '../tools/lab/investigator-key.ts';
import { Lab, projectRoot, type RelayAddress } from '../tools/lab/lab.ts';

const fleet = 'judged';
const baseline = join(projectRoot, 'modules', 'policy', 'baseline.yaml');
const everyVerdict = verdicts.flatMap((verdict) => ['-verdict', verdict]);

/** What the standard requires of a log and of a result. @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/ 3.13, 3.27 */
const Sarif = z.object({
  $schema: z.url(),
  version: z.literal('2.1.0'),
  runs: z.tuple([
    z.object({
      tool: z.object({ driver: z.object({ name: z.literal('mig'), rules: z.array(z.object({ id: z.string() })) }) }),
      invocations: z.tuple([z.object({ executionSuccessful: z.boolean() })]),
      results: z.array(
        z.object({
          ruleId: z.string(),
          kind: z.enum(['pass', 'fail', 'open', 'notApplicable']),
          level: z.enum(['none', 'note', 'warning', 'error']),
          message: z.object({ text: z.string() }),
        }),
      ),
    }),
  ]),
});

/** Elements with attributes alone, as the format has them. @throws AssertionError */
function assertWellFormed(xml: string): void {
  const open: string[] = [];
  const attribute = /\s[a-z]+="(?:[^<&"]|&(?:amp|lt|gt|quot|apos);)*"/.source;
  const tag = new RegExp(`<(/?)([a-z]+)((?:${attribute})*)(/?)>`, 'y');
  const [declaration = ''] = /^<\?xml version="1\.0" encoding="UTF-8"\?>\n/.exec(xml) ?? [];
  assert.ok(declaration, xml.slice(0, 80));
  for (let at = declaration.length; at < xml.length; ) {
    if (/\s/.test(xml[at] ?? '')) {
      at += 1;
      continue;
    }
    tag.lastIndex = at;
    const found = tag.exec(xml);
    assert.ok(found, `expected a tag at ${at}: ${xml.slice(at, at + 80)}`);
    const [text, closing, name = '', , empty] = found;
    if (closing === '/') assert.equal(open.pop(), name);
    else if (empty === '') open.push(name);
    at += text.length;
  }
  assert.deepEqual(open, []);
}

describe('a policy', () => {
  const lab = new Lab();
  const folder = lab.path('judged-files');
  let alice: LabInvestigator;
  let bob: LabInvestigator;
  let executable: string;
  let relay: RelayAddress;
  let env: Record<string, string>;

  before(async () => {
    alice = await lab.makeInvestigator('alice');
    bob = await lab.makeInvestigator('bob');
    relay = (await lab.startRelay()).address;
    const weights = { alice: 1, bob: 1 };
    executable = await lab.buildAgent(fleet, {
      relay: lab.relayConfig(relay),
      investigators: { alice: toPerson(alice), bob: toPerson(bob) },
      acl: { default: { minimumWeight: 1, weights }, netstat: { minimumWeight: 2, weights } },
      modules: [...moduleNames],
    });
    await lab.startAgent(executable);
    env = lab.migEnvironment(relay, fleet, alice);
    await lab.waitForAgents(1, env);
    mkdirSync(folder);
    writeFileSync(join(folder, 'there'), 'x');
  });
  after(() => lab.close());

  const searchFor = (name: string): object => ({ file: { paths: [folder], names: [`^${name}$`] } });
  const kernelLog = { file: { paths: ['/proc/kmsg'], contents: ['x'] } };
  const checks = {
    pass: { found: searchFor('there') },
    fail: { found: searchFor('absent') },
    unknown: { missing: kernelLog },
  };

  /** @returns the file. */
  function writeDocument(name: string, wanted: Readonly<Record<string, object>>): string {
    const file = lab.path(`${name}.json`);
    const tests = Object.entries(wanted).map(([id, check]) => ({ id, title: `a <${id}> & more`, check }));
    writeFileSync(file, JSON.stringify({ version: 2, name: `the document ${name}`, tests }));
    return file;
  }

  const askAll = (file: string, ...flags: string[]) => lab.mig(['policy', file, '-t', 'all', ...flags], env);

  test('that is the baseline has a verdict for each of its tests', async () => {
    const listed = await lab.mig(['policy', 'explain', baseline], {});
    const ids = listed.stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.replace(/:.*/, ''));
    assert.ok(ids.length > 20);
    const { code, stdout, stderr } = await askAll(baseline, ...everyVerdict);
    assert.equal(code, 0, stderr);
    const lines = [...stdout.matchAll(/^\S+ (pass|fail|unknown|notapplicable) (\S+) /gm)];
    assert.deepEqual(lines.map(([, , id]) => id).sort(), ids.sort());
    assert.match(stderr, new RegExp(`examined .*\\b${ids.length} tests`));
  });

  test('says why, and names what decided', async () => {
    const { code, stdout, stderr } = await askAll(writeDocument('mixed', checks), ...everyVerdict);
    assert.equal(code, 0, stderr);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.replace(/^\S+ /, ''));
    assert.deepEqual(lines.sort(), [
      'fail fail a <fail> & more [reason:not found]',
      `pass pass a <pass> & more [reason:found, by:${join(folder, 'there')} on names '^there$']`,
      'unknown unknown a <unknown> & more [reason:not all was read: unsupported]',
    ]);
  });

  for (const [verdict, code] of [
    ['pass', 0],
    ['fail', 1],
    ['unknown', 3],
  ] as const)
    test(`of which a test is ${verdict} ends its check with ${code}`, async () => {
      const file = writeDocument(verdict, { pass: checks.pass, [verdict]: checks[verdict] });
      const checked = await lab.mig(['policy', 'check', file], {});
      assert.equal(checked.code, code, checked.stdout + checked.stderr);
    });

  test('is valid SARIF, with a rule and a result for each test', async () => {
    const { code, stdout, stderr } = await askAll(writeDocument('sarif', checks), ...everyVerdict, '-f', 'sarif');
    assert.equal(code, 0, stderr);
    const [{ tool, results }] = Sarif.parse(JSON.parse(stdout)).runs;
    assert.deepEqual(tool.driver.rules.map(({ id }) => id).sort(), Object.keys(checks).sort());
    const told = results.map(({ ruleId, kind, level }) => `${ruleId} ${kind} ${level}`);
    assert.deepEqual(told.sort(), ['fail fail warning', 'pass pass none', 'unknown open none']);
  });

  test('is well-formed JUnit XML, with a case for each test, and for what was not read', async () => {
    const { code, stdout, stderr } = await askAll(writeDocument('junit', checks), ...everyVerdict, '-f', 'junit');
    assert.equal(code, 0, stderr);
    assertWellFormed(stdout);
    assert.match(stdout, /<testsuite name="[^"]+" tests="4" failures="1" errors="1" skipped="1" /);
    assert.match(stdout, /name="fail: a &lt;fail&gt; &amp; more"><failure message="/);
  });

  test('that asks what needs two people is refused to one, answered to two, and told to all in words', async () => {
    const wanted = { 'no-telnet': { missing: { netstat: { listeningport: ['23'] } } } };
    const file = writeDocument('two', wanted);
    const alone = await askAll(file);
    assert.equal(alone.code, 3, alone.stderr);
    assert.match(alone.stderr, /refused: insufficient-weight/);

    const words = /no-telnet: a <no-telnet> & more: missing: netstat \{"listeningport":\["23"\]\}/;
    const packed = laptop.document?.read(readFileSync(file), file);
    const operations = [
      { module: 'policy', parameters: { searches: { s1: { ...packed, options: { verdicts: ['pass'] } } } } },
    ];
    const question = lab.path('question.json');
    writeFileSync(question, JSON.stringify({ syntaxversion: 3, name: 'q', target: 'all', operations }));
    const proposed = await lab.mig(['propose', question, '-reader', bob.publicKeyFile], env);
    assert.equal(proposed.code, 0, proposed.stderr);
    const id = proposed.stdout.trim();
    const keys = ['-keys', lab.keysFolder];
    const approved = await lab.mig(['approve', id, '-y', ...keys], lab.migEnvironment(relay, fleet, bob));
    assert.equal(approved.code, 0, approved.stderr);
    assert.match(approved.stderr, words);
    const { code, stdout, stderr } = await lab.mig(['launch', id, '-y', ...keys], env);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^\S+ pass no-telnet /m);

    const audit = await lab.run(executable, ['audit', '--state', lab.path('agent'), '--verify']);
    assert.equal(audit.code, 0, audit.stderr);
    assert.match(audit.stdout, words);
    assert.match(audit.stdout, /: insufficient-weight \(policy asks netstat, metadata: weight 1 of 2\)/);
  });
});
