/** `lsm:`: the security modules of the kernel. @see the kernel's admin-guide/LSM */
import type { SkipReason } from '../../../../protocol/result/result.ts';
import type { Host } from '../../../kit/files/host.ts';
import { toText } from '../../../kit/files/latin1-text.ts';
import type { FoundValue, KeySpace, SettingReader, SettingValue } from '../../key-space.ts';
import { CommandLines } from '../cmdline/cmdline.ts';
import { always, known, type Reading, setTo, unknown, unreadable, unset } from '../found.ts';
import { readKernelValue } from '../kernel-value.ts';
import { listSelinuxBooleans, readSelinuxBoolean, readSelinuxMode, readSelinuxType } from './selinux.ts';

const folder = '/sys/kernel/security';
const profiles = `${folder}/apparmor/profiles`;
const names = ['modules', 'lockdown', 'selinux', 'selinuxtype', 'apparmor'] as const;

class LsmReader implements SettingReader {
  readonly #host: Host;
  readonly #lines: CommandLines;
  #profiles: Reading<ReadonlyMap<string, string>> | undefined;

  constructor(host: Host) {
    this.#host = host;
    this.#lines = new CommandLines(host);
  }

  read(key: string): SettingValue {
    const [, of, name = ''] = /^(selinux|apparmor)\/(.+)$/s.exec(key) ?? [];
    if (of === 'selinux') return readSelinuxBoolean(this.#host, name);
    if (of === 'apparmor') return { now: this.#findProfile(name), boot: unreadable('undecided') };
    switch (key) {
      case 'selinux':
        return readSelinuxMode(this.#host, this.#lines);
      case 'selinuxtype':
        return always(readSelinuxType(this.#host));
      default:
        return { now: this.#readNow(key), boot: unreadable('undecided') };
    }
  }

  *keys(glob: string): Iterable<string> {
    yield* names;
    if (glob.startsWith('selinux/'))
      for (const name of listSelinuxBooleans(this.#host)) yield `selinux/${toText(name)}`;
    if (!glob.startsWith('apparmor/')) return;
    const found = this.#readProfiles();
    if (found.state === 'known') for (const name of found.content.keys()) yield `apparmor/${name}`;
  }

  #readNow(key: string): FoundValue {
    if (key === 'apparmor') {
      const enabled = readKernelValue(this.#host, '/sys/module/apparmor/parameters/enabled', (text) =>
        text.startsWith('Y') ? 'yes' : 'no',
      );
      return enabled.state === 'unset' ? setTo('no') : enabled;
    }
    const found = readKernelValue(this.#host, `${folder}/${key === 'modules' ? 'lsm' : key}`);
    // Its file system may not be mounted.
    if (found.state !== 'set' || typeof found.value !== 'string')
      return found.state === 'unset' ? unreadable('unsupported') : found;
    if (key === 'modules') return setTo(found.value.split(','));
    const chosen = /\[(\w+)\]/.exec(found.value)?.[1];
    return chosen === undefined ? unreadable('read-error') : setTo(chosen);
  }

  #findProfile(name: string): FoundValue {
    const found = this.#readProfiles();
    if (found.state === 'unknown') return unreadable(found.reason);
    const mode = found.content.get(name);
    return mode === undefined ? unset : setTo(mode);
  }

  #readProfiles(): Reading<ReadonlyMap<string, string>> {
    this.#profiles ??= readProfiles(this.#host);
    return this.#profiles;
  }
}

/** The mode of each profile that is loaded, by name. */
function readProfiles(host: Host): Reading<ReadonlyMap<string, string>> {
  const file = host.readKernel(profiles, 16 * 1024 * 1024);
  if (file.state !== 'read') {
    const reason: SkipReason = file.state === 'unknown' ? file.reason : 'unsupported';
    return unknown(reason);
  }
  const modes = new Map<string, string>();
  for (const line of file.text.split('\n')) {
    const [, name, mode] = /^(.+) \((\w+)\)$/.exec(line) ?? [];
    if (name !== undefined && mode !== undefined) modes.set(toText(name), mode);
  }
  host.report('apparmor', profiles, modes.size);
  return known(modes);
}

export const lsmSpace: KeySpace = {
  prefix: 'lsm',
  discloses: 'values',
  help: 'Security modules: modules, lockdown, selinux, selinuxtype, selinux/BOOLEAN, apparmor, apparmor/PROFILE.',
  example: 'lsm:selinux != enforcing',
  checkKey: (key) =>
    key === '*' || names.some((name) => name === key) || /^selinux\/[\w*]+$|^apparmor\/./s.test(key)
      ? null
      : `expected one of ${names.join(', ')}, selinux/BOOLEAN, apparmor/PROFILE, got ${JSON.stringify(key)}`,
  typeOf: (key) => (key === 'modules' ? 'list' : key === 'apparmor' || key.startsWith('selinux/') ? 'boolean' : 'text'),
  open: (host) => new LsmReader(host),
};
