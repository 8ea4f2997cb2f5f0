/** `cpu:`: weaknesses of the processor, and what the kernel does about them. @see sysfs-devices-system-cpu of the kernel */
import type { Host } from '../../../kit/files/host.ts';
import { toText } from '../../../kit/files/latin1-text.ts';
import type { FoundValue, KeySpace, SettingReader, SettingValue } from '../../key-space.ts';
import { setTo, unreadable, unset } from '../found.ts';
import { readKernelValue } from '../kernel-value.ts';

const folder = '/sys/devices/system/cpu';
const mostBytes = 16 * 1024 * 1024;

class CpuReader implements SettingReader {
  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
  }

  read(key: string): SettingValue {
    // Another kernel, microcode or command line would decide.
    return { now: this.#readNow(key), boot: unreadable('undecided') };
  }

  *keys(): Iterable<string> {
    yield 'smt';
    yield 'microcode';
    for (const name of this.#host.listFolder('cpu', `${folder}/vulnerabilities`).names) yield toText(name);
  }

  #readNow(key: string): FoundValue {
    if (key === 'smt') return readKernelValue(this.#host, `${folder}/smt/control`);
    if (key === 'microcode') return this.#readMicrocode();
    const found = readKernelValue(this.#host, `${folder}/vulnerabilities/${key}`);
    // An older kernel does not tell whether the processor has it.
    return found.state === 'unset' ? unreadable('unsupported') : found;
  }

  #readMicrocode(): FoundValue {
    const file = this.#host.readKernel('/proc/cpuinfo', mostBytes);
    if (file.state !== 'read') return unreadable(file.state === 'unknown' ? file.reason : 'unsupported');
    const revision = /^microcode\s*:\s*(\S+)$/m.exec(file.text)?.[1];
    return revision === undefined ? unset : setTo(revision);
  }
}

export const cpuSpace: KeySpace = {
  prefix: 'cpu',
  discloses: 'values',
  help: 'Weaknesses of the processor by name, such as meltdown and retbleed; smt; microcode.',
  example: 'cpu:* ~ ^Vulnerable',
  isPublic: true,
  checkKey: (key) =>
    /^[\w*]+$/.test(key)
      ? null
      : `expected a weakness such as meltdown, or smt or microcode, got ${JSON.stringify(key)}`,
  typeOf: (key) => (key === 'microcode' ? 'number' : 'text'),
  open: (host) => new CpuReader(host),
};
