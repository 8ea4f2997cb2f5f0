/** `POST /trust` and `GET /trust/:fleet`: the latest trust list of an environment. */
import * as z from 'zod';
import { CodedError } from '../../protocol/base/coded-error.ts';
import { EnvironmentName } from '../../protocol/environment/names.ts';
import { TrustResponse, TrustSubmission } from '../../protocol/trust/trust-api.ts';
import type { Api, ApiContext } from './app.ts';
import type { ApiCode } from './problems.ts';

/** A list in base64 and its signatures, in JSON. */
const submissionBytes = 512 * 1024;

export function addTrustRoutes(app: Api, { trust }: ApiContext): void {
  app.post(
    '/trust',
    {
      config: { role: 'investigator', personal: true },
      bodyLimit: submissionBytes,
      schema: { body: TrustSubmission, response: { 201: TrustResponse } },
    },
    async (request, reply) => {
      const { fleet, envelope } = request.body;
      return reply.code(201).send({ fleet, ...(await trust.submit(fleet, envelope)) });
    },
  );

  app.get(
    '/trust/:fleet',
    { schema: { params: z.strictObject({ fleet: EnvironmentName }), response: { 200: TrustResponse } } },
    async (request) => {
      const { fleet } = request.params;
      const list = await trust.find(fleet);
      if (list === null)
        throw new CodedError<ApiCode>('not-found', `expected a trust list of ${fleet} at this relay, got none`);
      return { fleet, ...list };
    },
  );
}
