/** The modules on Windows, under wine: tests of the modules themselves, and of things that only Windows has. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { buildConfineCheck, type ConfineCheck } from './windows/confine-check.ts';
import { startWine } from './windows/wine.ts';

interface TestFile {
  readonly file: string;
  /** Tests in it of things that Windows does not have. */
  readonly skip?: readonly string[];
}

const files: readonly TestFile[] = [
  { file: 'native/scan/digest_batch.test.ts' },
  { file: 'modules/file/decompress.test.ts' },
  { file: 'modules/file/content.test.ts' },
  // Permission bits and links of POSIX; the other system's path of the test is one of Windows.
  {
    file: 'modules/file/run.test.ts',
    skip: ['by mode', 'has the shape of the original', 'a link to a directory', 'is not there and goes on'],
  },
  {
    file: 'modules/file/protection.test.ts',
    skip: ['by a link', 'root of a process', 'working directory of a process'],
  },
  { file: 'tests/windows/names.trial.ts' },
  { file: 'tests/windows/processes.trial.ts' },
];

const wine = await startWine();
const missing = typeof wine === 'string' ? wine : false;
if (missing !== false) process.stderr.write(`SKIPPED: ${missing}, the addon for Windows was NOT run\n`);
after(() => typeof wine === 'string' || wine.close());

describe('on Windows, under wine', { skip: missing }, () => {
  for (const { file, skip } of files)
    it(`${file} passes`, async () => {
      if (typeof wine !== 'string') await wine.runTests(file, skip);
    });
});

describe('a module process on Windows, under wine', { skip: missing }, () => {
  let check: ConfineCheck;
  before(async () => {
    check = await buildConfineCheck();
  });
  after(() => check?.close());

  const kept: readonly { readonly needs: readonly string[]; readonly privileges: readonly string[] }[] = [
    { needs: [], privileges: ['SeChangeNotifyPrivilege'] },
    { needs: ['files'], privileges: ['SeBackupPrivilege', 'SeChangeNotifyPrivilege'] },
    {
      needs: ['files', 'processes'],
      privileges: ['SeBackupPrivilege', 'SeChangeNotifyPrivilege', 'SeDebugPrivilege'],
    },
  ];
  for (const { needs, privileges } of kept)
    it(`keeps the privileges of its needs alone: ${needs.join(' and ') || 'none'}`, async () => {
      const report = await check.run(...needs);
      assert.equal(report.confined, 'done');
      assert.deepEqual(report.privileges?.split(' ').sort(), privileges);
      assert.equal(report.read, 'done');
    });

  // Only Windows itself heeds the number of processes in the job.
  it('is in a job of its own', async () => {
    assert.equal((await check.run('files')).job, 'done');
  });
});
