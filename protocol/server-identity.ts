/** Whether a certificate is that of the server that was to be reached (RFC 9110, 4.3.4 and RFC 9525). */
import { X509Certificate } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';

/**
 * For `checkServerIdentity` of node:tls, whose own takes an IPv6 address for a host without a name, which no certificate has.
 * @param host without brackets.
 */
export function checkIdentity(host: string, certificate: PeerCertificate): Error | undefined {
  // Without a colon no address of IPv6, whose pattern takes long to compile.
  if (!host.includes(':') || !isIPv6(host)) return checkServerIdentity(host, certificate);
  if (new X509Certificate(certificate.raw).checkIP(host) !== undefined) return undefined;
  const names = certificate.subjectaltname ?? 'none';
  const error = new Error(`expected a certificate for the address ${host}, got one for: ${names}`);
  return Object.assign(error, { code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
}
