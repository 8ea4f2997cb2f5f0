/** The relay's trust lists. What comes back has passed its schema, no more. */
import { TrustResponse } from '../../protocol/trust/trust-api.ts';
import type { TrustEnvelope } from '../../protocol/trust/trust-list.ts';
import type { Relay } from './relay.ts';

/** @throws ProblemError 404 when the relay has none. */
export function getTrustList(relay: Relay, fleet: string): Promise<TrustResponse> {
  return relay.request({ method: 'GET', path: `/trust/${encodeURIComponent(fleet)}` }, TrustResponse);
}

export function publishTrustList(relay: Relay, fleet: string, envelope: TrustEnvelope): Promise<TrustResponse> {
  return relay.request({ method: 'POST', path: '/trust', body: { fleet, envelope }, mustFinish: true }, TrustResponse);
}
