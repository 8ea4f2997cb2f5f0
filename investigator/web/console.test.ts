/** The console in a real browser: what a person sees and does, by keyboard alone, under the page's own policy. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import * as z from 'zod';
import { bundlePage } from '../../builder/page.ts';
import { emptyReceipt, type OperationResult } from '../../protocol/result/result.ts';
import { eventually } from '../../tools/lab/eventually.ts';
import { findChromium } from '../testing/chromium.ts';
import { failOnConsole, openChromium } from '../testing/chromium-page.ts';
import { ToyAgent } from '../testing/toy-agent.ts';
import { startWebPlatform, type WebPlatform } from '../testing/web-platform.ts';

const projectRoot = resolve(import.meta.dirname, '../..');
const chromium = findChromium();
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** A bell, a line that runs backwards, markup: what an owned host may call itself or its files. */
const hostileName = 'web"><img src=x onerror=alert(1)>';
const hostilePath = '/tmp/<img src=x onerror=document.title=1>\u202egpj.exe\u0007';
const common = ['/usr/bin/wget', '/usr/bin/curl'];

function found(...paths: readonly string[]): OperationResult {
  const fileinfo = { lastmodified: '2025-03-03 13:32:32 +0000 UTC', mode: '-rwxr-xr-x', size: 470_384 };
  return {
    success: true,
    foundanything: paths.length > 0,
    elements: { s1: paths.map((file) => ({ file, search: {}, fileinfo })) },
    statistics: {},
    errors: [],
    receipt: { ...emptyReceipt(), examined: { files: 1184 } },
  };
}

const silent = new ToyAgent('db7');
const unreadable = { ...emptyReceipt(), skipped: [{ reason: 'no-permission' as const, count: 12 }] };

const Violations = z.object({
  violations: z.array(z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string() })) })),
});

async function assertAccessible(page: Page, where: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    // The page's own policy refuses scripts of others; a tester's come by another way.
    const { violations } = Violations.parse(await page.evaluate(`${axe}; axe.run()`));
    assert.deepEqual(violations, [], `${where} in ${colorScheme}`);
  }
}

