/** A real browser without a window, for pages that tests look at; spoken to over its debugging pipe. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import * as z from 'zod';

const candidates = ['chromium', 'chromium-browser', 'google-chrome'];

/** The command of a browser that starts here; undefined, and said loudly on stderr, where there is none. */
export function findChromium(): string | undefined {
  const given = process.env.MIG_TEST_CHROMIUM;
  const found = (given === undefined ? candidates : [given]).find(
    (command) => spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0,
  );
  if (found === undefined)
    process.stderr.write(
      'SKIPPED: tests of pages in a browser: no chromium here; install it or set MIG_TEST_CHROMIUM\n',
    );
  return found;
}

const Message = z.object({
  id: z.number().optional(),
  result: z.unknown().optional(),
  error: z.object({ message: z.string() }).optional(),
  method: z.string().optional(),
});

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** One page in a browser of its own. @see https://chromedevtools.github.io/devtools-protocol/ */
export class BrowserPage {
  readonly #child: ChildProcess;
  readonly #profile: string;
  readonly #commands: Writable;
  readonly #waiting = new Map<number, Waiting>();
  #onLoad: (() => void) | undefined;
  #session: string | undefined;
  #sent = 0;

  private constructor(child: ChildProcess, profile: string, commands: Writable) {
    this.#child = child;
    this.#profile = profile;
    this.#commands = commands;
  }

  static async open(command: string, url: string): Promise<BrowserPage> {
    const profile = mkdtempSync(join(tmpdir(), 'mig-browser-'));
    const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--remote-debugging-pipe'];
    const child = spawn(command, [...flags, `--user-data-dir=${profile}`, '--window-size=1100,900'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    });
    const [, , , commands, answers] = child.stdio;
    if (!(commands instanceof Writable) || !(answers instanceof Readable)) throw new Error('expected two pipes');
    const page = new BrowserPage(child, profile, commands);
    void page.#read(answers);
    const { targetId } = z
      .object({ targetId: z.string() })
      .parse(await page.#call('Target.createTarget', { url: 'about:blank' }));
    const attached = await page.#call('Target.attachToTarget', { targetId, flatten: true });
    page.#session = z.object({ sessionId: z.string() }).parse(attached).sessionId;
    await page.#call('Page.enable', {});
    const loaded = new Promise<void>((resolve) => {
      page.#onLoad = resolve;
    });
    await page.#call('Page.navigate', { url });
    await loaded;
    return page;
  }

  async #read(answers: Readable): Promise<void> {
    let rest = '';
    for await (const chunk of answers.setEncoding('utf8')) {
      const messages = (rest + String(chunk)).split('\0');
      rest = messages.pop() ?? '';
      for (const text of messages) {
        const { id, method, result, error } = Message.parse(JSON.parse(text));
        if (method === 'Page.loadEventFired') this.#onLoad?.();
        const waiting = this.#waiting.get(id ?? -1);
        if (error === undefined) waiting?.resolve(result);
        else waiting?.reject(new Error(error.message));
      }
    }
    for (const { reject } of this.#waiting.values()) reject(new Error('the browser has ended'));
  }

  #call(method: string, params: Readonly<Record<string, unknown>>): Promise<unknown> {
    this.#sent += 1;
    const id = this.#sent;
    this.#commands.write(`${JSON.stringify({ id, method, params, sessionId: this.#session })}\0`);
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  /** What a script in the page would see; the page's own policy does not hold here. */
  async evaluate(expression: string): Promise<unknown> {
    const answer = await this.#call('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    const { result, exceptionDetails } = z
      .object({ result: z.object({ value: z.unknown() }), exceptionDetails: z.unknown().optional() })
      .parse(answer);
    if (exceptionDetails !== undefined) throw new Error(`${expression}: ${JSON.stringify(exceptionDetails)}`);
    return result.value;
  }

  /** As with a mouse, in the middle of what the selector names. */
  async click(selector: string): Promise<void> {
    const expression = `(({ x, y, width, height }) => [x + width / 2, y + height / 2])(document.querySelector(${JSON.stringify(selector)}).getBoundingClientRect())`;
    const [x, y] = z.tuple([z.number(), z.number()]).parse(await this.evaluate(expression));
    for (const type of ['mousePressed', 'mouseReleased'])
      await this.#call('Input.dispatchMouseEvent', { type, x, y, button: 'left', clickCount: 1 });
  }

  async close(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.kill();
    await ended;
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
