/** Options of apt, compared with what apt-config(8) dumps. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { askerOf } from '../../../kit/testing/ask.ts';
import { makeHost, type TestHost } from '../../../kit/testing/host.ts';
import { linesOfTools, whyNoTools } from '../../../kit/testing/system-tools.ts';
import { module } from '../../module.ts';
import { runBelow } from '../../run.ts';

const reason = whyNoTools('apt-config');
const skip = reason === null ? {} : { skip: reason };

type Told = Readonly<Record<string, readonly string[]>>;

/** Of names that begin with Own: an option's value, or the items of its list. */
function askApt(hosts: readonly TestHost[]): Told[] {
  const [first] = hosts;
  if (first === undefined) return [];
  const scripts = hosts.map(
    (host) => `echo === && mount --bind '${host.at('/etc/apt')}' /etc/apt && apt-config dump; umount /etc/apt`,
  );
  const sections = linesOfTools(first, scripts.join('; ')).join('\n').split(/^===$/m).slice(1);
  return sections.map((section) => {
    const told: Record<string, string[]> = {};
    const lists = new Set<string>();
    for (const [, name = '', list, value = ''] of section.matchAll(/^(Own[^ ]*?)(::)? "(.*)";$/gim)) {
      const key = name.toLowerCase();
      if (list === undefined && value !== '') told[key] ??= [value];
      if (list === undefined) continue;
      if (!lists.has(key)) told[key] = [];
      lists.add(key);
      told[key]?.push(value);
    }
    return told;
  });
}

async function judge(host: TestHost, setting: string): Promise<string | undefined> {
  const { hits } = await askerOf(module, runBelow(host.root)).ask({ settings: [setting], options: { verdicts: true } });
  return hits[0]?.holds;
}

async function compare(files: readonly Readonly<Record<string, string>>[]): Promise<number> {
  const hosts = files.map((one) =>
    makeHost(
      Object.fromEntries(
        Object.entries({ 'apt.conf.d/00': '', ...one }).map(([name, text]) => [`/etc/apt/${name}`, text]),
      ),
    ),
  );
  let values = 0;
  for (const [at, theirs] of askApt(hosts).entries()) {
    const host = hosts[at];
    assert.ok(host !== undefined);
    for (const [name, items] of Object.entries(theirs))
      for (const item of items) {
        values += 1;
        const context = `${name} ${JSON.stringify(items)}\n${JSON.stringify(files[at], null, 1).replaceAll('\\n', '\n')}`;
        assert.equal(await judge(host, `apt:${name} = ${JSON.stringify(item)}`), 'yes', context);
      }
    for (const name of ['Own::A', 'Own::B', 'Own::C'])
      if (theirs[name.toLowerCase()] === undefined)
        assert.notEqual(await judge(host, `apt:${name} ~ .`), 'yes', `${name}\n${JSON.stringify(files[at])}`);
  }
  return values;
}

describe('apt: has the values that apt-config dumps', () => {
  it('of every form', skip, async () => {
    const text = [
      'Own::A "true"; // c',
      'own::a "false";',
      'Own { B "1"; C { "a"; "b"; }; /* x */ D "y"; };',
      'Own::C { "c"; }; # comment',
      'Own::C:: "d";',
      'OwnL { "x"; "y"; };',
      'Own::E "semi;colon // no comment";',
      'Own::F word;',
      '#clear Own::B;',
      'Own::G { H "1"; I { J "2"; }; };',
    ].join('\n');
    assert.ok((await compare([{ 'apt.conf.d/10own': `${text}\n` }])) >= 11);
  });

  it('of several files', skip, async () => {
    const values = await compare([
      {
        'apt.conf': 'Own::A "main"; Own::L:: "main";\n',
        'apt.conf.d/20b': 'Own::A "b"; Own::B "b"; Own::L:: "b";\n',
        'apt.conf.d/10a.conf': 'Own::B "a"; Own::C "a"; Own::L:: "a";\n',
        'apt.conf.d/30c.bak': 'Own::C "bak";\n',
        'apt.conf.d/.40d': 'Own::C "hidden";\n',
      },
    ]);
    assert.equal(values, 6);
  });

  it('of generated files', skip, async () => {
    const name = fc.constantFrom('A', 'b', 'C', 'A::D', 'C::e');
    const value = fc.constantFrom('"1"', '"x y"', '"0"', 'word', '"{;}"');
    const { line } = fc.letrec<{ line: string }>((tie) => ({
      line: fc.oneof(
        { maxDepth: 2, depthIdentifier: 'apt' },
        fc.tuple(name, value).map(([key, text]) => `${key} ${text};`),
        fc.tuple(name, value).map(([key, text]) => `${key}:: ${text};`),
        fc
          .tuple(
            name,
            fc.array(
              value.filter((text) => text.startsWith('"')),
              { minLength: 1, maxLength: 3 },
            ),
          )
          .map(([key, items]) => `${key} { ${items.join('; ')}; };`),
        fc
          .tuple(name, fc.array(tie('line'), { minLength: 1, maxLength: 3 }))
          .map(([key, lines]) => `${key} {\n${lines.join('\n')}\n};`),
        fc.constantFrom('// A "no";', '/* b "no"; */', '# C "no";'),
      ),
    }));
    const file = fc.array(line, { minLength: 1, maxLength: 5 }).map((lines) => `Own {\n${lines.join('\n')}\n};\n`);
    const clear = name.map((key) => `#clear Own::${key};\n`);
    const files = fc.sample(fc.tuple(file, fc.option(clear, { nil: '' }), file, file), {
      seed: 20_261_130,
      numRuns: 40,
    });
    const values = await compare(
      files.map(([one, cleared, two, main]) => ({
        'apt.conf.d/1': one,
        'apt.conf.d/2': cleared + two,
        'apt.conf': main,
      })),
    );
    assert.ok(values > 150, String(values));
  });
});

it('a file that includes another is not told of', async () => {
  const host = makeHost({ '/etc/apt/apt.conf': '#include "/x";\nA "1";\n' });
  assert.equal(await judge(host, 'apt:A = 1'), 'unknown');
});
