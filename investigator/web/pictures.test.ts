/** Each screen at two widths, in both themes: nothing is cut, nothing overlaps. UPDATE=1 writes the pictures of docs/console.md. */
import assert from 'node:assert/strict';
import { join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import * as z from 'zod';
import { bundlePage } from '../../builder/page.ts';
import type { AgentRecord } from '../../protocol/api/api.ts';
import { AgentId } from '../../protocol/base/identifiers.ts';
import { emptyReceipt, type OperationResult } from '../../protocol/result/result.ts';
import { findChromium } from '../testing/chromium.ts';
import { openChromium } from '../testing/chromium-page.ts';
import { ToyAgent } from '../testing/toy-agent.ts';
import { startWebPlatform, type WebPlatform } from '../testing/web-platform.ts';

const root = resolve(import.meta.dirname, '../..');
const pictures = join(root, 'docs', 'pictures');
const chromium = findChromium();
const hosts = 40;
const implants = 7;
const planted = '/var/tmp/.cache/systemd-helper';
const implantHash = '9f2c'.repeat(16);

function found(paths: readonly (readonly [file: string, sha256: string])[]): OperationResult {
  const elements = paths.map(([file, sha256]) => ({
    file,
    search: {},
    fileinfo: { lastmodified: '2026-01-30 23:12:05 +0000 UTC', mode: '-rwxr-xr-x', size: 470_384, sha256 },
  }));
  const receipt = { ...emptyReceipt(), examined: { files: 1184, directories: 90 } };
  return { success: true, foundanything: true, elements: { s1: elements }, statistics: {}, errors: [], receipt };
}

function toRecord(index: number): AgentRecord {
  return {
    id: AgentId.parse(String(index).padStart(64, '0')),
    name: `web${index + 1}`,
    queueloc: 'linux.x',
    mode: 'daemon',
    version: index % 9 === 4 ? '2.0.1' : '2.1.0',
    environment: { os: index % 8 === 3 ? 'windows' : 'linux' },
    tags: { team: ['web', 'data', 'office'][index % 3] ?? '' },
    status: index % 11 === 7 ? 'idle' : 'online',
    starttime: '2026-01-31T07:00:00Z',
    heartbeattime: '2026-01-31T07:00:00Z',
    clones: [],
  };
}

/** Parts of the page that stick out of it, or whose text is cut without dots. */
const Cut = z.array(z.string());
const findCut = `[...document.querySelectorAll('main h1, main h2, main p, main button, main a, main label, main td, main th, header *')]
  .filter((element) => {
    const { left, right, width } = element.getBoundingClientRect();
    if (width === 0 || element.closest('.list, .skip, details:not([open])')) return false;
    const isDotted = getComputedStyle(element).textOverflow === 'ellipsis';
    return left < -1 || right > innerWidth + 1 || (!isDotted && element.scrollWidth > element.clientWidth + 2 && element.clientWidth > 0 && getComputedStyle(element).display !== 'inline');
  })
  .map((element) => element.tagName + ' ' + element.textContent.slice(0, 40))`;
const Box = z.array(z.object({ text: z.string(), x: z.number(), y: z.number(), w: z.number(), h: z.number() }));
const findBoxes = `[...document.querySelectorAll('main h1, main h2, main button:not(.head), main ul.kinds a, main nav a, main .filter, header nav a, header button:not(.skip)')]
  .map((element) => [element, element.getBoundingClientRect()])
  .filter(([, { width }]) => width > 0)
  .map(([element, { x, y, width, height }]) => ({ text: element.textContent.slice(0, 40), x, y, w: width, h: height }))`;

async function assertWhole(page: Page, where: string): Promise<void> {
  assert.deepEqual(Cut.parse(await page.evaluate(findCut)), [], where);
  const boxes = Box.parse(await page.evaluate(findBoxes));
  for (const [index, one] of boxes.entries())
    for (const other of boxes.slice(index + 1)) {
      const across = Math.min(one.x + one.w, other.x + other.w) - Math.max(one.x, other.x);
      const down = Math.min(one.y + one.h, other.y + other.h) - Math.max(one.y, other.y);
      assert.ok(across <= 2 || down <= 2, `${where}: ${one.text} and ${other.text} overlap`);
    }
}

describe('the screens', { skip: chromium === undefined }, () => {
  let platform: WebPlatform;
  let browser: Browser;
  let page: Page;
  let id = '';

  before(async () => {
    const silent = [new ToyAgent('db7'), new ToyAgent('laptop-12')];
    platform = await startWebPlatform(await bundlePage(root), {
      agents: hosts + silent.length,
      counts: { succeeded: hosts, queued: silent.length },
      unreported: silent.map(({ id: agent }, index) => ({
        agent,
        name: ['db7', 'laptop-12'][index] ?? '',
        state: 'queued',
        heartbeat: null,
      })),
      answer: async (action, digest) =>
        Array.from({ length: hosts }, (_, index) => {
          const usual = [
            ['/usr/bin/wget', '460f3fd3732130336237466fd9d3bc7f0c1c49eb6cd09d76dc472e3082d416cc'],
            ['/usr/bin/curl', '1b8a7b5c9f04d2e6'.repeat(4)],
          ] as const;
          const more = index < implants ? ([[`${planted}-${index}`, implantHash]] as const) : [];
          const receipt = { ...found([]).receipt, skipped: [{ reason: 'no-permission' as const, count: 12 }] };
          const result = found([...usual, ...more]);
          return new ToyAgent(`web${index + 1}`).result(action, digest, [
            index % 13 === 5 ? { ...result, receipt } : result,
          ]);
        }),
    });
    platform.relay.script.override = ({ url }, response) => {
      if (url?.endsWith('/agents/search') !== true) return false;
      const agents = Array.from({ length: hosts }, (_, index) => toRecord(index));
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ agents, total: hosts, next: null }));
      return true;
    };
    [id = ''] = await platform.mig(
      'file',
      '-t',
      'all',
      '-path',
      '/usr/bin',
      '-path',
      '/var/tmp',
      '-mode',
      '^-rwx',
      '-nofollow',
      '-y',
    );
    browser = await openChromium(chromium ?? '');
    page = await browser.newPage({ viewport: { width: 1100, height: 700 } });
    await page.goto(platform.link);
    await page.getByRole('heading', { name: 'Actions' }).waitFor();
  });
  after(async () => {
    await browser?.close();
    await platform?.close();
  });

  const screens: readonly (readonly [name: string, address: (id: string) => string, sign: string])[] = [
    ['actions', () => '#/actions', '1 of 1 actions'],
    ['follow', (action) => `#/a/${action}/follow`, 'When answers came'],
    ['findings', (action) => `#/a/${action}/findings`, '87 of 87 findings'],
    ['agents', (action) => `#/a/${action}/agents`, 'Not looked at, on all hosts'],
    [
      'ask',
      () => `#/ask?line=${encodeURIComponent("mig file -t all -path /var/tmp -name '^systemd-helper'")}`,
      'Whom it reaches now',
    ],
  ];
  for (const [name, address, sign] of screens)
    it(`${name} is whole at 1100 and 1920 pixels, in both themes`, async () => {
      for (const [width, height] of [
        [1100, 700],
        [1920, 1000],
      ] as const)
        for (const colorScheme of ['dark', 'light'] as const) {
          await page.setViewportSize({ width, height });
          await page.emulateMedia({ colorScheme });
          await page.evaluate(`location.hash = ${JSON.stringify(address(id))}`);
          await page.getByText(sign).first().waitFor();
          await page.waitForLoadState('networkidle');
          await assertWhole(page, `${name} at ${width}, ${colorScheme}`);
          if (process.env.UPDATE === '1' && width === 1100 && colorScheme === 'light')
            await page.screenshot({ path: join(pictures, `${name}.png`) });
          if (process.env.MIG_TEST_PICTURES !== undefined)
            await page.screenshot({ path: join(process.env.MIG_TEST_PICTURES, `${name}-${width}-${colorScheme}.png`) });
        }
    });

  it('has the planted files in the first rows, without a click', async () => {
    await page.evaluate(`location.hash = '#/a/${id}/findings'`);
    for (let row = 0; row < implants; row += 1)
      await page
        .locator(`[aria-rowindex="${row + 2}"]`)
        .getByText(`${planted}-${row}`)
        .waitFor();
  });
});
