/** Warns of compiled-in certificates that end soon: after that the agent is cut off until it is built anew. */
import { X509Certificate } from 'node:crypto';
import type { BakedEnvironment } from '../../protocol/environment/environment.ts';

/** The part of a log that is needed. */
type Warn = (
  about: { readonly certificate: string; readonly end: string; readonly hint: string },
  words: string,
) => void;
interface WarningLog {
  readonly warn: Warn;
  readonly error: Warn;
}

const dayMs = 86_400_000;
const warnDays = 60;

function readEnds(pem: string): Date[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => new X509Certificate(block).validToDate);
}

export function warnOfCertificateEnds(
  { ca, clientCertificate }: Pick<BakedEnvironment['relay'], 'ca' | 'clientCertificate'>,
  log: WarningLog,
  nowMs = Date.now(),
): void {
  const certificates = { 'relay.ca': ca, 'relay.clientCertificate': clientCertificate?.certificate ?? null };
  for (const [certificate, pem] of Object.entries(certificates))
    for (const end of pem === null ? [] : readEnds(pem)) {
      const about = { certificate, end: end.toISOString(), hint: 'build the agent anew, with a later one' };
      if (end.getTime() <= nowMs) log.error(about, 'certificate has ended');
      else if (end.getTime() - nowMs < warnDays * dayMs) log.warn(about, 'certificate ends soon');
    }
}
