/** When the certificates that this relay shows or trusts end: for its start, its metrics and a warning in time. */
import { readFileSync } from 'node:fs';
import { warnOfEnd } from '../host/certificate-ends.ts';
import type { Log } from '../host/log.ts';
import type { AmqpLink } from './amqp/link.ts';
import { type BrokerTls, endOfCertificates, type ServerCertificate } from './certificate.ts';

export type CertificateName =
  /** Shown to investigators, and by the embedded broker. */
  | 'api'
  /** The relay's own CA. */
  | 'apica'
  /** The outside broker's own. */
  | 'broker'
  | 'brokerca'
  /** Shown to the broker. */
  | 'brokerclient';

export type CertificateEnds = ReadonlyMap<CertificateName, Date>;

const dayMs = 86_400_000;
const warnDays = 30;

export class CertificateWatch {
  readonly #fixed = new Map<CertificateName, Date>();
  readonly #link: AmqpLink;
  readonly #log: Log;
  readonly #timer: NodeJS.Timeout;

  /** @param certificate null when the API has no TLS and the broker is outside. */
  constructor(certificate: ServerCertificate | null, brokerTls: BrokerTls, link: AmqpLink, log: Log) {
    const pems: readonly [CertificateName, string | undefined][] = [
      ['api', certificate?.cert],
      ['apica', certificate?.caFile == null ? undefined : readFileSync(certificate.caFile, 'utf8')],
      ['brokerca', brokerTls.ca],
      ['brokerclient', brokerTls.cert],
    ];
    for (const [name, pem] of pems) if (pem !== undefined) this.#fixed.set(name, endOfCertificates(pem));
    this.#link = link;
    this.#log = log;
    this.#warn();
    this.#timer = setInterval(() => this.#warn(), dayMs);
    this.#timer.unref();
  }

  /** Of this moment: the broker may show another certificate on a new connection. */
  get ends(): CertificateEnds {
    const peer = this.#link.peerCertificate;
    return peer === null ? this.#fixed : new Map(this.#fixed).set('broker', peer.validToDate);
  }

  /** Once a day, from a month before the end on. */
  #warn(): void {
    for (const [certificate, end] of this.ends) warnOfEnd(this.#log, { certificate, end }, warnDays);
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
