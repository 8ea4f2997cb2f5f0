/** Checks the agents' way to the relay: URL, proxies and CA. */
import { X509Certificate } from 'node:crypto';
import { isIPv4 } from 'node:net';
import { resolve } from 'node:path';
import type { BakedEnvironment } from '../../protocol/environment/environment.ts';
import type { EnvironmentInput } from '../config.ts';
import { readClientCertificate } from './client-certificate.ts';
import { readInputFile } from './input-file.ts';
import { type ConfigProblem, quote, toField } from './problem.ts';

const example = 'amqps://mig-agent:PASSWORD@relay.example.org:5671/mig';

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || (isIPv4(host) && host.startsWith('127.'));
}

/** Whether each part can be decoded, as the agent does at every connection. */
function isDecodable(parts: readonly string[]): boolean {
  try {
    parts.forEach(decodeURIComponent);
    return true;
  } catch {
    return false;
  }
}

/** Messages never repeat the whole URL: it holds the agents' password. */
function* findUrlProblems(text: string, field: string): Generator<ConfigProblem> {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    yield {
      field,
      message: `expected an AMQP URL, got ${text.length} characters that are none`,
      hint: `write it as ${example}; percent-encode special characters of the password`,
    };
    return;
  }
  if (url.protocol !== 'amqps:' && url.protocol !== 'amqp:')
    yield { field, message: `expected amqps:, got ${quote(url.protocol)}`, hint: `write it as ${example}` };
  else if (url.hostname === '') yield { field, message: 'expected a host, got none', hint: `write it as ${example}` };
  else if (url.protocol === 'amqp:' && !isLoopback(url.hostname))
    yield {
      field,
      message: `expected amqps: (TLS) to ${url.hostname}, got amqp:`,
      hint: 'use amqps: with the relay.ca file; amqp: is for this machine only (localhost)',
    };
  if (url.username === '' || url.password === '')
    yield {
      field,
      message: "expected the agents' user name and password in the URL, got none",
      hint: `write it as ${example}`,
    };
  if (/\s/.test(text) || !isDecodable([url.username, url.password, url.pathname]))
    yield {
      field,
      message: 'expected neither white space nor a lone "%" in the URL, got one',
      hint: 'percent-encode it if it belongs to the password (%20, %25), else remove it',
    };
  if (url.search !== '' || url.hash !== '')
    yield {
      field,
      message: 'expected no "?" or "#" in the URL, got one',
      hint: 'percent-encode it if it belongs to the password (%3F, %23), else remove what follows it',
    };
}

const certificateBlock = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;

function findCertificateProblem(pem: string, now: Date): Omit<ConfigProblem, 'field'> | null {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(pem);
  } catch {
    return { message: 'expected certificates in PEM, got a damaged one', hint: 'copy the file again from the relay' };
  }
  const subject = quote(certificate.subject);
  if (certificate.validToDate <= now)
    return {
      message: `expected a certificate that is valid now, got ${subject} that expired ${certificate.validTo}`,
      hint: "put the CA's current certificate into the file",
    };
  if (certificate.validFromDate > now)
    return {
      message: `expected a certificate that is valid now, got ${subject} valid from ${certificate.validFrom}`,
      hint: "check this machine's clock",
    };
  if (!certificate.ca && !certificate.checkIssued(certificate))
    return {
      message: `expected the certificate of a CA, got ${subject} that may not sign others`,
      hint: "use the certificate of the CA that signed the relay's one",
    };
  return null;
}

async function readCa(path: string, field: string, now: Date): Promise<string | ConfigProblem[]> {
  const file = await readInputFile(path);
  if (file.kind !== 'text') {
    const found = file.kind === 'missing' ? 'none' : file.why;
    return [
      {
        field,
        message: `expected a PEM file, got ${found} at ${quote(path)}`,
        hint: "copy the relay's CA certificate there",
      },
    ];
  }
  if (file.text.includes('PRIVATE KEY'))
    return [
      {
        field,
        message: 'expected certificates only, got a PRIVATE key',
        hint: 'take the key out of this file and consider it compromised if the file was shared',
      },
    ];
  const blocks = file.text.match(certificateBlock) ?? [];
  if (blocks.length === 0)
    return [
      {
        field,
        message: `expected a certificate in PEM, got none in ${quote(path)}`,
        hint: 'convert it with openssl x509 -inform der -in FILE -out FILE.pem',
      },
    ];
  const problems = blocks.map((block) => findCertificateProblem(block, now)).filter((problem) => problem !== null);
  return problems.length > 0 ? problems.map((problem) => ({ field, ...problem })) : `${blocks.join('\n')}\n`;
}

/** The message does not repeat the URL: it may hold a password. */
function findProxyProblems(text: string, field: string): ConfigProblem[] {
  const url = URL.parse(text);
  const isPlain = url !== null && url.pathname === '/' && url.search === '' && url.hash === '';
  if (url?.protocol === 'http:' && url.hostname !== '' && isPlain && isDecodable([url.username, url.password]))
    return [];
  return [
    {
      field,
      message: 'expected the URL of an HTTP proxy, got something else',
      hint: 'write it as http://proxy.example.org:3128 or http://user:PASSWORD@proxy.example.org:3128',
    },
  ];
}

export async function checkRelay(
  relay: EnvironmentInput['relay'],
  folder: string,
  field: readonly string[],
  now: Date,
): Promise<{ readonly relay: BakedEnvironment['relay']; readonly problems: readonly ConfigProblem[] }> {
  const toRelayField = (name: string): string => toField([...field, 'relay', name]);
  const ca = relay.ca === undefined ? null : await readCa(resolve(folder, relay.ca), toRelayField('ca'), now);
  const client =
    relay.clientCertificate === undefined
      ? null
      : await readClientCertificate(relay.clientCertificate, folder, toRelayField('clientCertificate'), now);
  return {
    relay: {
      url: relay.url,
      proxies: relay.proxies,
      ca: Array.isArray(ca) ? null : ca,
      clientCertificate: Array.isArray(client) ? null : client,
    },
    problems: [
      ...relay.proxies.flatMap((proxy, index) => findProxyProblems(proxy, `${toRelayField('proxies')}[${index}]`)),
      ...findUrlProblems(relay.url, toRelayField('url')),
      ...(Array.isArray(ca) ? ca : []),
      ...(Array.isArray(client) ? client : []),
    ],
  };
}
