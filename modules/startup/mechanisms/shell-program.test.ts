import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Stopwatch } from '../../../tests/stopwatch.ts';
import { programOf } from './shell-program.ts';

describe('the program of a shell command', () => {
  const cases: readonly (readonly [string, string | undefined])[] = [
    ['/bin/x -y', '/bin/x'],
    ['run-parts --report /etc/cron.hourly', 'run-parts'],
    ['cd / && run-parts --report /etc/cron.hourly', 'run-parts'],
    ['test -x /usr/sbin/anacron || { cd / && run-parts --report /etc/cron.daily; }', 'run-parts'],
    ['[ -x /usr/bin/x ] && /usr/bin/x', '/usr/bin/x'],
    ['[ -x /usr/bin/x ]&&/usr/bin/x>/dev/null', '/usr/bin/x'],
    ['/usr/bin/test -x /a && /b', '/b'],
    ['/tmp/test -x /a && /b', '/tmp/test'],
    ['if [ -x /a ]; then /b; fi', '/b'],
    ['A=b C="d e" /bin/x', '/bin/x'],
    ['env A=b x', 'x'],
    ['/usr/bin/env -i A=b x', 'x'],
    ['nice -n 19 ionice -c3 /bin/x', '/bin/x'],
    ['timeout 5m /bin/x', '/bin/x'],
    ['exec /bin/x', '/bin/x'],
    ['>/dev/null 2>&1 /bin/x', '/bin/x'],
    ['2> /dev/null /bin/x', '/bin/x'],
    ['"/opt/a b/c" d', '/opt/a b/c'],
    ['/opt/a\\ b/c d', '/opt/a b/c'],
    ["sh -c '/bin/x y'", '/bin/x'],
    ["/bin/bash -lc 'cd /; exec /bin/x'", '/bin/x'],
    ['/bin/sh /tmp/x.sh', '/tmp/x.sh'],
    ['python3 -u /tmp/x.py', '/tmp/x.py'],
    ['python3 -c "import os"', 'python3'],
    ['sh -x', 'sh'],
    ['sh', 'sh'],
    ['. /etc/x', '/etc/x'],
    ['(/bin/x; /bin/y)', '/bin/x'],
    ['( /bin/x )&', '/bin/x'],
    ['$HOME/x', undefined],
    ['`which x`', 'which'],
    ['~/x', undefined],
    ['/opt/*/x', undefined],
    ['# nothing', undefined],
    ['', undefined],
    ['cd /tmp', undefined],
    ['/bin/caf\xe9', '/bin/caf\xe9'],
  ];
  for (const [command, program] of cases)
    it(`of ${JSON.stringify(command)} is ${program}`, () => assert.equal(programOf(command), program));

  it('is looked for in any text', () =>
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void programOf(text))));

  it('is looked for in time', () => {
    const watch = new Stopwatch();
    for (const text of ['a '.repeat(1e6), "'".repeat(1e6), ';'.repeat(1e6), '>&'.repeat(1e6), '\\'.repeat(1e6)])
      programOf(text);
    for (const text of ['sh -c \'sh -c "sh -c sh -c ', 'env '.repeat(3e5), '1'.repeat(1e6)]) programOf(text);
    assert.ok(watch.processorMs < 2000, `${watch.processorMs} ms`);
  });
});
