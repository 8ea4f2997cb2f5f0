/** When certificates end, and the line of a log about one that ends soon. Agent and relay share it. */
import { X509Certificate } from 'node:crypto';

/** What is said of a certificate; `end` in ISO 8601. */
interface About {
  readonly certificate: string;
  readonly end: string;
  readonly hint?: string;
}

/** The part of a log that is needed. */
export interface WarningLog {
  readonly warn: (about: About, words: string) => void;
  readonly error: (about: About, words: string) => void;
}

const dayMs = 86_400_000;

/** The end of each certificate in a PEM text. @throws Error of node:crypto for a damaged one */
export function readCertificateEnds(pem: string): Date[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => new X509Certificate(block).validToDate);
}

/** Says nothing of one that is good for longer than `warnDays`. */
export function warnOfEnd(
  log: WarningLog,
  { end, ...rest }: Omit<About, 'end'> & { readonly end: Date },
  warnDays: number,
  nowMs = Date.now(),
): void {
  const leftMs = end.getTime() - nowMs;
  const about = { ...rest, end: end.toISOString() };
  if (leftMs <= 0) log.error(about, 'certificate has ended');
  else if (leftMs < warnDays * dayMs) log.warn(about, 'certificate ends soon');
}
