/** The tables of accounts, compared with what the C library reads in them. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseGroupLine } from '../../kit/accounts/group.ts';
import { parsePasswdLine } from '../../kit/accounts/passwd.ts';
import { toTableLines } from '../../kit/files/table-line.ts';
import { makeHost } from '../../kit/testing/host.ts';
import { linesOfTools, whyNoTools } from '../../kit/testing/system-tools.ts';
import { parseShadowLine } from './shadow.ts';
import { parseSubordinateLine } from './subordinate.ts';

const reason = whyNoTools('getent');
const skip = reason === null ? {} : { skip: reason };
const nsswitch = 'passwd: files\ngroup: files\nshadow: files\n';

function parsed<Entry>(text: string, parse: (line: { number: number; text: string }) => Entry | null): Entry[] {
  return [...toTableLines(Buffer.from(text, 'latin1'))].flatMap((line) => parse(line) ?? []);
}

const odd = [
  'root:x:0:0:root:/root:/bin/bash',
  '# root2:x:0:0::/:',
  '',
  '   toor:x:00:0:indented:/root:/bin/sh',
  'plus:x:+0:0::/:/bin/sh',
  'blank:x: 7:7::/:/bin/sh',
  'minus:x:-1:0::/:/bin/sh',
  'minusnought:x:-0:0::/:/bin/sh',
  'large:x:99999999999:5000000000::/:/bin/sh',
  'nogid:x:5',
  'emptygid:x:5::::',
  'words:x:five:5::/:/bin/sh',
  'more:x:5x:5::/:/bin/sh',
  'short:x:5:6',
  ':x:9:9::/:/bin/sh',
  'return:x:5:6::/:/bin/sh\r',
  'umlaut\xe4:x:8:8::/:/bin/sh',
  '+',
  '+@admins',
  '-bob::::::',
  '\t+nis:x:1:2::/:',
];

/** Texts that are nearly lines of a table. */
const nearly = fc.stringMatching(
  /^[ \t]?[a-z+#-][a-z]{0,3}:[x*]?:[ +-]?[0-9]{1,11}a?:[ 0]?[0-9]{0,4}(?::[ -9;-~]{0,4}(?::[0-9]{0,4}(?::[ -9;-~]{0,4})?)?)?$/,
);

const nearlyGroup = fc.stringMatching(/^[ \t]?[a-z+#-][a-z]{0,3}:[x*]?:[ +-]?[0-9]{0,11}a?(?::[ -9;-~]{0,9})?$/);
const sampling = { seed: 20_261_130, numRuns: 1000 };

function sampleLines(): string[] {
  return [...odd, ...fc.sample(nearly, sampling)];
}

describe('the tables have the entries that the C library reads', () => {
  it('in passwd', skip, () => {
    const text = `${sampleLines().join('\n')}\n`;
    const host = makeHost({ '/etc/passwd': Buffer.from(text, 'latin1'), '/etc/nsswitch.conf': nsswitch });
    const theirs = linesOfTools(host, 'getent -s files passwd').filter((line) => !/^[+-]/.test(line));
    const ours = parsed(text, parsePasswdLine).flatMap((entry) => {
      if (entry.kind === 'directory') return [];
      const { name, password, uid, gid, home, shell } = entry;
      return [[name, password, uid, gid, home, shell].join(':')];
    });
    assert.ok(theirs.length > 40, `${theirs.length} lines`);
    // Without the comment, which is left unread.
    const withoutComment = theirs.map((line) => line.split(':').toSpliced(4, 1).join(':'));
    assert.deepEqual(ours, withoutComment);
  });

  it('in group', skip, () => {
    const lines = [
      'g:x:5:a,b',
      'h:x:6: a, b,,c ,',
      'i:x:7',
      '+:::x',
      '-',
      'k::9:',
      ...fc.sample(nearlyGroup, sampling),
    ];
    const text = `${lines.join('\n')}\n`;
    const host = makeHost({ '/etc/group': Buffer.from(text, 'latin1'), '/etc/nsswitch.conf': nsswitch });
    const theirs = linesOfTools(host, 'getent -s files group').filter((line) => !/^[+-]/.test(line));
    const ours = parsed(text, parseGroupLine).flatMap((entry) =>
      entry.kind === 'directory' ? [] : [`${entry.name}:${entry.password}:${entry.gid}:${entry.members.join(',')}`],
    );
    assert.ok(theirs.length > 40, `${theirs.length} lines`);
    assert.deepEqual(ours, theirs);
  });

  it('in shadow', skip, () => {
    const lines = [
      'a:$6$x$y:20000:0:99999:7:::',
      'b:!:20000::::::',
      'c::0:0:0:0:0:0:0',
      'd:*:-1:-1:-1:-1:-1:-1:',
      'k:*:5000000000:1:2:3:4:5:',
      'e:x:20000:1:2',
      'f:x:20000:1:2:',
      'g:x:20000:1:2: ',
      'h:x:a:1:2:3:4:5:',
      'i:x:1:2:3:4',
      'j:x:4294967295:3:2:3:4:5:6:7',
      '+::::::::',
      ...sampleLines(),
    ];
    const text = `${lines.join('\n')}\n`;
    const host = makeHost({ '/etc/shadow': Buffer.from(text, 'latin1'), '/etc/nsswitch.conf': nsswitch });
    const theirs = linesOfTools(host, 'getent -s files shadow').filter((line) => !/^[+-]/.test(line));
    const ours = parsed(text, parseShadowLine).map(
      ({ name, password, changedDay, minimumDays, maximumDays, warningDays, inactiveDays, endDay }) =>
        [name, password, changedDay, minimumDays, maximumDays, warningDays, inactiveDays, endDay].join(':'),
    );
    assert.ok(theirs.length > 5, `${theirs.length} lines`);
    assert.deepEqual(
      ours,
      theirs.map((line) =>
        line
          .split(':')
          .slice(0, 8)
          .map((field, i) => (i > 1 && Number(field) < 0 ? '' : field))
          .join(':'),
      ),
    );
  });
});

describe('subordinate numbers', () => {
  for (const [text, expected] of [
    ['alice:100000:65536', { owner: 'alice', first: 100_000, count: 65_536 }],
    ['1000:200000:1', { owner: '1000', first: 200_000, count: 1 }],
    ['alice:100000', null],
    ['alice:many:1', null],
    ['alice:1:0', null],
    [':1:1', null],
  ] as const)
    it(`${text} is ${expected === null ? 'no range' : 'a range'}`, () =>
      assert.deepEqual(parseSubordinateLine({ number: 1, text }), expected));
});
