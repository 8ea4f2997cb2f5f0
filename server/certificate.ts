/** The certificate that the server shows: the operator's, or one for this machine by a CA of its own. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { readCertificateEnds } from '../host/certificate-ends.ts';
import { replaceDurably } from '../host/replace-file.ts';
import { CodedError, toMessage } from '../protocol/base/coded-error.ts';
import type { CertificateFiles, Settings } from './settings.ts';
import { readFileIfThere } from './state-folder.ts';

type CertificateCode = 'certificate-unreadable';

export interface ServerCertificate {
  /** PEM. */
  readonly cert: string;
  readonly key: string;
  /** File of the CA that others must trust to connect; null for the operator's own certificate. */
  readonly caFile: string | null;
}

const dayMs = 86_400_000;
const caDays = 10 * 365;
const certificateDays = 397;
/** Made anew when it has less than this left. */
const renewDays = 30;

async function makeCa(caFile: string, keyFile: string): Promise<{ cert: string; key: string }> {
  const made = await generate([{ name: 'commonName', value: 'mig-server CA' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notAfterDate: new Date(Date.now() + caDays * dayMs),
    extensions: [
      { name: 'basicConstraints', cA: true, pathLenConstraint: 0, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  replaceDurably(keyFile, made.private);
  replaceDurably(caFile, made.cert);
  return { cert: made.cert, key: made.private };
}

async function makeCertificate(ca: { readonly cert: string; readonly key: string }) {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notAfterDate: new Date(Date.now() + certificateDays * dayMs),
    ca,
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
          { type: 7, ip: '::1' },
        ],
      },
    ],
  });
  return { cert, key };
}

function isUsable(cert: string, caCert: string): boolean {
  const certificate = new X509Certificate(cert);
  return (
    certificate.verify(new X509Certificate(caCert).publicKey) &&
    certificate.validToDate.getTime() - Date.now() > renewDays * dayMs
  );
}

async function ownCertificate(stateDir: string): Promise<ServerCertificate> {
  const file = (name: string): string => join(stateDir, name);
  const caFile = file('ca.pem');
  const caCert = readFileIfThere(caFile);
  const caKey = readFileIfThere(file('ca-key.pem'));
  const ca =
    caCert !== null && caKey !== null ? { cert: caCert, key: caKey } : await makeCa(caFile, file('ca-key.pem'));
  const cert = readFileIfThere(file('server.pem'));
  const key = readFileIfThere(file('server-key.pem'));
  if (cert !== null && key !== null && isUsable(cert, ca.cert)) return { cert, key, caFile };
  const made = await makeCertificate(ca);
  replaceDurably(file('server-key.pem'), made.key);
  replaceDurably(file('server.pem'), made.cert);
  return { ...made, caFile };
}

/** @returns the end of the first to end of these certificates. */
export function endOfCertificates(pem: string): Date {
  const endsMs = readCertificateEnds(pem).map((end) => end.getTime());
  if (endsMs.length === 0) throw new Error('expected a certificate in PEM form, found none');
  return new Date(Math.min(...endsMs));
}

function readCertificates(file: string): string {
  const pem = readFileSync(file, 'utf8');
  try {
    endOfCertificates(pem);
  } catch (cause) {
    throw new Error(`${file}: ${toMessage(cause)}`, { cause });
  }
  return pem;
}

function readPair({ certFile, keyFile }: CertificateFiles): { readonly cert: string; readonly key: string } {
  const cert = readCertificates(certFile);
  const key = readFileSync(keyFile, 'utf8');
  let isPair: boolean;
  try {
    isPair = new X509Certificate(cert).checkPrivateKey(createPrivateKey(key));
  } catch (cause) {
    throw new Error(`${keyFile}: expected a private key in PEM form, without a passphrase`, { cause });
  }
  if (!isPair) throw new Error(`${keyFile} is not the key of the certificate in ${certFile}`);
  return { cert, key };
}

/** TLS options for the broker, PEM; absent ones are Node's defaults. */
export interface BrokerTls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** @throws CodedError<CertificateCode> */
export function readBrokerTls({ caFile, client }: Settings['amqpTls']): BrokerTls {
  try {
    return {
      ...(caFile === null ? {} : { ca: readCertificates(caFile) }),
      ...(client === null ? {} : readPair(client)),
    };
  } catch (cause) {
    throw new CodedError<CertificateCode>('certificate-unreadable', toMessage(cause), {
      hint: 'MIG_AMQP_CA, MIG_AMQP_CERT and MIG_AMQP_KEY name PEM files that the server can read',
      cause,
    });
  }
}

/** @throws CodedError<CertificateCode> */
export async function readCertificate(settings: Settings): Promise<ServerCertificate> {
  if (settings.tls === null) return ownCertificate(settings.stateDir);
  try {
    return { ...readPair(settings.tls), caFile: null };
  } catch (cause) {
    throw new CodedError<CertificateCode>('certificate-unreadable', toMessage(cause), {
      hint: 'MIG_TLS_CERT and MIG_TLS_KEY name PEM files that the server can read',
      cause,
    });
  }
}
