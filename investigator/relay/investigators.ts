/** Whom the relay lets in. */
import type * as z from 'zod';
import { InvestigatorsResponse } from '../../protocol/api/access-api.ts';
import type { Relay } from './relay.ts';

/** Investigators with their public keys, as the relay says. */
export function listInvestigators(relay: Relay): Promise<z.infer<typeof InvestigatorsResponse>> {
  return relay.request({ method: 'GET', path: '/investigators' }, InvestigatorsResponse);
}
