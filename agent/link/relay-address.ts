/** How the relay of an environment is reached, for the AMQP client. */

import { isIP } from 'node:net';
import type { ConnectionSettings } from '../../host/connection-problem.ts';
import type { BakedEnvironment } from '../../protocol/environment/environment.ts';
import { checkIdentity } from '../../protocol/server-identity.ts';
import type { Destination } from './tunnel.ts';

/** Where a sysadmin sets what the connection needs. */
export const relaySettings: ConnectionSettings = {
  peer: 'the relay',
  url: 'relay.url of build.config.ts',
  ca: 'relay.ca of build.config.ts',
  clientCertificate: 'relay.clientCertificate of build.config.ts',
};

const tcpKeepAliveMs = 30_000;
const handshakeTimeoutMs = 20_000;

/** Ports of AMQP 0-9-1 without and with TLS (IANA). */
const defaultPorts: Readonly<Record<string, number>> = { 'amqp:': 5672, 'amqps:': 5671 };

/** The name for TLS to ask for (RFC 6066, 3), which an address is not. */
function toServerName(hostname: string): { readonly servername?: string } {
  return isIP(hostname.replaceAll(/^\[|\]$/g, '')) === 0 ? { servername: hostname } : {};
}

function toTlsOptions({ ca, clientCertificate }: BakedEnvironment['relay']) {
  return {
    ...(ca === null ? {} : { ca: [ca] }),
    ...(clientCertificate === null ? {} : { cert: clientCertificate.certificate, key: clientCertificate.key }),
  };
}

export function toDestination({ hostname, port, protocol }: URL): Destination {
  const host = hostname.replaceAll(/^\[|\]$/g, '');
  return { host, port: port === '' ? (defaultPorts[protocol] ?? 5671) : Number(port) };
}

/** @param path of the tunnel's socket, null without one. */
export function toSocketOptions(relay: BakedEnvironment['relay'], url: URL, path: string | null) {
  return {
    ...toTlsOptions(relay),
    ...(path === null ? {} : { path }),
    ...(url.protocol === 'amqps:'
      ? { minVersion: 'TLSv1.2' as const, checkServerIdentity: checkIdentity, ...toServerName(url.hostname) }
      : {}),
    keepAlive: true,
    keepAliveDelay: tcpKeepAliveMs,
    timeout: handshakeTimeoutMs,
    noDelay: true,
  };
}
