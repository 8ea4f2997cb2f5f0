/** `mig` reading the relay's lists: pages that repeat, turn back or never end. */
import assert from 'node:assert/strict';
import { listBounds, readPages } from '../../../investigator/relay/pages.ts';
import { type Report, ReportsResponse } from '../../../protocol/api/api.ts';
import { CodedError } from '../../../protocol/base/coded-error.ts';
import { boundsOf, parseJson } from '../../../protocol/base/strict-json.ts';
import { type FuzzTarget, toSeeds } from '../target.ts';

const pageBounds = boundsOf(1024 * 1024);
const bounds = { ...listBounds, maximumItems: 500, maximumPages: 500 };

function toPage(sequences: readonly number[], next: number | null): string {
  const shared = { command: 'f'.repeat(32), agent: 'a'.repeat(64), kind: 'result', received: '2026-01-31T07:00:00Z' };
  return JSON.stringify({ reports: sequences.map((sequence) => ({ sequence, ...shared, message: 'AAAA' })), next });
}

/** Each line is a page; the last one comes again and again. */
function readReports(input: Buffer): AsyncGenerator<Report> {
  const lines = input.toString('latin1').split('\n');
  return readPages<Report, number>({
    what: 'reports',
    after: 0,
    cursorOf: ({ sequence }) => sequence,
    bounds,
    read: async () => {
      const line = (lines.length > 1 ? lines.shift() : lines[0]) ?? '';
      const page = ReportsResponse.safeParse(parseJson(Buffer.from(line, 'latin1'), pageBounds));
      if (!page.success) throw new CodedError('server-misbehaved', 'expected a page');
      return { items: page.data.reports, next: page.data.next };
    },
  });
}

export const relayListTargets: readonly FuzzTarget[] = [
  {
    name: 'relay-lists',
    side: 'investigator',
    holds: 'a list comes to an end, with each item once and in order, or with a named error',
    prepare: async () => ({
      seeds: toSeeds(`${toPage([1, 2], 2)}\n${toPage([3], null)}`, `${toPage([1], 1)}\n${toPage([], 2)}`),
      take: async (input) => {
        let last = 0;
        try {
          for await (const { sequence } of readReports(input)) {
            assert.ok(sequence > last);
            last = sequence;
          }
          return true;
        } catch (error) {
          if (!(error instanceof CodedError)) throw error;
          return false;
        }
      },
    }),
  },
];
