/** Each form of a rule, on a host where it holds and on one where it does not. */
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { stringify } from 'yaml';
import * as z from 'zod';
import { temporaryFolder } from '../../kit/testing/temporary-folder.ts';
import { module } from '../module.ts';
import { askPolicy } from '../testing/ask-policy.ts';
import { compile } from './command.ts';
import { toLineSearch } from './line-pattern.ts';
import { parseMinterms, toMatcher } from './minterms.ts';
import { toNumberPattern, toRanges } from './number-pattern.ts';

type Checks = Readonly<
  Record<string, readonly string[] | { readonly condition: string; readonly rules: readonly string[] }>
>;

function toPolicy(checks: Checks, more: object = {}): Buffer {
  const all = Object.entries(checks).map(([id, check]) => {
    const { condition, rules } = 'rules' in check ? check : { condition: 'all', rules: check };
    return { id, title: `the check ${id}`, condition, rules };
  });
  return Buffer.from(stringify({ policy: { id: 'own', name: 'of a test' }, ...more, checks: all }));
}

const Elements = z.object({ s1: z.array(module.element) });

async function judge(policy: Buffer): Promise<Record<string, string>> {
  const { text } = compile(['own.yml'], () => policy);
  const { success, errors, elements } = await askPolicy(JSON.parse(text));
  assert.ok(success, errors.join('\n'));
  const found = Elements.parse(elements).s1;
  return Object.fromEntries(found.map(({ testid, verdict }) => [testid.replace('own.', ''), verdict]));
}

/** Rules about a file `x`, a content that fits and one that does not. */
const ofLines: Readonly<Record<string, readonly [rule: string, fits: string, not: string]>> = {
  pattern: ['f:X -> r:^\\s*Port\\s+22$', '  PORT 22\n', 'Port 2200\n'],
  line: ['f:X -> umask 027', 'a\numask 027\n', 'umask 0270\n'],
  'no line': ['f:X -> !r:nullok', 'auth x\n', 'auth x nullok\n'],
  'no line of an empty file': ['f:X -> !r:nullok', '\n', ''],
  not: ['not f:X -> r:nullok', 'auth x\n', 'auth x nullok\n'],
  'no comment': ['f:X -> !r:^\\s*\\t*# && r:use_pty', 'Defaults use_pty\n', '  # use_pty\n'],
  'no comment at once': ['f:X -> !r:^# && r:use_pty', ' # use_pty\n', '#use_pty\n'],
  'any order': [
    'f:X -> r:^-w && r:/etc/group && r:-p wa && r:-k id|key=id',
    '-w /etc/group -F key=id -p wa\n',
    '-w /etc/group -p wa\n',
  ],
  'shared characters': ['f:X -> r:Better && r:release 9', 'betterelease 9\n', 'better 9\n'],
  'two lines': ['f:X -> r:aaa && r:bbb', 'bbb aaa\n', 'aaa\nbbb\n'],
  number: ['f:X -> n:^max\\s*=\\s*(\\d+) compare <= 365', 'max = 90\n', 'max = 3650\n'],
  'two numbers': ['f:X -> n:max=(\\d+) compare > 0 && n:max=(\\d+) compare <= 10', 'max=7\n', 'max=0\nmax=11\n'],
  'number and pattern': [
    'f:X -> !r:^# && r:pwhistory && n:remember=(\\d+) compare >= 5',
    'remember=24 pwhistory\n',
    'pwhistory remember=4\n',
  ],
};

