// Nothing is executed, asked, written or locked: the system calls of a whole process that answers a question.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { OperationResult } from '../../protocol/result/result.ts';

const script = join(import.meta.dirname, '..', 'kit', 'testing', 'ask-as.ts');
const isTraced = spawnSync('strace', ['-V']).status === 0 && spawnSync('strace', ['true']).status === 0;

/** Calls that change a file, ask somebody, lock or start something. */
const calls = [
  ...['execve', 'execveat', 'fork', 'vfork', 'connect', 'sendto', 'sendmsg', 'bind', 'flock'],
  ...['open', 'openat', 'creat', 'mkdir', 'mkdirat', 'rename', 'renameat', 'renameat2', 'unlink', 'unlinkat', 'link'],
  ...[
    'linkat',
    'symlink',
    'symlinkat',
    'truncate',
    'ftruncate',
    'chmod',
    'fchmod',
    'fchmodat',
    'utimensat',
    'mknodat',
    'fcntl',
  ],
];

function traceOf(question: unknown): { readonly result: OperationResult; readonly lines: readonly string[] } {
  const folder = mkdtempSync(join(tmpdir(), 'mig-trace-'));
  try {
    const trace = join(folder, 'trace');
    const { stdout, stderr, status } = spawnSync(
      'strace',
      [
        '-f',
        '-qq',
        '-e',
        `trace=${calls.map((call) => `?${call}`).join(',')}`,
        '-e',
        'signal=none',
        '-o',
        trace,
      ].concat([process.execPath, script, 'package', JSON.stringify(question)]),
      { encoding: 'utf8' },
    );
    assert.equal(status, 0, stderr);
    return { result: OperationResult.parse(JSON.parse(stdout)), lines: readFileSync(trace, 'utf8').trim().split('\n') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function isHarmless(line: string): boolean {
  if (/\bfcntl\(/.test(line)) return !/F_(?:OFD_)?SETLKW?\b|F_SETLEASE/.test(line);
  return /\bopen(?:at)?\(/.test(line) && !/O_WRONLY|O_RDWR|O_CREAT|O_TRUNC/.test(line);
}

describe('an answer', { skip: isTraced ? false : 'needs strace' }, () => {
  for (const [name, search] of [['everything', {}]] as const)
    it(`to a question about ${name} only opens files for reading`, () => {
      const { result, lines } = traceOf({ searches: { s1: search } });
      assert.equal(result.success, true);
      // The process itself.
      const [start = '', ...others] = lines;
      assert.match(start, /execve\(/);
      assert.deepEqual(
        others.filter((line) => !isHarmless(line)),
        [],
      );
    });
});
