/** The signs of an implant that need no pattern: their names, and what each looks for in what the engine has read. */
import type { AlteredText, Mappings, Preloads } from '../../native/index.ts';
import type { ProcessEntry } from '../shared/process-entry.ts';

export const signNames = [
  /** Code in memory that no file stands behind, in a process that has no just-in-time compiler. */
  'anonymous-code',
  /** The same where a just-in-time compiler explains it: common, and a place to hide. */
  'jit-code',
  /** Code from a file that was deleted, replaced or never was on disk (memfd). */
  'deleted-code',
  /** Code that differs from the file that it was mapped from. */
  'altered-code',
  /** A library that the loader takes before all others: LD_PRELOAD, /etc/ld.so.preload, DYLD_INSERT_LIBRARIES, AppInit_DLLs. */
  'preload',
  /** A program that is called like a thread of the kernel. */
  'false-kernel-thread',
] as const;
export type SignName = (typeof signNames)[number];

/** What was seen, in words without addresses. */
export interface Sign {
  readonly name: SignName;
  readonly detail: string;
}

type ToText = (bytes: Uint8Array) => string;

/** Longer details are cut: they are for people to recognise. */
const maximumDetailLetters = 1024;

export function toSign(name: SignName, detail: string): Sign {
  return { name, detail: detail.slice(0, maximumDetailLetters) };
}

/** Libraries and programs that make code at run time, by the name of their file. */
const compilers: readonly RegExp[] = [
  /^lib(?:jvm|j9jit\w*|v8|node|mozjs|xul|javascriptcoregtk|webkit2?gtk|QtWebEngineCore|Qt\d?Qml|coreclr|clrjit|mono\w*|LLVM|luajit|gallium|ruby)\b/,
  /^(?:node|nodejs|deno|bun|java|chrome|chromium|chromium-browser|electron|code|slack|firefox|firefox-bin|thunderbird|dotnet|mono\w*|beam\.smp|luajit|ruby[\d.]*|julia|gjs|pypy\d?|qemu-[\w-]+|php[\d.]*|php-fpm[\d.]*|apache2|httpd|nginx|haproxy|wine\w*|mig(?:-agent)?)$/,
  // macOS: its programs keep such a library in a framework of theirs; WebKit's own is not mapped by name.
  /^(?:(?:Google Chrome|Chromium|Microsoft Edge|Electron) Framework|XUL|Safari|com\.apple\.WebKit\.\w+)$/,
  // Windows, which ignores case.
  /^(?:(?:clrjit|coreclr|clr|mscorwks|jvm|j9jit\w*|v8|libnode|mozjs[\w-]*|xul|chakra\w*|jscript9?|mono-[\w.-]+|luajit|lua51|LLVM[\w-]*|chrome|msedge|libcef)\.dll|(?:node|deno|bun|java|javaw|chrome|msedge|electron|code|slack|firefox|thunderbird|dotnet|erl|ruby|julia|php|php-cgi|nginx|httpd|mig-agent)\.exe)$/i,
];

/** In a path of POSIX a backslash is part of a name, or of how one is written. */
function baseName(path: string): string {
  return path.startsWith('/') ? path.slice(path.lastIndexOf('/') + 1) : path.slice(path.lastIndexOf('\\') + 1);
}

/** Whether code that no file stands behind is to be expected: a compiler that only root could have put there is mapped. */
function hasCompiler({ files }: Mappings, toText: ToText): boolean {
  return files.some(
    ({ path, isExecutable, isOwnedByRoot }) =>
      isExecutable && isOwnedByRoot && compilers.some((name) => name.test(baseName(toText(path)))),
  );
}

/** Bytes as people write them: `64 KiB`. */
function toSize(bytes: number): string {
  return bytes < 1024 ** 2 ? `${Math.round(bytes / 1024)} KiB` : `${Math.round(bytes / 1024 ** 2)} MiB`;
}

export function findMappingSigns(mappings: Mappings, toText: ToText): Sign[] {
  const isExplained = hasCompiler(mappings, toText);
  const signs: Sign[] = [];
  if (mappings.anonymousExecutableCount > 0) {
    const writable = mappings.isAnonymousExecutableWritable ? ', writable' : '';
    const size = toSize(mappings.anonymousExecutableBytes);
    const detail = `${mappings.anonymousExecutableCount} mappings, ${size}${writable}`;
    signs.push(toSign(isExplained ? 'jit-code' : 'anonymous-code', detail));
  }
  for (const { path, isDeleted } of mappings.files) {
    if (!isDeleted) continue;
    const text = toText(path);
    // Some compilers write into a memfd and execute from it.
    signs.push(toSign(isExplained && text.startsWith('/memfd:') ? 'jit-code' : 'deleted-code', text));
  }
  return signs;
}

export function findAlteredSigns({ files, uncomparedPages }: AlteredText, toText: ToText): Sign[] {
  const altered = files.map(({ path, pages }) => toSign('altered-code', `${toText(path)}, ${pages} pages`));
  const uncompared = `${uncomparedPages} pages were written to, but their file cannot be read`;
  return uncomparedPages === 0 ? altered : [...altered, toSign('altered-code', uncompared)];
}

/** @param isNewFile says whether a process with the same ld.so.preload was not seen before: it is reported once. */
export function findPreloadSigns(preloads: Preloads, isNewFile: (identity: string) => boolean, toText: ToText): Sign[] {
  const variables = preloads.variables.map((variable) => toSign('preload', toText(variable)));
  if (preloads.files.length === 0 || !isNewFile(preloads.fileIdentity)) return variables;
  return [...variables, toSign('preload', `${preloads.source}: ${preloads.files.map(toText).join(' ')}`)];
}

/** How the names of the kernel's threads begin, those left out that programs have, too (`watchdog`, `migration`). */
const kernelThreadName =
  /^\[?(?:kworker|kthreadd|ksoftirqd|kswapd\d|kcompactd\d|khugepaged|ksmd|kdevtmpfs|khungtaskd|kauditd|kblockd|kintegrityd|kthrotld|kpsmoused|kdmflush|kcryptd|kjournald|migration\/|rcu_(?:gp|par_gp|sched|bh|preempt|tasks)|rcuo[psb]\/|rcub\/|watchdog\/|watchdogd|cpuhp\/|idle_inject\/|oom_reaper|mm_percpu_wq|inet_frag_wq|slub_flushwq|scsi_(?:eh|tmf)_\d|jbd2\/|ext4-rsv-conver|xfsaild\/|md\d+_raid|irq\/\d|pool_workqueue_release|psimon|zswap-shrink)/;
/** A program that puts its name into brackets, as ps shows threads of the kernel, and has no arguments. */
const bracketed = /^\[[^\s\]]+\]$/;

export function findFalseKernelThread({ isKernelThread, name, arguments: list }: ProcessEntry, toText: ToText): Sign[] {
  // A zombie has no arguments left, nor has it any code.
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
