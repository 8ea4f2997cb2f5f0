/** The OpenAPI document against the routes: all of them, nothing else, and guarded as it says. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import * as z from 'zod';
import { apiPrefix, Problem } from '../../protocol/api/api.ts';
import { createEmbeddedBench } from '../../tests/relay/pairs.ts';
import type { RunningServer } from '../server.ts';

const Operation = z.object({ security: z.array(z.unknown()).optional(), responses: z.record(z.string(), z.unknown()) });
const OpenApi = z.object({ openapi: z.string(), paths: z.record(z.string(), z.record(z.string(), Operation)) });

/** Every route of the API; `open` needs no session. */
const routes: Readonly<Record<string, readonly string[]>> = {
  '/actions': ['GET', 'POST'],
  '/actions/{id}': ['GET'],
  '/actions/{id}/cancel': ['POST'],
  '/actions/{id}/commands': ['GET'],
  '/actions/{id}/events': ['GET'],
  '/actions/{id}/reports': ['GET'],
  '/agents': ['GET'],
  '/agents/search': ['POST'],
  '/agents/{id}': ['GET'],
  '/health': ['GET open'],
  '/investigators': ['GET', 'POST'],
  '/investigators/{name}': ['PATCH'],
  '/proposals': ['GET', 'POST'],
  '/proposals/{id}': ['DELETE', 'GET'],
  '/proposals/{id}/signatures': ['POST'],
  '/ready': ['GET open'],
  '/sessions': ['POST open'],
  '/sessions/challenges': ['POST open'],
  '/sessions/current': ['DELETE'],
  '/status': ['GET open'],
  '/tokens': ['GET', 'POST'],
  '/tokens/{id}': ['DELETE'],
  '/trust': ['POST'],
  '/trust/{fleet}': ['GET'],
  '/version': ['GET'],
};
const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

describe('the OpenAPI document', () => {
  let server: RunningServer;
  let document: z.infer<typeof OpenApi>;
  let bench: Awaited<ReturnType<typeof createEmbeddedBench>>;

  before(async () => {
    bench = await createEmbeddedBench();
    server = await bench.start();
    await bench.alice.logIn();
    document = OpenApi.parse((await bench.alice.call('GET', '/openapi.json')).body);
    bench.alice.token = '';
  });
  after(async () => {
    await server.close();
    await bench.clean();
  });

  test('names each route once, with what it answers and whether it needs a session', () => {
    const described = Object.entries(document.paths).map(([path, operations]) => {
      const named = Object.entries(operations).map(([method, { security }]) =>
        security?.length === 0 ? `${method.toUpperCase()} open` : method.toUpperCase(),
      );
      return [path.slice(apiPrefix.length), named.sort()];
    });
    assert.deepEqual(Object.fromEntries(described), routes);
    for (const operations of Object.values(document.paths))
      for (const { responses } of Object.values(operations)) assert.ok(Object.keys(responses).length > 0);
  });

  test('is what the server does: what it names is there and guarded, what it does not name is not there', async () => {
    for (const [path, described] of Object.entries(routes)) {
      const real = path.replace('{id}', '0'.repeat(32)).replace('{name}', 'nobody');
      for (const method of methods) {
        const response = await bench.alice.call(method, real, method === 'GET' ? undefined : {});
        const code = response.status < 400 ? 'fine' : Problem.parse(response.body).code;
        const what = `${method} ${path}: ${response.status} ${code}`;
        // `/agents/search` also is an agent of an impossible name.
        if (path === '/agents/search' && method === 'GET') continue;
        if (described.includes(method)) assert.equal(code, 'session-required', what);
        else if (described.includes(`${method} open`)) assert.ok(['fine', 'bad-request'].includes(code), what);
        else assert.equal(code, 'not-found', what);
      }
    }
  });
});
