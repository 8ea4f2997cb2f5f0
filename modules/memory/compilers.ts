/** Which programs and libraries make code at run time, so that code which no file stands behind is to be expected. */
import type { MappedFile, Mappings } from '../../native/index.ts';

type ToText = (bytes: Uint8Array) => string;

/** By the name of their file. What they make can look like anything. */
const compilers: readonly RegExp[] = [
  /^lib(?:jvm|j9jit\w*|v8|node|mozjs|xul|javascriptcoregtk|webkit2?gtk|QtWebEngineCore|Qt\d?Qml|coreclr|clrjit|mono\w*|LLVM|luajit|gallium|glapi|orc|ruby|cef)\b/,
  /^lib(?:nvidia-\w*glcore|(?:GLX|EGL)_nvidia)\b/,
  /^(?:node|nodejs|deno|bun|java|chrome|chromium|chromium-browser|brave|msedge|opera|vivaldi-bin|electron|code|slack|discord|Discord|teams|signal-desktop|spotify|obsidian|firefox|firefox-bin|thunderbird)$/,
  /^(?:dotnet|mono\w*|beam\.smp|luajit[\w.-]*|ruby[\d.]*|julia|gjs|pypy[\d.]*|qemu-[\w-]+|php[\d.]*|php-fpm[\d.]*|wine\w*|mongod|mongos|clickhouse[\w-]*|envoy|fluent-bit|tarantool|mig(?:-agent[\w.-]*)?)$/,
  // macOS: its programs keep such a library in a framework of theirs; WebKit's own is not mapped by name.
  /^(?:(?:Google Chrome|Chromium|Microsoft Edge|Electron) Framework|XUL|Safari|com\.apple\.WebKit\.\w+)$/,
  // Windows, which ignores case.
  /^(?:(?:clrjit|coreclr|clr|mscorwks|jvm|j9jit\w*|v8|libnode|mozjs[\w-]*|xul|chakra\w*|jscript9?|mono-[\w.-]+|luajit|lua51|LLVM[\w-]*|chrome|msedge|libcef)\.dll|(?:node|deno|bun|java|javaw|chrome|msedge|electron|code|slack|firefox|thunderbird|dotnet|erl|ruby|julia|php|php-cgi|mig-agent[\w.-]*)\.exe)$/i,
];

/** Has PCRE, which compiles regular expressions; the servers may have it in themselves. */
const patternCompilers: readonly RegExp[] = [
  /^lib(?:pcre|pcre2-\d+|pcre\d+)\b/,
  /^(?:nginx|apache2|httpd|haproxy)$/,
  /^(?:(?:lib)?pcre[\w-]*\.dll|(?:nginx|httpd)\.exe)$/i,
];

interface Writer {
  readonly libraries: readonly RegExp[];
  readonly file: RegExp;
}

/** Who executes from a file without a name, where memory may not be both written to and executed, and what it is called. */
const writers: readonly Writer[] = [
  // Without a name at all: of a memfd or of O_TMPFILE.
  { libraries: compilers, file: /^\/memfd:|\/#\d+$|\/orcexec\.\w{6}$|\/\.gl\w{6}$/ },
  { libraries: patternCompilers, file: /^\/memfd:sljit$/ },
  { libraries: [/^libffi\b/], file: /^\/memfd:libffi$|\/ffi\w{6}$/ },
];

/** In a path of POSIX a backslash is part of a name, or of how one is written. */
export function baseName(path: string): string {
  return path.startsWith('/') ? path.slice(path.lastIndexOf('/') + 1) : path.slice(path.lastIndexOf('\\') + 1);
}

/** Whether code of such a file is mapped that only root could have put there. */
function hasFile({ files }: Mappings, names: readonly RegExp[], toText: ToText): boolean {
  const isTrusted = ({ isExecutable, isOwnedByRoot, isReplaced }: MappedFile): boolean =>
    isExecutable && (isOwnedByRoot || isReplaced);
  return files.some((file) => isTrusted(file) && names.some((name) => name.test(baseName(toText(file.path)))));
}

/** Whether code of any form is to be expected. */
export function hasCompiler(mappings: Mappings, toText: ToText): boolean {
  return hasFile(mappings, compilers, toText);
}

/** Whether code that looks like a compiled regular expression is to be expected. */
export function hasPatternCompiler(mappings: Mappings, toText: ToText): boolean {
  return hasFile(mappings, patternCompilers, toText);
}

/** Whether code in a file of that name, which was deleted, is to be expected. */
export function isCompiledFile(mappings: Mappings, path: string, toText: ToText): boolean {
  return writers.some(({ libraries, file }) => file.test(path) && hasFile(mappings, libraries, toText));
}
