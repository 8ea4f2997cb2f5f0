/** The reasons why a connection to a broker or database was not made, in plain words, each with what to do about it. */
import { toMessage } from '../protocol/base/coded-error.ts';

/** Where an operator sets what the connection needs. */
export interface ConnectionSettings {
  /** `the broker` */
  readonly peer: string;
  /** `MIG_AMQP_URL` */
  readonly url: string;
  /** Names the CA's file. */
  readonly ca: string;
  /** Names the files of certificate and key that this side shows; null when there are none. */
  readonly clientCertificate: string | null;
}

export interface ConnectionProblem {
  readonly reason: string;
  readonly hint: string;
}

interface Known {
  /** The error's code, or a part of its message. */
  readonly match: RegExp;
  readonly reason: (settings: ConnectionSettings, message: string) => string;
  readonly hint: (settings: ConnectionSettings) => string;
}

function checkClientCertificate({ clientCertificate, peer }: ConnectionSettings): string {
  if (clientCertificate === null) return `allow clients without a certificate at ${peer}`;
  return `${clientCertificate} must name a certificate that the CA of ${peer} has signed, and its key`;
}

/** The first that fits counts: those that say more come before the others. */
const known: readonly Known[] = [
  {
    match: /ENOTFOUND|EAI_AGAIN/,
    reason: ({ peer }, message) => `no address is known for the host of ${peer}: ${message}`,
    hint: ({ url }) => `check the host name in ${url}, and this machine's DNS`,
  },
  {
    match: /ECONNREFUSED/,
    reason: (_settings, message) => `nothing listens there: ${message}`,
    hint: ({ peer, url }) => `start ${peer}, or correct host and port in ${url}`,
  },
  {
    match: /EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|^timeout expired$|timeout exceeded/,
    reason: (_settings, message) => `no answer in time: ${message}`,
    hint: ({ url }) => `check host and port in ${url}, the route and the firewalls between`,
  },
  {
    match: /KEY_VALUES_MISMATCH/,
    reason: () => 'the certificate to be shown is not that of its key',
    hint: ({ clientCertificate }) => `${clientCertificate ?? 'the settings'} must name a certificate and its own key`,
  },
  {
    match: /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|does not support SSL/,
    reason: ({ peer }) => `${peer} does not speak TLS on this port`,
    hint: ({ url }) => `take the port for TLS in ${url} (5671 of AMQP)`,
  },
  {
    match: /MD_TOO_WEAK|KEY_TOO_SMALL/,
    reason: () => 'a certificate is too weak: it was signed with SHA-1 or MD5, or its key is short',
    hint: () => 'make it anew with SHA-256, and RSA of 2048 bits or an elliptic curve',
  },
  {
    match: /INVALID_PURPOSE/,
    reason: ({ peer }) => `the certificate of ${peer} is not one for servers`,
    hint: () => 'make it anew with extendedKeyUsage serverAuth, and its CA with keyUsage keyCertSign',
  },
  {
    match: /CERT_HAS_EXPIRED/,
    reason: ({ peer }) => `the certificate of ${peer} has expired, by this machine's clock`,
    hint: ({ peer }) => `renew the certificate of ${peer} and have it read again, or set the clock`,
  },
  {
    match: /CERT_NOT_YET_VALID/,
    reason: ({ peer }) => `the certificate of ${peer} is not valid yet, by this machine's clock`,
    hint: () => 'set the clock of this machine',
  },
  {
    match: /ALTNAME_INVALID/,
    reason: ({ peer }, message) => `the certificate of ${peer} is for another name: ${message}`,
    hint: ({ url }) => `take a name of the certificate in ${url}, or a certificate with this name (subjectAltName)`,
  },
  {
    match: /UNABLE_TO_|SELF_SIGNED|CERT_SIGNATURE_FAILURE|INVALID_CA/,
    reason: ({ peer }, message) => `the certificate of ${peer} is not of a trusted CA: ${message}`,
    hint: ({ ca, peer }) => `${ca} must name the PEM file of the CA that signed the certificate of ${peer}`,
  },
  {
    match: /ALERT_(?:CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE|BAD_CERTIFICATE|UNKNOWN_CA|CERTIFICATE_\w+|DECRYPT_ERROR)/,
    reason: ({ peer }, message) => `${peer} does not take our client certificate: ${message}`,
    hint: checkClientCertificate,
  },
  {
    match: /PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|NO_PROTOCOLS_AVAILABLE/,
    reason: ({ peer }) => `${peer} has no TLS version in common with us`,
    hint: ({ peer }) => `switch TLS 1.2 or 1.3 on at ${peer}`,
  },
  {
    match: /Login was refused|Handshake terminated by server: 403|^28P01|^28000/,
    reason: ({ peer }) => `${peer} refuses user or password`,
    hint: ({ url }) => `check user and password in ${url}; special characters are written as in %40`,
  },
  {
    // The message names it.
    match: /^3D000/,
    reason: (_settings, message) => message,
    hint: ({ url }) => `make it with createdb, owned by the user of ${url}, or correct the last part of ${url}`,
  },
  {
    match: /Expected ConnectionOpenOk|NOT_ALLOWED/,
    reason: ({ peer }) => `${peer} does not let this user into the virtual host`,
    hint: ({ url }) => `check the last part of ${url}, and what its user may do there`,
  },
  {
    match: /ACCESS_REFUSED|^42501/,
    reason: ({ peer }, message) => `${peer} does not let this user do what it needs: ${message}`,
    hint: ({ peer }) => `give the user the permissions of docs/operator.md at ${peer}`,
  },
  {
    match: /PRECONDITION_FAILED/,
    reason: ({ peer }, message) => `${peer} has a queue or exchange of another kind: ${message}`,
    hint: () => 'delete the queue or exchange that it names: it is made anew',
  },
  {
    match: /^53300/,
    reason: ({ peer }) => `${peer} has no connection left`,
    hint: ({ peer }) => `raise max_connections of ${peer}, or run fewer instances`,
  },
  {
    match: /^57P0[123]|CONNECTION_FORCED/,
    reason: ({ peer }) => `${peer} starts or stops, or somebody closed the connection there`,
    hint: ({ peer }) => `wait; when ${peer} does not come back, see its log`,
  },
  {
    match: /ECONNRESET|EPIPE|Socket closed|Unexpected close|Connection terminated|connection ended|socket disconnected/,
    reason: ({ peer }, message) => `${peer} closed the connection: ${message}`,
    hint: ({ url, clientCertificate }) =>
      `its own log says why; check scheme and port in ${url} (amqps:// for TLS) and, if it asks for one, ${clientCertificate ?? 'a client certificate'}`,
  },
  {
    match: /maxFrameSize|Invalid frame|Expected ConnectionStart|unexpected header/,
    reason: ({ peer }) => `${peer} does not speak AMQP 0-9-1 there`,
    hint: ({ url }) => `check host and port in ${url}: 5671 with TLS, 5672 without`,
  },
];

/** OpenSSL puts numbers, files and lines around the few words that say something. */
function toPlain(message: string): string {
  const [, words] = /error:[0-9A-F]{8}:[^:]*:[^:]*:([^:]+)/.exec(message) ?? [];
  return (words ?? message).trim();
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** The errors of all addresses of a host come as one. */
function firstOf(error: unknown): unknown {
  return error instanceof AggregateError && error.errors.length > 0 ? error.errors[0] : error;
}

export function explainConnection(cause: unknown, settings: ConnectionSettings): ConnectionProblem {
  const error = firstOf(cause);
  const message = toPlain(toMessage(error));
  const code = codeOf(error);
  const found = known.find(({ match }) => match.test(code) || match.test(toMessage(error)));
  if (found === undefined)
    return { reason: message, hint: `check ${settings.url}; the log of ${settings.peer} may say more` };
  return { reason: found.reason(settings, message), hint: found.hint(settings) };
}
