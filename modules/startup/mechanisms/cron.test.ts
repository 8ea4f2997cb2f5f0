import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Stopwatch } from '../../../tests/stopwatch.ts';
import { entriesOf, listBelow, makeStartupHost, program } from '../testing/entries.ts';
import { listCron } from './cron.ts';
import { parseCrontab } from './crontab.ts';

describe('a line of a crontab', () => {
  const cases: readonly (readonly [string, object | null])[] = [
    ['*/5 * * * * root /bin/x -y', { schedule: '*/5 * * * *', user: 'root', command: '/bin/x -y' }],
    [
      '\t-*/15  *\t* * 1-5,SUN  alice\t /bin/x ',
      { schedule: '-*/15  *\t* * 1-5,SUN', user: 'alice', command: '/bin/x' },
    ],
    ['0 0~5 * jan * root x', { schedule: '0 0~5 * jan *', user: 'root', command: 'x' }],
    ['@reboot root env A=b x', { schedule: '@reboot', user: 'root', command: 'env A=b x' }],
    ['@daily root A=b x', { schedule: '@daily', user: 'root', command: 'A=b x' }],
    ['1 2 3 4 5 root date +\\%s%input\\%', { schedule: '1 2 3 4 5', user: 'root', command: 'date +%s' }],
    ['1 2 3 4 5 root echo # no comment', { schedule: '1 2 3 4 5', user: 'root', command: 'echo # no comment' }],
    ['1 2 3 4 5 caf\xe9 /x\xff', { schedule: '1 2 3 4 5', user: 'caf\xe9', command: '/x\xff' }],
    ['  # comment', null],
    ['', null],
    ['MAILTO=x', null],
    ['Exec=env A=b x', null],
    ['"MY NAME" = "a b"', null],
    ['1 2 3 4 root', { kind: 'bad' }],
    ['1 2 3 4 5 root', { kind: 'bad' }],
    ['hello world', { kind: 'bad' }],
  ];
  for (const [text, expected] of cases)
    it(`${JSON.stringify(text)} is ${JSON.stringify(expected)}`, () => {
      const kind = { kind: 'job', line: 1 };
      assert.deepEqual(
        [...parseCrontab(text, 'system')].map((line) => ({ ...line })),
        expected === null ? [] : [{ ...kind, ...expected }],
      );
    });

  it('has no user in the table of an account', () =>
    assert.deepEqual(
      [...parseCrontab('PATH="/opt/bin:/bin"\n\n@reboot x y\n', 'user')].map((line) => ({ ...line })),
      [{ kind: 'job', line: 3, schedule: '@reboot', command: 'x y', searchPath: '/opt/bin:/bin' }],
    ));

  it('has days, delay and a name in that of anacron', () =>
    assert.deepEqual(
      [...parseCrontab('START_HOURS_RANGE=3-22\n@monthly 45\tcron.monthly nice run-parts /x', 'anacron')].map(
        (line) => ({ ...line }),
      ),
      [{ kind: 'job', line: 2, schedule: '@monthly 45', name: 'cron.monthly', command: 'nice run-parts /x' }],
    ));

  it('may hold any bytes', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom('system', 'user', 'anacron'), (text, table) => {
        const lines = [...parseCrontab(text, table)].map(({ line }) => line);
        assert.ok(lines.every((line, index) => line > (lines[index - 1] ?? 0)));
      }),
    ));

  it('is read in time', () => {
    const watch = new Stopwatch();
    for (const text of [
      '1 '.repeat(1e6),
      ' '.repeat(2e6),
      'a'.repeat(2e6),
      '"'.repeat(2e6),
      `1 2 3 4 5 x ${'\\'.repeat(1e6)}`,
    ])
      for (const table of ['system', 'user', 'anacron'] as const) assert.ok([...parseCrontab(text, table)].length < 2);
    assert.ok(watch.processorMs < 3000, `${watch.processorMs} ms`);
  });
});

describe('cron', () => {
  const files = {
    '/usr/bin/run-parts': program(),
    '/etc/crontab': 'SHELL=/bin/sh\n17 * * * * root cd / && run-parts --report /etc/cron.hourly\n',
    '/etc/cron.d/job': '@reboot root sh /tmp/x.sh\n',
    '/etc/cron.d/job.sh': '@reboot root /tmp/y\n',
    '/etc/cron.d/.placeholder': '# text\n',
    '/etc/cron.daily/logrotate': program(),
    '/etc/cron.daily/dotted.sh': program(),
    '/etc/cron.daily/idle': 'text',
    '/etc/cron.daily/.placeholder': '',
    '/etc/anacrontab': '1 5 cron.daily run-parts /etc/cron.daily\n',
    '/var/spool/cron/alice': '@reboot PATH=/x y\n',
    '/var/spool/cron/crontabs/bob': '0 4 * * * y\nnonsense\n',
    '/var/spool/cron/tabs/carol': '@daily y\n',
    '/etc/periodic/15min/x.sh': program(),
  } as const;
  const tell = (entries: ReturnType<typeof entriesOf>) =>
    entries.map(({ name, path, line = '', states, trigger, schedule = '', user = '', command = '', target = '' }) =>
      [name, path, line, (states ?? []).join(), trigger, schedule, user, command, target].join('|'),
    );

  it('is found in all of its places', () =>
    assert.deepEqual(tell(entriesOf(listCron, files)), [
      'crontab|/etc/crontab|2|enabled|timer|17 * * * *|root|cd / && run-parts --report /etc/cron.hourly|/usr/bin/run-parts',
      'job|/etc/cron.d/job|1|enabled|boot|@reboot|root|sh /tmp/x.sh|/tmp/x.sh',
      'job.sh|/etc/cron.d/job.sh|1|enabled|boot|@reboot|root|/tmp/y|/tmp/y',
      'cron.daily|/etc/anacrontab|1|enabled|timer|1 5|root|run-parts /etc/cron.daily|/usr/bin/run-parts',
      'bob|/var/spool/cron/crontabs/bob|1|enabled|timer|0 4 * * *|bob|y|',
      'bob|/var/spool/cron/crontabs/bob|2|bad|timer||||',
      'alice|/var/spool/cron/alice|1|enabled|boot|@reboot|alice|PATH=/x y|',
      'carol|/var/spool/cron/tabs/carol|1|enabled|timer|@daily|carol|y|',
      'dotted.sh|/etc/cron.daily/dotted.sh||enabled|timer|daily|root||/etc/cron.daily/dotted.sh',
      'idle|/etc/cron.daily/idle||disabled|timer|daily|root||/etc/cron.daily/idle',
      'logrotate|/etc/cron.daily/logrotate||enabled|timer|daily|root||/etc/cron.daily/logrotate',
      'x.sh|/etc/periodic/15min/x.sh||enabled|timer|15min|root||/etc/periodic/15min/x.sh',
    ]));

  it('takes fewer names on Debian', () => {
    const told = tell(entriesOf(listCron, { ...files, '/etc/debian_version': '12.7\n' }));
    assert.ok(!told.some((line) => line.startsWith('job.sh')));
    assert.ok(told.some((line) => line.startsWith('dotted.sh|/etc/cron.daily/dotted.sh||disabled')));
  });

  it('is read to a limit, which the receipt says', () => {
    const { root } = makeStartupHost({ '/etc/crontab': '@daily root x\n'.repeat(10_001) });
    const { entries, skipped } = listBelow(root, listCron);
    assert.equal(entries.length, 10_000);
    assert.deepEqual(skipped, ['size-limit']);
  });
});
