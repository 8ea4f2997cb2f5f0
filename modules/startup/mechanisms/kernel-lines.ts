/** Lines of files about modules of the kernel, and its command line. @see modules-load.d(5), modprobe.d(5) */
import { toLogicalLines } from './logical-lines.ts';

interface ModuleName {
  readonly line: number;
  readonly module: string;
}

/** A module in each line; in /etc/modules its parameters may follow. */
export function* parseModuleNames(text: string): Generator<ModuleName> {
  for (const { line, text: entry } of toLogicalLines(text, '#;')) {
    const [module = ''] = entry.split(/\s/, 1);
    yield { line, module };
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
