/** Facts about the machine that only follow from signs: what kind it is, and whether an upgrade waits for a reboot. */
import type { Host } from '../../kit/files/host.ts';
import type { FoundValue } from '../key-space.ts';
import { foundNothing, setTo, unreadable } from './found.ts';

const containerFiles = ['/run/systemd/container', '/.dockerenv', '/run/.containerenv'];

/** `container`, `virtual` or `physical`. */
export function findMachineType(host: Host): FoundValue {
  for (const path of containerFiles) {
    const file = host.read('container', path);
    if (file.state === 'absent') continue;
    if (file.state === 'unknown') return foundNothing(file);
    file.report(1);
    return setTo('container', { path: host.at(path) });
  }
  const file = host.readKernel('/proc/cpuinfo', 16 * 1024 * 1024);
  if (file.state !== 'read') return unreadable(file.state === 'unknown' ? file.reason : 'unsupported');
  const flags = /^flags\s*:(.*)$/m.exec(file.text)?.[1];
  // Only processors of the PC tell.
  if (flags === undefined) return unreadable('unsupported');
  return setTo(/(?:^| )hypervisor(?: |$)/.test(flags) ? 'virtual' : 'physical');
}

/** Made by the hooks of packages on Debian and Ubuntu. */
const sign = '/run/reboot-required';
const hooks = ['/etc/kernel/postinst.d/unattended-upgrades', '/usr/share/update-notifier/notify-reboot-required'];

/** Unknown where nothing would make the sign. */
export function findRebootRequired(host: Host): FoundValue {
  const file = host.read('reboot-required', sign);
  if (file.state === 'unknown') return foundNothing(file);
  if (file.state === 'read') {
    file.report(1);
    return setTo('yes', { path: host.at(sign) });
  }
  return hooks.some((hook) => host.read('reboot-required', hook).state !== 'absent')
    ? setTo('no')
    : unreadable('unsupported');
}
