/** Lines of files about modules of the kernel, and its command line. @see modules-load.d(5), modprobe.d(5) */
import { toLogicalLines } from './logical-lines.ts';

interface KernelLine {
  readonly line: number;
  /** `load`, `install`, `remove`, `softdep`, `weakdep` */
  readonly action: string;
  readonly module: string;
  /** Command, or the other modules. */
  readonly value: string;
}

/** A module in each line; in /etc/modules its parameters may follow. */
export function* parseModuleNames(text: string): Generator<KernelLine> {
  for (const { line, text: entry } of toLogicalLines(text, '#;')) {
    const [module = '', ...parameters] = entry.split(/\s+/);
    yield { line, action: 'load', module, value: parameters.join(' ') };
  }
}

/** What starts a command or loads other modules. */
export function* parseModprobe(text: string): Generator<KernelLine> {
  for (const { line, text: entry } of toLogicalLines(text)) {
    const [, action, module = '', value = ''] = /^(install|remove|softdep|weakdep)\s+(\S+)\s+(.*)$/.exec(entry) ?? [];
    if (action !== undefined) yield { line, action, module, value };
  }
}

interface KernelParameter {
  readonly line: number;
  readonly parameter: string;
  readonly value: string;
}

/** Parameters that say what starts first. */
const parameter =
  /(?<![\w.-])(rdinit|init|systemd\.unit|systemd\.run|systemd\.wants|rd\.systemd\.unit)=("[^"\n]{0,4096}"|[^\s"']{1,4096})/g;

/** @param lines which lines have parameters of the kernel. */
export function* parseKernelParameters(text: string, lines: RegExp): Generator<KernelParameter> {
  for (const { line, text: entry } of toLogicalLines(text))
    if (lines.test(entry))
      for (const [, name = '', value = ''] of entry.matchAll(parameter))
        yield { line, parameter: name, value: value.replaceAll('"', '') };
}
