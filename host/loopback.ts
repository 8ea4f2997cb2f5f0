/** The loopback address: a system may have one family of addresses alone. */
import { networkInterfaces } from 'node:os';

type Interfaces = ReturnType<typeof networkInterfaces>;

/** That of IPv4 unless the system has that of IPv6 alone. */
export function findLoopback(interfaces: Interfaces = networkInterfaces()): '127.0.0.1' | '::1' {
  const own = Object.values(interfaces).flatMap((addresses) => (addresses ?? []).filter(({ internal }) => internal));
  const has = (wanted: 'IPv4' | 'IPv6'): boolean => own.some(({ family }) => family === wanted);
  return has('IPv6') && !has('IPv4') ? '::1' : '127.0.0.1';
}

/** `127.0.0.1:8443`, `[::1]:8443` */
export function toHostPort({ host, port }: { readonly host: string; readonly port: number }): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