describe('a rule about lines of a file', () => {
  for (const [name, [rule, fits, not]] of Object.entries(ofLines))
    it(`translates: ${name}`, async (context) => {
      const folder = temporaryFolder(context);
      const [good, bad] = [join(folder, 'good'), join(folder, 'bad')];
      writeFileSync(good, fits);
      writeFileSync(bad, not);
      const checks = {
        good: [rule.replace('X', good)],
        bad: [rule.replace('X', bad)],
        none: [rule.replace('X', join(folder, 'none'))],
      };
      assert.deepEqual(await judge(toPolicy(checks)), { good: 'pass', bad: 'fail', none: 'notapplicable' });
    });

  it('means the same as its conditions one by one', () => {
    const condition = fc.constantFrom(
      'r:ab',
      'r:ba',
      'r:^a',
      'r:b$',
      'r:bab',
      'r:a|bb',
      '!r:^#',
      '!r:^\\s*#',
      'n:a(\\d+) compare >= 12',
      'r:c d',
    );
    const line = fc.string({ unit: fc.constantFrom('a', 'b', '#', ' ', '1', '2', 'c', 'd'), maxLength: 9 });
    fc.assert(
      fc.property(
        fc.uniqueArray(condition, { minLength: 1, maxLength: 4 }),
        fc.array(line, { minLength: 1, maxLength: 4 }),
        (conditions, lines) => {
          const minterms = parseMinterms(conditions.join(' && '));
          if (minterms.some(({ kind }) => kind === 'number')) return;
          let search: ReturnType<typeof toLineSearch>;
          try {
            search = toLineSearch(minterms);
          } catch {
            return;
          }
          const regex = new RegExp(search.pattern.slice('(?i)'.length), 'i');
          const found = lines.some((one) => regex.test(one));
          assert.equal(search.kind === 'line' ? found : !found, toMatcher(minterms)(lines), search.pattern);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('compares numbers as numbers', () => {
    const operator = fc.constantFrom('<', '<=', '==', '!=', '>=', '>');
    const number = fc.integer({ min: 0, max: 3000 });
    fc.assert(
      fc.property(operator, number, number, (sign, value, actual) => {
        const pattern = toNumberPattern(toRanges(sign, String(value)) ?? []);
        const expected = {
          '<': actual < value,
          '<=': actual <= value,
          '==': actual === value,
          '!=': actual !== value,
          '>=': actual >= value,
          '>': actual > value,
        };
        assert.equal(
          pattern !== undefined && new RegExp(`^(?:${pattern})$`).test(String(actual)),
          expected[sign as keyof typeof expected],
        );
      }),
    );
  });
});

it('translates rules about files, folders, modes and owners', async (context) => {
  const folder = temporaryFolder(context);
  mkdirSync(join(folder, 'rules.d', 'below'), { recursive: true });
  writeFileSync(join(folder, 'rules.d', 'below', 'a.rules'), '-w /etc/group\n');
  writeFileSync(join(folder, 'rules.d', 'b.conf'), '-w /etc/passwd\n');
  writeFileSync(join(folder, 'closed'), 'x');
  writeFileSync(join(folder, 'open'), 'x');
  chmodSync(join(folder, 'closed'), 0o600);
  chmodSync(join(folder, 'open'), 0o666);
  const owner = process.getuid?.() === 0 ? 'pass' : 'fail';
  const stat = 'r:^Access: \\(0[0-6]00/-[r-][w-]-------\\)\\s*Uid: \\(\\s*0/\\s*root\\)\\s*Gid: \\(\\s*0/\\s*root\\)$';
  const expected: Readonly<Record<string, readonly [rule: string, verdict: string]>> = {
    file: [`f:${folder}/open`, 'pass'],
    'no-file': [`f:${folder}/none`, 'fail'],
    'folder-for-file': [`f:${folder}/rules.d`, 'fail'],
    'not-file': [`not f:${folder}/none`, 'pass'],
    'file-in-folder': [`d:${folder}/rules.d -> r:\\.rules$`, 'pass'],
    'no-file-in-folder': [`d:${folder}/rules.d -> r:\\.conf.+$`, 'fail'],
    'content-in-folder': [`d:${folder}/rules.d -> r:.+\\.rules$ -> r:/etc/group`, 'pass'],
    'no-content-in-folder': [`d:${folder}/rules.d -> r:.+\\.rules$ -> r:/etc/passwd`, 'fail'],
    mode: [`c:stat -L ${folder}/closed -> ${stat}`, owner],
    'other-mode': [`c:stat -L ${folder}/open -> ${stat}`, 'fail'],
    format: [`c:stat -Lc "%A" ${folder}/closed -> r:^-rw-------$`, 'pass'],
    'other-format': [`c:stat -Lc "%A" ${folder}/open -> r:^-rw-------$`, 'fail'],
  };
  const checks = Object.fromEntries(Object.entries(expected).map(([id, [rule]]) => [id, [rule]]));
  assert.deepEqual(
    await judge(toPolicy(checks)),
    Object.fromEntries(Object.entries(expected).map(([id, [, verdict]]) => [id, verdict])),
  );
});

it('has a verdict where SCA has one: all rules decide, or one is enough', async (context) => {
  const folder = temporaryFolder(context);
  writeFileSync(join(folder, 'a'), 'yes\n');
  const [yes, no, nowhere] = [`f:${folder}/a -> r:yes`, `f:${folder}/a -> r:no$`, `not f:${folder}/none -> r:yes`];
  const expected: Readonly<Record<string, readonly [condition: string, rules: readonly string[], verdict: string]>> = {
    'all-yes': ['all', [yes, yes], 'pass'],
    'all-open': ['all', [yes, nowhere], 'notapplicable'],
    'all-no': ['all', [no, nowhere], 'fail'],
    'any-yes': ['any', [yes, nowhere], 'pass'],
    'any-open': ['any', [no, nowhere], 'notapplicable'],
    'none-yes': ['none', [yes, nowhere], 'fail'],
    'none-open': ['none', [no, nowhere], 'notapplicable'],
    'none-no': ['none', [no], 'pass'],
  };
  const checks = Object.fromEntries(
    Object.entries(expected).map(([id, [condition, rules]]) => [id, { condition, rules }]),
  );
  const verdicts = Object.fromEntries(Object.entries(expected).map(([id, [, , verdict]]) => [id, verdict]));
  assert.deepEqual(await judge(toPolicy(checks)), verdicts);
  const elsewhere = { requirements: { condition: 'all', rules: ['f:$place/none'] }, variables: { $place: folder } };
  const none = Object.fromEntries(Object.keys(expected).map((id) => [id, 'notapplicable']));
  assert.deepEqual(await judge(toPolicy(checks, elsewhere)), none);
});

/** Commands: the search that means the same, or undefined. */
const commands: Readonly<Record<string, unknown>> = {
  'c:sysctl net.ipv4.ip_forward -> r:^net\\.ipv4\\.ip_forward\\s*=\\s*0$': {
    setting: { settings: ['sysctl:net.ipv4.ip_forward ~ "(?i)^0$"'] },
  },
  'c:sysctl kernel.randomize_va_space -> r:=\\s*\\t*2$': {
    setting: { settings: ['sysctl:kernel.randomize_va_space ~ "(?i)^2$"'] },
  },
  'c:sshd -T -> r:^\\s*ignorerhosts\\s+yes': { setting: { settings: ['sshd:ignorerhosts ~ "(?i)^yes"'] } },
  'c:sshd -T -C user=root -> n:^maxauthtries\\s+(\\d+) compare <= 4': {
    setting: { settings: ['sshd[user=root]:maxauthtries <= 4'] },
  },
  'c:findmnt --kernel /tmp -> r:nosuid': { setting: { settings: ['mount:/tmp = nosuid'] } },
  'c:findmnt -kn /var -> r:^\\s*/var\\s': { setting: { settings: ['mount:/var set'] } },
  'c:mount -> r:\\s/home\\s && !r:nodev': { setting: { settings: ['mount:/home set', 'mount:/home != nodev'] } },
  'c:getenforce -> r:^Enforcing|^Permissive': { setting: { settings: ['lsm:selinux in enforcing, permissive'] } },
  'c:lsmod -> r:^tipc': { setting: { settings: ['module:tipc* = yes'] } },
  'c:systemctl is-enabled cron -> r:^enabled$': { startup: { names: ['^cron\\.service$'], states: ['enabled'] } },
  'c:dpkg-query -s bash -> r:install ok installed': {
    package: { names: ['^bash$'], types: ['dpkg'], statuses: ['installed'] },
  },
  'c:rpm -q sudo -> r:^sudo-': { package: { names: ['^sudo$'], types: ['rpm'] } },
};

it('translates commands that ask what a search tells', () => {
  for (const [rule, search] of Object.entries(commands)) {
    const { text } = compile(['own.yml'], () => toPolicy({ one: [rule] }));
    assert.deepEqual(JSON.parse(text).tests[0].check, { found: search }, rule);
  }
});

it('asks packages, units and parameters of the kernel of this machine', async () => {
  const verdicts = await judge(
    toPolicy({
      missing: ['c:dpkg -s none-of-this-name -> r:install ok installed'],
      absent: ['c:dpkg-query -s none-of-this-name -> r:is not installed'],
      'rpm-absent': ['c:rpm -q none-of-this-name -> r:is not installed'],
      unit: ['c:systemctl is-enabled none-of-this-name -> r:^enabled'],
      mounted: ['c:findmnt -kn /proc -> r:^/proc\\s'],
      'not-mounted': ['c:findmnt -kn /none-of-this-name -> r:^/none-of-this-name\\s'],
      kernel: ['c:sysctl kernel.ostype -> r:=\\s*Linux$'],
      'other-kernel': ['c:sysctl kernel.ostype -> r:=\\s*Hurd$'],
    }),
  );
  assert.deepEqual(verdicts, {
    missing: 'fail',
    absent: 'pass',
    'rpm-absent': 'pass',
    unit: 'fail',
    mounted: 'pass',
    'not-mounted': 'fail',
    kernel: 'pass',
    'other-kernel': 'fail',
  });
});

it('lists what it does not translate, with the reason', () => {
  const rules = {
    audit: 'c:auditctl -l -> r:-w',
    active: 'c:systemctl is-active cron -> r:^active',
    shell: 'c:sh -c "id | grep root" -> r:root',
    look: 'f:/etc/x -> r:(?!a)b',
    back: 'f:/etc/x -> r:(a)\\1',
    folder: 'd:/etc/audit',
    process: 'p:sshd',
    registry: 'r:HKEY_LOCAL_MACHINE\\x',
    list: 'f:/etc/a,/etc/b -> r:x',
    nonsense: 'x',
    never: 'f:/etc/x -> r:a^b',
    overlap: 'f:/etc/x -> r:a.*b && r:b+c',
    exclusion: 'f:/etc/x -> r:linux && !r:audit=1',
    'old-word': 'c:sshd -T -> r:^permitrootlogin\\s+without-password',
    'mode-of-folder': 'c:stat -Lc "%a" /etc/cron.d -> r:^700$',
  };
  const checks = Object.fromEntries(Object.entries(rules).map(([id, rule]) => [id, [rule]]));
  const { notes, text } = compile(['own.yml'], () => toPolicy({ ...checks, good: ['f:/etc/x'] }));
  assert.deepEqual(
    notes.slice(0, -1).map((note) => note.split(': ')[0]),
    Object.keys(rules).map((id) => `own.${id}`),
  );
  assert.equal(notes.at(-1), `1 of ${Object.keys(rules).length + 1} checks translated`);
  assert.equal(JSON.parse(text).tests.length, 1);
  assert.throws(() => compile(['own.yml'], () => toPolicy(checks)), { code: 'nothing-translated' });
  assert.throws(() => compile(['own.yml'], () => Buffer.from('a: [')), { code: 'document-unreadable' });
  assert.throws(() => compile(['own.yml'], () => Buffer.from('policy: 1')), { code: 'document-malformed' });
  assert.throws(() => compile([], () => Buffer.from('')), { code: 'usage' });
});

it('prints what the page shows', () => {
  const page = readFileSync(join(import.meta.dirname, '..', 'README.md'), 'utf8');
  const policy = /^```yaml\n(policy:\n[\s\S]*?)^```$/m.exec(page)?.[1];
  const shown = /^\$ mig policy compile web\.yml > web\.json\n([\s\S]*?)\n```$/m.exec(page)?.[1];
  assert.ok(policy !== undefined && shown !== undefined, 'expected a policy and what it becomes in the page');
  assert.equal(compile(['web.yml'], () => Buffer.from(policy)).notes.join('\n'), shown);
});
