/** `sysctl:`: parameters of the kernel, now and as the next start sets them. */
import type { SkipReason } from '../../../../protocol/result/result.ts';
import { toGlobPattern } from '../../../kit/files/glob-pattern.ts';
import type { Host } from '../../../kit/files/host.ts';
import type { FoundValue, KeySpace, SettingReader, SettingValue } from '../../key-space.ts';
import { setTo, unreadable, unset } from '../found.ts';
import { Assignments } from './assignments.ts';
import { checkName, isSecret, root, toKey, toRelativePath } from './names.ts';

const mostValueBytes = 64 * 1024;
const mostKeys = 100_000;

class SysctlReader implements SettingReader {
  readonly #host: Host;
  #assignments: Assignments | undefined;
  #read = 0;
  #gap: SkipReason | undefined;

  constructor(host: Host) {
    this.#host = host;
  }

  read(key: string): SettingValue {
    this.#assignments ??= new Assignments(this.#host);
    const path = toRelativePath(key);
    return { now: this.#readNow(path), boot: this.#assignments.find(path) };
  }

  *keys(glob: string): Iterable<string> {
    let left = mostKeys;
    for (const path of this.#expand(root, toRelativePath(glob).split('/'))) {
      left -= 1;
      if (left < 0) {
        this.#gap = 'size-limit';
        return;
      }
      if (!isSecret(path)) yield toKey(path);
    }
  }

  #readNow(path: string): FoundValue {
    const file = this.#host.readKernel(`${root}/${path}`, mostValueBytes);
    if (file.state === 'absent') return unset;
    if (file.state === 'unknown') return unreadable(file.reason);
    this.#read += 1;
    return setTo(file.text.replace(/\n$/, '').replaceAll('\t', ' '));
  }

  /** Files that may be read, as paths below the root. */
  *#expand(folder: string, [name = '', ...below]: readonly string[]): Iterable<string> {
    const matcher = toGlobPattern(name);
    const names = name.includes('*')
      ? this.#host.listFolder('sysctl', folder).names.filter((one) => matcher.test(one))
      : [name];
    for (const one of names) {
      const path = `${folder}/${one}`;
      if (below.length > 0) yield* this.#expand(path, below);
      else if (this.#isReadable(path)) yield path.slice(root.length + 1);
    }
  }

  #isReadable(path: string): boolean {
    const found = this.#host.status('sysctl', path);
    return found.state === 'there' && found.status.kind === 'file' && (found.status.mode & 0o444) !== 0;
  }

  finish(): void {
    if (this.#read > 0) this.#host.report('sysctl', root, this.#read, this.#gap);
  }
}

export const sysctlSpace: KeySpace = {
  prefix: 'sysctl',
  discloses: 'values',
  help: 'Parameters of the kernel; after a reboot, as the files of sysctl.d set them.',
  example: 'sysctl:net.ipv4.conf.*.rp_filter != 1',
  isPublic: true,
  checkKey: checkName,
  typeOf: () => 'number',
  open: (host) => new SysctlReader(host),
};
