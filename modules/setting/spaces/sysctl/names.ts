/** Names of kernel parameters, and their files below /proc/sys. @see sysctl.d(5) */

export const root = '/proc/sys';

/** Keys of the kernel itself. */
const secret = /(?:^|\/)(?:stable_secret|tcp_fastopen_key)$/;

function swapSeparators(text: string): string {
  return text.replaceAll(/[./]/g, (letter) => (letter === '.' ? '/' : '.'));
}

/** `net/ipv4/ip_forward`. When the first separator is a dot, a slash is a dot in a name, as in `eth0/1`. */
export function toRelativePath(key: string): string {
  const first = /[./]/.exec(key)?.[0];
  return first === '.' ? swapSeparators(key) : key;
}

/** `net.ipv4.ip_forward`. */
export function toKey(relativePath: string): string {
  return swapSeparators(relativePath);
}

/** Null for a name. */
export function checkName(key: string): string | null {
  const names = toRelativePath(key).split('/');
  if (!/^[\w./*@:+-]+$/.test(key) || names.some((name) => name === '' || name === '.' || name === '..'))
    return `expected a kernel parameter such as net.ipv4.ip_forward, got ${JSON.stringify(key)}`;
  return isSecret(toRelativePath(key))
    ? `expected a kernel parameter without a secret, got ${JSON.stringify(key)}`
    : null;
}

export function isSecret(relativePath: string): boolean {
  return secret.test(relativePath);
}
