/** What `mig` and `mig-agent` do when their answer cannot be printed: never look as if all was well. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { buildTools } from '../tools/lab/build-tools.ts';
import { migCommand } from '../tools/lab/lab.ts';

const formats = ['text', 'json', 'ndjson', 'csv', 'html', 'sarif', 'junit'];
const manyFiles = 500;

describe('an answer that cannot be printed', { skip: process.platform === 'linux' ? false : 'needs /dev/full' }, () => {
  let folder: string;
  let question: string;

  before(async () => {
    await buildTools();
    folder = mkdtempSync(join(tmpdir(), 'mig-output-'));
    for (let index = 0; index < manyFiles; index += 1) writeFileSync(join(folder, `found-${index}`), '');
    question = `"${migCommand}" file -t local -path ${folder} -name found`;
  });
  after(() => rmSync(folder, { recursive: true }));

  /** Bash: its list of exit codes tells that of a command in front of a pipe. */
  function run(script: string) {
    const env = { PATH: process.env.PATH, HOME: folder };
    const { status, stdout, stderr } = spawnSync('bash', ['-c', script], { env, encoding: 'utf8' });
    return { status, stdout, stderr };
  }

  for (const format of formats) {
    test(`as ${format} on a full device exits with 4 and says why`, () => {
      const { status, stderr } = run(`${question} -f ${format} > /dev/full`);
      assert.equal(status, 4);
      assert.match(stderr, /^error: the answer could not be printed: ENOSPC/m);
      assert.doesNotMatch(stderr, / {4}at /);
    });

    test(`as ${format} into a file that ends in the middle exits with 4`, () => {
      const file = join(folder, 'answer');
      // A short write first, then an error: as on a disk that becomes full.
      const { status, stderr } = run(`trap '' XFSZ; ulimit -f 4; ${question} -f ${format} > ${file}`);
      assert.equal(readFileSync(file).length, 4096);
      rmSync(file);
      assert.equal(status, 4);
      assert.match(stderr, /^error: the answer could not be printed: EFBIG/m);
    });

    test(`as ${format} to a reader that has gone ends as by SIGPIPE, without a word of it`, () => {
      const piped = run(`set -o pipefail; ${question} -f ${format} | true; echo "\${PIPESTATUS[0]}"`);
      assert.equal(piped.stdout, '141\n');
      assert.equal(piped.stderr, '');
    });
  }

  const lost: readonly (readonly [name: string, script: string])[] = [
    ['to a full device', '2> /dev/full'],
    ['to a reader that has gone', '2> >(exec <&-)'],
  ];
  for (const [name, redirection] of lost)
    test(`prints what was found, and exits with 4, when notes go ${name}`, () => {
      const { status, stdout } = run(`exec 3>&1; ${question} -f text ${redirection}`);
      assert.equal(stdout.trimEnd().split('\n').length, manyFiles);
      assert.equal(status, 4);
    });

  test('of nothing found is not exit code 1 when notes are lost', () => {
    assert.equal(run(`${question.replace('-name found', '-name absent')} 2> /dev/full`).status, 4);
  });

  for (const words of ['mig help', 'mig file -h', 'mig man', 'mig completion bash', 'mig version', 'mig-server --help'])
    test(`${words} exits with 4 on a full device`, () => {
      assert.equal(run(`${dirname(migCommand)}/${words} > /dev/full`).status, 4);
    });
});
