/** Warns of compiled-in certificates that end soon: after that the agent is cut off until it is built anew. */
import { readCertificateEnds, type WarningLog, warnOfEnd } from '../../host/certificate-ends.ts';
import type { BakedEnvironment } from '../../protocol/environment/environment.ts';

const warnDays = 60;
const hint = 'build the agent anew, with a later one';

export function warnOfCertificateEnds(
  { ca, clientCertificate }: Pick<BakedEnvironment['relay'], 'ca' | 'clientCertificate'>,
  log: WarningLog,
  nowMs = Date.now(),
): void {
  const certificates = { 'relay.ca': ca, 'relay.clientCertificate': clientCertificate?.certificate ?? null };
  for (const [certificate, pem] of Object.entries(certificates))
    for (const end of pem === null ? [] : readCertificateEnds(pem))
      warnOfEnd(log, { certificate, end, hint }, warnDays, nowMs);
}
