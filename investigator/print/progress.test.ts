import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { countsOf } from '../commands/follow.ts';
import type { Console } from '../terminal/console.ts';
import { startProgress, toRate } from './progress.ts';

/** What reaches the terminal, in one text. */
function recordTerminal(columns: number) {
  const written: string[] = [];
  const console: Console = {
    data: (line) => written.push(`${line}\n`),
    note: (line) => written.push(`${line}\n`),
    noteInline: (text) => written.push(text),
    interactive: true,
    columns: () => columns,
    dataColumns: () => undefined,
    paintData: (_: string, text: string) => text,
    paintNote: (_: string, text: string) => text,
    quietly: (work) => work(),
    setPrintAgain: () => {},
    hasLostNotes: () => false,
  };
  return { console, written };
}

/** What a terminal shows: each line is what was written after the last erasure of it. */
function toScreen(text: string): string[] {
  return text.split('\n').map((line) => line.slice(line.lastIndexOf('\r') + 1).replace('\u001b[K', ''));
}

describe('progress on a terminal', () => {
  it('leaves the results whole, and one live line below them', () => {
    const { console, written } = recordTerminal(80);
    const progress = startProgress(countsOf('queued', 4), console);
    progress.around(() => console.data('web1 /usr/bin/wget'));
    progress.update({ ...countsOf('queued', 2), succeeded: 2 });
    progress.around(() => console.data('web2 /usr/bin/wget'));
    progress.update(countsOf('succeeded', 4));
    progress.finish();
    const [first, second, bar, end] = toScreen(written.join(''));
    assert.equal(first, 'web1 /usr/bin/wget');
    assert.equal(second, 'web2 /usr/bin/wget');
    assert.equal(bar, `4 / 4 [${'='.repeat(20)}] 100.00%`);
    assert.match(end ?? '', /^100\.0% done in \d+\.\d{3}s$/);
  });

  it('says whom it waits for when nothing comes for a while, and no more once something does', async (context) => {
    context.mock.timers.enable({ apis: ['setInterval'] });
    let seconds = 0;
    context.mock.method(process, 'uptime', () => seconds);
    const { console, written } = recordTerminal(120);
    const asked: number[] = [];
    const progress = startProgress(countsOf('queued', 6), console, async (most) => {
      asked.push(most);
      return ['web1 (offline)', 'web2 (at work)'];
    });
    progress.update({ ...countsOf('queued', 5), succeeded: 1 });
    const wait = async (): Promise<string> => {
      written.splice(0);
      seconds += 6;
      context.mock.timers.tick(1000);
      await Promise.resolve();
      await Promise.resolve();
      return written.join('');
    };
    assert.match(await wait(), /waiting for web1 \(offline\), web2 \(at work\) and 3 more/);
    await wait();
    assert.deepEqual(asked, [3]);
    seconds += 1;
    written.splice(0);
    progress.update({ ...countsOf('queued', 4), succeeded: 2 });
    assert.doesNotMatch(written.join(''), /waiting/);
    progress.finish();
  });

  it('never wraps, however narrow the terminal is', () => {
    const { console, written } = recordTerminal(10);
    startProgress(countsOf('queued', 123_456), console).finish();
    for (const line of toScreen(written.join('')).slice(0, 1)) assert.ok(line.length < 10, line);
  });
});

describe('the rate', () => {
  for (const [done, total, elapsedMs, expected] of [
    [10, 100, 1000, ''],
    [0, 100, 5000, ''],
    [100, 100, 5000, ''],
    [50, 100, 5000, ' 10/s, 5s left'],
    [5, 1000, 10_000, ' 0.5/s, 34m left'],
    [5, 100_000, 10_000, ' 0.5/s, 56h left'],
  ] as const)
    it(`of ${done} of ${total} in ${elapsedMs} ms is ${JSON.stringify(expected)}`, () =>
      assert.equal(toRate(done, total, elapsedMs), expected));

  it('is not told, and the time left neither, once nothing comes any more', () => {
    assert.equal(toRate(9, 10, 9000, 3000), ' 1.0/s, 1s left');
    assert.equal(toRate(9, 10, 9000, 3001), '');
    assert.equal(toRate(900, 1000, 9000, 2001), '');
  });
});
