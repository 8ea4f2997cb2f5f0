/** Programs and libraries that generate code at run time, which explains executable memory without a file. */
import type { MappedFile, Mappings } from '../../native/index.ts';

type ToText = (bytes: Uint8Array) => string;

/** By file name. Their generated code can have any form. */
const compilers: readonly RegExp[] = [
  /^lib(?:jvm|j9jit\w*|v8|node|mozjs|xul|javascriptcoregtk|webkit2?gtk|QtWebEngineCore|Qt\d?Qml|coreclr|clrjit|mono\w*|LLVM|luajit|gallium|glapi|orc|ruby|cef)\b/,
  /^lib(?:nvidia-\w*glcore|(?:GLX|EGL)_nvidia)\b/,
  /^(?:node|nodejs|deno|bun|java|chrome|chromium|chromium-browser|brave|msedge|opera|vivaldi-bin|electron|code|slack|discord|Discord|teams|signal-desktop|spotify|obsidian|firefox|firefox-bin|thunderbird)$/,
  /^(?:dotnet|mono\w*|beam\.smp|luajit[\w.-]*|ruby[\d.]*|julia|gjs|pypy[\d.]*|qemu-[\w-]+|php[\d.]*|php-fpm[\d.]*|wine\w*|mongod|mongos|clickhouse[\w-]*|envoy|fluent-bit|tarantool|mig(?:-agent[\w.-]*)?)$/,
  // macOS: its programs have such a library in their own framework; WebKit's is not mapped by name.
  /^(?:(?:Google Chrome|Chromium|Microsoft Edge|Electron) Framework|XUL|Safari|com\.apple\.WebKit\.\w+)$/,
  // Windows, which ignores case.
  /^(?:(?:clrjit|coreclr|clr|mscorwks|jvm|j9jit\w*|v8|libnode|mozjs[\w-]*|xul|chakra\w*|jscript9?|mono-[\w.-]+|luajit|lua51|LLVM[\w-]*|chrome|msedge|libcef)\.dll|(?:node|deno|bun|java|javaw|chrome|msedge|electron|code|slack|firefox|thunderbird|dotnet|erl|ruby|julia|php|php-cgi|mig-agent[\w.-]*)\.exe)$/i,
];

/** Programs and libraries with PCRE, which compiles regular expressions; servers may link it statically. */
const patternCompilers: readonly RegExp[] = [
  /^lib(?:pcre|pcre2-\d+|pcre\d+)\b/,
  /^(?:nginx|apache2|httpd|haproxy)$/,
  /^(?:(?:lib)?pcre[\w-]*\.dll|(?:nginx|httpd)\.exe)$/i,
];

interface Writer {
  readonly libraries: readonly RegExp[];
  readonly file: RegExp;
}

/** Programs that execute unnamed files where memory must not be both writable and executable, with the files' names. */
const writers: readonly Writer[] = [
  // Without a name: memfd or O_TMPFILE.
  { libraries: compilers, file: /^\/memfd:|\/#\d+$|\/orcexec\.\w{6}$|\/\.gl\w{6}$/ },
  { libraries: patternCompilers, file: /^\/memfd:sljit$/ },
  { libraries: [/^libffi\b/], file: /^\/memfd:libffi$|\/ffi\w{6}$/ },
];

/** In a POSIX path a backslash is part of a name, or an escape. */
export function baseName(path: string): string {
  return path.startsWith('/') ? path.slice(path.lastIndexOf('/') + 1) : path.slice(path.lastIndexOf('\\') + 1);
}

/** Whether a mapped file with such a name belongs to root. */
function hasFile({ files }: Mappings, names: readonly RegExp[], toText: ToText): boolean {
  const isTrusted = ({ isExecutable, isOwnedByRoot, isReplaced }: MappedFile): boolean =>
    isExecutable && (isOwnedByRoot || isReplaced);
  return files.some((file) => isTrusted(file) && names.some((name) => name.test(baseName(toText(file.path)))));
}

/** Whether generated code of any form is expected. */
export function hasCompiler(mappings: Mappings, toText: ToText): boolean {
  return hasFile(mappings, compilers, toText);
}

/** Whether a compiled regular expression is expected. */
export function hasPatternCompiler(mappings: Mappings, toText: ToText): boolean {
  return hasFile(mappings, patternCompilers, toText);
}

/** Whether code in a deleted file of that name is expected. */
export function isCompiledFile(mappings: Mappings, path: string, toText: ToText): boolean {
  return writers.some(({ libraries, file }) => file.test(path) && hasFile(mappings, libraries, toText));
}
