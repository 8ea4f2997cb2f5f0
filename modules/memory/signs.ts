/** The signs of an implant that need no pattern: their names, and their tests on the engine's findings. */
import type { AlteredText, AnonymousCode, MappedFile, Mappings, Preloads } from '../../native/index.ts';
import { cutText } from '../../protocol/base/text.ts';
import type { ProcessEntry } from '../kit/processes/process-entry.ts';
import { baseName, hasCompiler, hasPatternCompiler, isCompiledFile } from './compilers.ts';

export const signNames = [
  /** Executable memory without a file that no known compiler or library explains. */
  'anonymous-code',
  /** The same with such an explanation: common, and a hiding place. */
  'jit-code',
  /** Code from a deleted file, or one that was never on disk (memfd). */
  'deleted-code',
  /** Code from a file that root has replaced: common after an update, and a hiding place. */
  'replaced-code',
  /** Code that differs from its mapped file. */
  'altered-code',
  /** A library that the loader loads first: LD_PRELOAD, /etc/ld.so.preload, DYLD_INSERT_LIBRARIES, AppInit_DLLs. */
  'preload',
  /** A program with the name of a kernel thread. */
  'false-kernel-thread',
] as const;
export type SignName = (typeof signNames)[number];

/** Signs that ordinary machines also show; must be requested by name. */
const commonSigns: readonly SignName[] = ['jit-code', 'replaced-code'];
/** Signs that a clean machine does not show. */
export const rareSigns: readonly SignName[] = signNames.filter((name) => !commonSigns.includes(name));

/** The details as text, without addresses. */
export interface Sign {
  readonly name: SignName;
  readonly detail: string;
}

type ToText = (bytes: Uint8Array) => string;

/** Longer details are cut: people only need to recognize them. */
const maximumDetailLetters = 1024;

function toSign(name: SignName, detail: string): Sign {
  return { name, detail: cutText(detail, maximumDetailLetters) };
}

function toCount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Bytes as text: `64 KiB`. */
function toSize(bytes: number): string {
  return bytes < 1024 ** 2 ? `${Math.round(bytes / 1024)} KiB` : `${Math.round(bytes / 1024 ** 2)} MiB`;
}

const makers: Readonly<Record<AnonymousCode['maker'], string>> = {
  unknown: '',
  closures: ', closures of libffi',
  patterns: ', patterns of PCRE',
};

function toCodeSign(mappings: Mappings, hasJit: boolean, code: AnonymousCode, toText: ToText): Sign {
  const { maker, count, bytes, isWritable } = code;
  const isExplained = hasJit || maker === 'closures' || (maker === 'patterns' && hasPatternCompiler(mappings, toText));
  const size = `${toCount(count, 'mapping')}, ${toSize(bytes)}${isWritable ? ', writable' : ''}`;
  return toSign(isExplained ? 'jit-code' : 'anonymous-code', isExplained ? `${size}${makers[maker]}` : size);
}

function toFileSign(mappings: Mappings, { path, isReplaced }: MappedFile, toText: ToText): Sign {
  const text = toText(path);
  if (isReplaced) return toSign('replaced-code', text);
  return toSign(isCompiledFile(mappings, text, toText) ? 'jit-code' : 'deleted-code', text);
}

export function findMappingSigns(mappings: Mappings, toText: ToText): Sign[] {
  const hasJit = hasCompiler(mappings, toText);
  const deleted = mappings.files.filter(({ isDeleted }) => isDeleted);
  return [
    ...mappings.anonymousCode.map((code) => toCodeSign(mappings, hasJit, code, toText)),
    ...deleted.map((file) => toFileSign(mappings, file, toText)),
  ];
}

export function findAlteredSigns({ files, uncomparedPages }: AlteredText, toText: ToText): Sign[] {
  const altered = files.map(({ path, pages, hasBreakpointsOnly }) => {
    const what = hasBreakpointsOnly ? ', breakpoints only' : '';
    return toSign('altered-code', `${toText(path)}, ${toCount(pages, 'page')}${what}`);
  });
  const uncompared = `${toCount(uncomparedPages, 'page')} written to, whose file cannot be read`;
  return uncomparedPages === 0 ? altered : [...altered, toSign('altered-code', uncompared)];
}

/** @param isNewFile whether the process's ld.so.preload is new among the processes so far: each is reported once. */
export function findPreloadSigns(preloads: Preloads, isNewFile: (identity: string) => boolean, toText: ToText): Sign[] {
  const variables = preloads.variables.map((variable) => toSign('preload', toText(variable)));
  if (preloads.files.length === 0 || !isNewFile(preloads.fileIdentity)) return variables;
  return [...variables, toSign('preload', `${preloads.source}: ${preloads.files.map(toText).join(' ')}`)];
}

/** Prefixes of kernel thread names, except those that programs use, too (`watchdog`, `migration`). */
const kernelThreadName =
  /^\[?(?:kworker|kthreadd|ksoftirqd|kswapd\d|kcompactd\d|khugepaged|ksmd|kdevtmpfs|khungtaskd|kauditd|kblockd|kintegrityd|kthrotld|kpsmoused|kdmflush|kcryptd|kjournald|migration\/|rcu_(?:gp|par_gp|sched|bh|preempt|tasks)|rcuo[psb]\/|rcub\/|watchdog\/|watchdogd|cpuhp\/|idle_inject\/|oom_reaper|mm_percpu_wq|inet_frag_wq|slub_flushwq|scsi_(?:eh|tmf)_\d|jbd2\/|ext4-rsv-conver|xfsaild\/|md\d+_raid|irq\/\d|pool_workqueue_release|psimon|zswap-shrink)/;
/** A program without arguments whose name is in brackets, as ps shows kernel threads. */
const bracketed = /^\[[^\s\]]+\]$/;

export function findFalseKernelThread({ isKernelThread, name, arguments: list }: ProcessEntry, toText: ToText): Sign[] {
  // A zombie has neither arguments nor code.
  const [first, ...others] = list.map(toText);
  if (isKernelThread || first === undefined) return [];
  const title = baseName(first);
  const isImitation =
    kernelThreadName.test(toText(name)) ||
    (first.startsWith('[') && kernelThreadName.test(first)) ||
    (bracketed.test(first) && others.length === 0);
  return isImitation
    ? [toSign('false-kernel-thread', first.startsWith('[') ? first : `${toText(name)}, ${title}`)]
    : [];
}
