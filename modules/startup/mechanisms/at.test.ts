import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Stopwatch } from '../../../tests/stopwatch.ts';
import { entriesOf, program } from '../testing/entries.ts';
import { listAtJobs } from './at.ts';
import { parseAtJob, parseAtName } from './at-job.ts';

const preamble = (folder = '/root') => `#!/bin/sh
# atrun uid=1000 gid=1000
# mail alice 0
umask 22
SECRET=hunter2; export SECRET
PWD=${folder}; export PWD
cd ${folder} || {
\t echo 'Execution directory inaccessible' >&2
\t exit 1
}
`;

describe('a job of at', () => {
  it('is what stands behind its preamble', () => {
    const commands = '/bin/x A=b\ncd / || { exit\n}\n/bin/y\n';
    // Newer versions give the commands to the shell as its input.
    const shell = ['$', '{SHELL:-/bin/sh}'].join('');
    const input = `OLDPWD=/; export OLDPWD\n${shell} << 'marcinDELIMITER5f2a'\n${commands}\nmarcinDELIMITER5f2a\n`;
    for (const text of [commands, input])
      assert.deepEqual(parseAtJob(preamble() + text), { uid: 1000, command: '/bin/x A=b; cd / || { exit; }; /bin/y' });
  });

  it('never has the environment of who made it', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (folder, text) => {
        const job = preamble(folder.replaceAll('\n', '')) + text;
        assert.ok(!parseAtJob(job).command.includes('hunter2'));
      }),
    ));

  it('has queue, number and time in its name', () => {
    assert.deepEqual(parseAtName('a0000201c46d3c'), { number: 2, time: '2026-05-17 10:36 UTC' });
    assert.equal(parseAtName('=00002ffffffff')?.number, 2);
    for (const name of ['.SEQ', 'spool', 'a0000201c46d3', 'a0000201c46d3g', 'aa0000201c46d3c'])
      assert.equal(parseAtName(name), null);
  });

  it('is read in time', () => {
    const watch = new Stopwatch();
    for (const part of ['cd / || {\n', 'cd ', 'a\n', '{', 'A=b; export A\n', ' || {\n', 'a='])
      parseAtJob(part.repeat(5e5));
    assert.ok(watch.processorMs < 3000, `${watch.processorMs} ms`);
  });

  it('is found in the folders of its versions', () => {
    const files = {
      '/etc/passwd': 'alice:x:1000:1000::/home/alice:/bin/sh\n',
      '/var/spool/cron/atjobs/a0000201c46d3c': { mode: 0o700, content: `${preamble()}/bin/x\n` },
      '/var/spool/cron/atjobs/.SEQ': '1',
      '/var/spool/at/=0000301c46d3c': { mode: 0o400, content: '# atrun uid=7 gid=7\nx\n' },
      '/usr/bin/x': program(),
    };
    assert.deepEqual(entriesOf(listAtJobs, files), [
      {
        kind: 'at',
        name: '2',
        path: '/var/spool/cron/atjobs/a0000201c46d3c',
        states: ['enabled'],
        trigger: 'timer',
        schedule: '2026-05-17 10:36 UTC',
        user: 'alice',
        command: '/bin/x',
        target: '/bin/x',
      },
      {
        kind: 'at',
        name: '3',
        path: '/var/spool/at/=0000301c46d3c',
        states: ['disabled'],
        trigger: 'timer',
        schedule: '2026-05-17 10:36 UTC',
        user: '7',
        command: 'x',
        target: '/usr/bin/x',
      },
    ]);
  });
});
