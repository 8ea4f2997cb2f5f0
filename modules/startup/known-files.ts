/**
 * Files that no package lists, because a script of a package makes them at its installation. They are shown with the
 * name of the script: what is in them was not brought by a package, and an attacker may have changed it.
 */
/** Paths; a star stands for the rest of a name, and two for all below. */
const makers: Readonly<Record<string, readonly string[]>> = {
  'base-files postinst': ['/etc/profile', '/etc/motd', '/root/.bashrc', '/root/.profile'],
  'libpam-runtime pam-auth-update': ['account', 'auth', 'password', 'session', 'session-noninteractive'].map(
    (name) => `/etc/pam.d/common-${name}`,
  ),
  'libpam-runtime postinst': ['/etc/environment'],
  'debian-installer': [
    '/etc/apt/apt.conf.d/00CDMountPoint',
    '/etc/apt/apt.conf.d/00trustcdrom',
    '/etc/apt/apt.conf.d/01autoremove-kernels',
    '/etc/modules',
    '/etc/fstab',
    '/etc/apt/apt.conf',
  ],
  'kernel postinst': ['/etc/kernel-img.conf'],
  'grub-common postinst': ['/etc/default/grub', '/boot/grub/grub.cfg'],
  'image of Debian for containers': ['/etc/apt/apt.conf.d/docker-*'],
  'generators of systemd': [
    '/run/systemd/generator/**',
    '/run/systemd/generator.early/**',
    '/run/systemd/generator.late/**',
  ],
  'initramfs-tools postinst': ['/etc/initramfs-tools/modules'],
};

function toPattern(path: string): RegExp {
  const source = path
    .replaceAll('.', '\\.')
    .replace('**', '.+')
    .replace(/(?<!\.)\*$/, '[^/]*');
  return new RegExp(`^${source}$`);
}

const patterns = Object.entries(makers).map(([script, paths]) => ({ script, paths: paths.map(toPattern) }));

/** Undefined for a file of which no script is known. @param path on the host. */
export function scriptOf(path: string): string | undefined {
  return patterns.find(({ paths }) => paths.some((pattern) => pattern.test(path)))?.script;
}
