/** Which relay a login was signed for: the addresses under which investigators reach this one, and its certificate. */
import { X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import { CodedError } from '../../protocol/base/coded-error.ts';
import { sha256Hex } from '../../protocol/base/identifiers.ts';
import type { Login } from '../../protocol/session-api.ts';
import type { Network } from '../settings.ts';

export type LoginAddressCode = 'login-for-another-relay' | 'login-certificate-differs';

export interface LoginAddressOptions {
  /** As in `new URL(…).origin`. */
  readonly publicOrigins: readonly string[];
  readonly proxies: BlockList;
  /** PEM, the server's own first; null when this server does not end TLS. */
  readonly certificate: string | null;
}

/** A host name of the certificate in full: a wildcard may be shared with other relays. */
function isHostOf(certificate: X509Certificate, hostname: string): boolean {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  if (isIP(host) !== 0) return certificate.checkIP(host) !== undefined;
  return certificate.checkHost(host, { subject: 'never', wildcards: false }) !== undefined;
}

export function toBlockList(networks: readonly Network[]): BlockList {
  const list = new BlockList();
  for (const { address, prefix, family } of networks) list.addSubnet(address, prefix, family);
  return list;
}

export function isProxy(proxies: BlockList, address: string | undefined): boolean {
  const family = isIP(address ?? '');
  return address !== undefined && family !== 0 && proxies.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

export class LoginAddress {
  readonly #options: LoginAddressOptions;
  readonly #certificate: X509Certificate | null;
  readonly #digest: string | null;

  constructor(options: LoginAddressOptions) {
    this.#options = options;
    this.#certificate = options.certificate === null ? null : new X509Certificate(options.certificate);
    this.#digest = this.#certificate === null ? null : sha256Hex(this.#certificate.raw);
  }

  /** SHA-256 of the certificate that whoever has sent this was shown; null when a proxy ended TLS. */
  certificateFor(request: IncomingMessage): string | null {
    return isProxy(this.#options.proxies, request.socket.remoteAddress) ? null : this.#digest;
  }

  #isOwn(origin: string, shown: string | null): boolean {
    if (this.#options.publicOrigins.includes(origin)) return true;
    // Behind a proxy the certificate cannot be compared, so only what the operator has named counts.
    const url = URL.parse(origin);
    if (shown === null || this.#certificate === null || url?.protocol !== 'https:' || url.origin !== origin)
      return false;
    return isHostOf(this.#certificate, url.hostname);
  }

  /**
   * @param shown the certificate with the challenge, which another instance may have given.
   * @throws CodedError<LoginAddressCode>
   */
  assertMeant({ origin, certificate }: Login, shown: string | null): void {
    if (!this.#isOwn(origin, shown))
      throw new CodedError<LoginAddressCode>(
        'login-for-another-relay',
        `expected a login for this relay, got one that was signed for ${origin}`,
        { hint: 'MIG_PUBLIC_ORIGINS of the relay names the addresses under which it is reached' },
      );
    if (shown !== null && certificate !== shown)
      throw new CodedError<LoginAddressCode>(
        'login-certificate-differs',
        'expected a login for the certificate that this relay shows, got one for another certificate',
        { hint: 'a proxy that ends TLS in front of the relay is named in MIG_TRUST_PROXY' },
      );
  }
}
