/** Whether this server lives and can work: for people, load balancers and service managers, without a session. */
import { HealthResponse, StatusResponse, VersionResponse } from '../../protocol/api/api.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import { version } from '../version.ts';
import type { Api, ApiContext } from './app.ts';
import type { ApiCode } from './problems.ts';

export function addHealthRoutes(app: Api, { database, isBrokerReady }: ApiContext): void {
  const readStatus = async () => ({ database: await database.isReady(), broker: isBrokerReady() });

  app.get('/health', { schema: { response: { 200: HealthResponse }, security: [] } }, async () => ({
    status: 'ok' as const,
  }));
  app.get('/status', { schema: { response: { 200: StatusResponse }, security: [] } }, readStatus);
  app.get('/ready', { schema: { response: { 200: StatusResponse }, security: [] } }, async () => {
    const status = await readStatus();
    const missing = (['database', 'broker'] as const).filter((part) => !status[part]);
    if (missing.length > 0)
      throw new CodedError<ApiCode>(
        'unavailable',
        `expected database and broker, ${missing.join(' and ')} does not answer`,
      );
    return status;
  });
}

export function addVersionRoute(app: Api): void {
  app.get('/version', { schema: { response: { 200: VersionResponse } } }, async () => ({ version }));
}
