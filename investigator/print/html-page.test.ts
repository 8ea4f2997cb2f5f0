/** The page for the ticket in a real browser: its script runs under its own policy, and sorts. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { AgentId } from '../../protocol/base/identifiers.ts';
import { Tally } from '../answers/tally.ts';
import { countsOf } from '../commands/follow.ts';
import { BrowserPage, findChromium } from '../testing/chromium.ts';
import { recordConsole } from '../testing/recorded-console.ts';
import { toyModules, toyResult } from '../testing/toy-module.ts';
import { openPrinter } from './open-printer.ts';

const asked = { name: 'who?', target: 'all', operations: [{ module: 'toy', parameters: { words: ['wget'] } }] };
const answers: readonly (readonly [name: string, words: readonly string[]])[] = [
  ['web10', ['wget']],
  ['web2', ['curl']],
  ['db1', []],
];

async function writePage(): Promise<string> {
  const console = recordConsole();
  const printer = await openPrinter('html', { asked, by: ['alice'], modules: toyModules, show: 'all', console });
  const tally = new Tally();
  for (const [index, [name, words]] of answers.entries()) {
    const agent = AgentId.parse(String(index).repeat(64));
    const result = { kind: 'result', agent, name, state: 'succeeded', operations: [toyResult([...words])] } as const;
    tally.add(result);
    printer.result(result);
  }
  printer.end(tally.toOutcome(asked, countsOf('succeeded', answers.length)));
  return console.lines
    .filter((line) => line.startsWith('out: '))
    .map((line) => line.slice('out: '.length))
    .join('\n');
}

const chromium = findChromium();

it('is sorted by a click on a head, the other way round by a second', { skip: chromium === undefined }, async () => {
  const text = await writePage();
  const folder = mkdtempSync(join(tmpdir(), 'mig-page-'));
  const file = join(folder, 'page.html');
  writeFileSync(file, text);
  const page = await BrowserPage.open(chromium ?? '', pathToFileURL(file).href);
  try {
    const names = () =>
      page.evaluate(
        "[...document.querySelectorAll('.agents tbody tr')].map((row) => row.cells[0].firstChild.textContent.trim())",
      );
    const order = () => page.evaluate("document.querySelector('[aria-sort]')?.getAttribute('aria-sort')");
    assert.deepEqual(await names(), ['web2', 'web10', 'db1'], 'who has found something comes first');
    await page.click('.agents th:first-child button');
    assert.deepEqual([await names(), await order()], [['db1', 'web2', 'web10'], 'ascending']);
    await page.click('.agents th:first-child button');
    assert.deepEqual([await names(), await order()], [['web10', 'web2', 'db1'], 'descending']);
    const found = () =>
      page.evaluate("[...document.querySelectorAll('.findings tbody tr')].map((row) => row.cells[1].textContent)");
    assert.deepEqual(await found(), ['curl', 'wget'], 'by host');
    await page.click('.findings th:nth-child(2) button');
    await page.click('.findings th:nth-child(2) button');
    assert.deepEqual(
      [await names(), await found()],
      [
        ['web10', 'web2', 'db1'],
        ['wget', 'curl'],
      ],
    );
    const isWider = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
    assert.equal(isWider, false, 'nothing has to be scrolled sideways');
  } finally {
    await page.close();
    rmSync(folder, { recursive: true });
  }
});
