/** Reads a relay's metrics as Prometheus does. */
import { readFileSync } from 'node:fs';
import { get } from 'node:https';
import { text } from 'node:stream/consumers';
import type { RunningServer } from '../../server/server.ts';

interface Scraped {
  readonly status: number;
  readonly body: string;
}

/** @param token empty for none. */
export function scrape({ caFile, apiUrl }: RunningServer, token: string): Promise<Scraped> {
  const headers = token === '' ? {} : { authorization: `Bearer ${token}` };
  const ca = readFileSync(caFile ?? '', 'utf8');
  return new Promise((resolve, reject) => {
    get(`${apiUrl}/metrics`, { ca, headers }, async (response) => {
      resolve({ status: response.statusCode ?? 0, body: await text(response) });
    }).on('error', reject);
  });
}