describe('the console', { skip: chromium === undefined }, () => {
  let platform: WebPlatform;
  let browser: Browser;
  let page: Page;
  let said: readonly string[];
  let id = '';

  before(async () => {
    platform = await startWebPlatform(await bundlePage(projectRoot), {
      counts: { succeeded: 42, queued: 1 },
      agents: 43,
      unreported: [{ agent: silent.id, name: 'db7', state: 'queued', heartbeat: null }],
      answer: async (action, digest) => [
        new ToyAgent(hostileName).result(action, digest, [found(...common, hostilePath)]),
        new ToyAgent('app1').result(action, digest, [{ ...found(), receipt: unreadable }]),
        ...Array.from({ length: 40 }, (_, index) =>
          new ToyAgent(`web${index}`).result(action, digest, [found(...common)]),
        ),
      ],
    });
    [id = ''] = await platform.mig('file', '-path', '/usr/bin', '-name', '.', '-nofollow', '-y');
    browser = await openChromium(chromium ?? '');
    page = await browser.newPage({ viewport: { width: 1100, height: 800 } });
    said = failOnConsole(page);
  });
  after(async () => {
    await browser?.close();
    await platform?.close();
  });

  it('lets the link in once, and takes the secret out of the address', async () => {
    await page.goto(platform.link);
    await page.getByRole('heading', { name: 'Actions' }).waitFor();
    assert.equal(new URL(page.url()).hash, '#/');
    await page.reload();
    await page.getByRole('heading', { name: 'Actions' }).waitFor();
    await assertAccessible(page, 'actions');
  });

  it('follows: the verdict, who is silent, and what is left', async () => {
    await page.getByRole('grid').focus();
    await page.keyboard.press('Enter');
    const verdict = '41 agents have found results; 1 answered partly, 1 stayed silent.';
    await page.getByRole('heading', { name: verdict }).waitFor();
    await assertAccessible(page, 'follow');
  });

  it('puts what one host alone has first, without a click', async () => {
    await page.keyboard.press('r');
    await page.getByRole('grid', { name: 'findings' }).waitFor();
    const first = page.locator('[aria-rowindex="2"]');
    await first.getByText('gpj.exe').waitFor();
    assert.match((await first.textContent()) ?? '', /^11web"><img/);
    await assertAccessible(page, 'findings');
  });

  it('shows names of an attacker as text, with what cannot be seen made visible', async () => {
    assert.equal(await page.locator('img').count(), 0);
    assert.match((await page.locator('[aria-rowindex="2"]').textContent()) ?? '', /\\u\{202e\}gpj\.exe\\u\{7\}/);
  });

  it('goes from a stack to its hosts and back, by keys', async () => {
    await page.getByRole('grid').focus();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByText('41 of 83 findings on 41 of 43 hosts').waitFor();
    await page.keyboard.press('Backspace');
    await page.getByText('83 of 83 findings').waitFor();
  });

  it('filters over all columns, and keeps that in the address', async () => {
    await page.keyboard.press('/');
    await page.keyboard.type('web1 -curl');
    await page.getByText('11 of 83 findings on 11 of 43 hosts').waitFor();
    await page.reload();
    await page.getByText('11 of 83 findings on 11 of 43 hosts').waitFor();
  });

  it('names who is silent, and why something was not looked at', async () => {
    await page.keyboard.press('w');
    await page.getByRole('grid', { name: 'agents' }).waitFor();
    await page.getByText('offline: the question waits for it').waitFor();
    await page.getByRole('cell', { name: 'no-permission' }).waitFor();
    await assertAccessible(page, 'agents');
  });

  it('says the same as mig show', async () => {
    const shown = z
      .object({
        answered: z.object({ fully: z.number(), partly: z.number(), silent: z.number() }),
        results: z.array(z.unknown()),
      })
      .parse(JSON.parse((await platform.mig('show', id, '-f', 'json')).join('\n')));
    assert.deepEqual([shown.answered.fully, shown.answered.partly, shown.answered.silent], [41, 1, 1]);
    await page.keyboard.press('f');
    for (const name of ['F 41 answered fully', 'P 1 answered partly', 'S 1 silent', '41 found something'])
      await page.getByRole('link', { name: name.replace(/^[FPS] /, '') }).waitFor();
  });

  it('gives everything as a file, by a ticket that is good once', async () => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'CSV' }).click(),
    ]);
    const stream = await download.createReadStream();
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(Buffer.from(chunk));
    const shown = await platform.mig('show', id, '-f', 'csv');
    assert.equal(Buffer.concat(chunks).toString('utf8'), `${shown.join('\n')}\n`);
    const again = await page.evaluate(`fetch(${JSON.stringify(download.url())}).then(({ status }) => status)`);
    assert.equal(again, 404);
  });

  it('asks: the line makes the form, the process counts down, and the page follows', async () => {
    await page.keyboard.press('n');
    await page
      .getByRole('textbox', { name: 'Command line' })
      .fill("mig file -t all -path /usr/bin -name '^wget$' -e 2h");
    await page.getByRole('textbox', { name: 'name', exact: true }).waitFor();
    await eventually(async () => (await page.locator('#flag-name').inputValue()) === '^wget$');
    await page.getByRole('textbox', { name: 'sha2', exact: true }).fill('a'.repeat(64));
    const line = page.getByRole('textbox', { name: 'Command line' });
    await eventually(async () => (await line.inputValue()).includes('-sha2 aaaa'));
    await assertAccessible(page, 'ask');
    const before = platform.relay.requests.length;
    await page.getByRole('button', { name: 'Launch' }).press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('43 agents that fit all; within 2h').waitFor();
    await dialog.getByRole('button', { name: 'Launch' }).press('Enter');
    await dialog.getByText('Launching in 4').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await eventually(() => platform.lines.includes('err: stopped: nothing was sent'));
    assert.ok(!platform.relay.requests.slice(before).includes('POST /actions'), 'nothing was sent');
    await page.getByRole('button', { name: 'Launch' }).press('Enter');
    await dialog.getByRole('button', { name: 'Launch' }).press('Enter');
    await page.getByRole('heading', { name: '41 agents have found results' }).waitFor();
    assert.ok(
      platform.lines.some((line) => /the page asks file: .*wget.*; 43 agents that fit all; within 2h/.test(line)),
    );
    assert.equal(platform.relay.requests.filter((request) => request === 'POST /actions').length, 2);
  });

  it('asks for content only with the person at the terminal', async () => {
    platform.answers = false;
    const before = platform.relay.requests.length;
    await page.keyboard.press('n');
    await page.getByRole('textbox', { name: 'Command line' }).fill('mig file -t all -path /etc -content root');
    await page.getByRole('button', { name: 'Launch' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Launch' }).click();
    await page.getByText('Denied in the terminal. Nothing was sent.').waitFor();
    assert.match(platform.asked.at(-1) ?? '', /^the page asks for content: file: /);
    assert.ok(!platform.relay.requests.slice(before).includes('POST /actions'));
    platform.answers = true;
    await page.keyboard.press('Escape');
  });

  it('lists its keys', async () => {
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    await assertAccessible(page, 'keys');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
  });

  it('lets in a second page when the person says so in the terminal', async () => {
    const other = await browser.newContext();
    const second = await other.newPage();
    platform.answers = true;
    await second.goto(new URL('/', platform.link).href);
    await second.getByRole('heading', { name: 'Actions' }).waitFor();
    assert.match(platform.asked.at(-1) ?? '', /^a page shows the code [A-Z2-9]{4}-[A-Z2-9]{4} and asks to be let in/);
    await other.close();
  });

  it('ends all pages when the link is used again', async () => {
    const other = await browser.newContext();
    const thief = await other.newPage();
    await thief.goto(platform.link);
    await thief.getByText('all pages are out').waitFor();
    await other.close();
    platform.answers = false;
    await page.keyboard.press('g');
    await page.keyboard.press('a');
    await page.getByText('shows a code').waitFor();
    assert.ok(platform.lines.some((line) => line.includes('the link was used twice')));
  });

  it('has run no script but its own, and broken no rule of its policy', () => {
    assert.deepEqual(
      said.filter((line) => !/status of 40[14]/.test(line)),
      [],
    );
  });
});
