/** CPU time and memory of processes, from Linux's /proc (proc(5)). */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

interface Stat {
  readonly parent: number;
  /** Time of the process and of its children that have ended. */
  readonly cpuSeconds: number;
}

/** Null when the process is gone. */
function readStat(pid: number): Stat | null {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return null;
  }
  // The name, in parentheses, may hold anything. The fields from the third on follow it.
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [, parent = 0] = fields;
  return { parent, cpuSeconds: fields.slice(11, 15).reduce((sum, ticks) => sum + ticks, 0) / ticksPerSecond };
}

/** User and system time in seconds. */
export function cpuSecondsOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + (readStat(pid)?.cpuSeconds ?? 0), 0);
}

/** The process and its children: PostgreSQL has one for each connection. */
export function withChildren(pid: number): readonly number[] {
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
  return [pid, ...pids.filter((candidate) => readStat(candidate)?.parent === pid)];
}

/** User and system time of all threads in seconds, to the nanosecond (the kernel's sched-stats.rst). */
export function exactCpuSecondsOf(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  const nanoseconds = threads.map((thread) =>
    Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]),
  );
  return nanoseconds.reduce((sum, time) => sum + time, 0) / 1e9;
}

/** Memory that is divided among the processes that share it, in bytes, now. */
export function proportionalBytesOf(pid: number): number {
  const line = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'));
  return Number(line?.[1] ?? Number.NaN) * 1024;
}

export function openFilesOf(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

function readMemory(pid: number, field: 'VmRSS' | 'VmHWM' | 'RssAnon'): number {
  const line = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(line?.[1] ?? Number.NaN) * 1024;
}

/** Resident memory in bytes, now. */
export function residentBytesOf(pid: number): number {
  return readMemory(pid, 'VmRSS');
}

/** Anonymous resident memory in bytes, now. */
export function anonymousBytesOf(pid: number): number {
  return readMemory(pid, 'RssAnon');
}

/** Peak of the resident memory since the process began, in bytes. */
export function peakBytesOf(pid: number): number {
  return readMemory(pid, 'VmHWM');
}
