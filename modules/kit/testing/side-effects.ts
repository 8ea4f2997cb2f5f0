/** The system calls of a whole process that answers a question: nothing may be executed, asked, written or locked. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OperationResult } from '../../../protocol/result/result.ts';

const script = join(import.meta.dirname, 'ask-as.ts');

export const isTraced = spawnSync('strace', ['-V']).status === 0 && spawnSync('strace', ['true']).status === 0;

/** Calls that change a file, ask somebody, lock or start something. */
const calls = [
  ...[
    'execve',
    'execveat',
    'fork',
    'vfork',
    'connect',
    'sendto',
    'sendmsg',
    'bind',
    'flock',
    'fcntl',
    'open',
    'openat',
  ],
  ...[
    'creat',
    'mkdir',
    'mkdirat',
    'rename',
    'renameat',
    'renameat2',
    'unlink',
    'unlinkat',
    'link',
    'linkat',
    'symlink',
  ],
  ...['symlinkat', 'truncate', 'ftruncate', 'chmod', 'fchmod', 'fchmodat', 'utimensat', 'mknodat'],
];

function isHarmless(line: string): boolean {
  // The end of a call whose beginning, with what it asks for, is a line of its own.
  if (/<\.\.\. \w+ resumed>/.test(line)) return true;
  if (/\bfcntl\(/.test(line)) return !/F_(?:OFD_)?SETLKW?\b|F_SETLEASE/.test(line);
  return /\bopen(?:at)?\(/.test(line) && !/O_WRONLY|O_RDWR|O_CREAT|O_TRUNC/.test(line);
}

/** The answer of this machine, and the calls that are more than reading. */
export function traceQuestion(
  module: string,
  question: unknown,
): { readonly result: OperationResult; readonly sideEffects: readonly string[] } {
  const folder = mkdtempSync(join(tmpdir(), 'mig-trace-'));
  try {
    const trace = join(folder, 'trace');
    const traced = ['-f', '-qq', '-e', `trace=${calls.map((call) => `?${call}`).join(',')}`, '-e', 'signal=none'];
    const asked = [process.execPath, script, module, JSON.stringify(question)];
    const { stdout, stderr, status } = spawnSync('strace', [...traced, '-o', trace, ...asked], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    const [start = '', ...others] = readFileSync(trace, 'utf8').trim().split('\n');
    // The process itself.
    assert.match(start, /execve\(/);
    return {
      result: OperationResult.parse(JSON.parse(stdout)),
      sideEffects: others.filter((line) => !isHarmless(line)),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
