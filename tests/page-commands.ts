/** Runs the commands of a page in order, as its reader would. */
import assert from 'node:assert/strict';
import type { Finished } from '../tools/lab/child.ts';

interface Block {
  readonly commands: readonly string[];
  /** The comment in the page's source: when it is run, or why not. */
  readonly remark: string | null;
}

/** Every block that is indented by four spaces holds commands; output and code are fenced. */
function readBlocks(text: string): Block[] {
  const found = text
    .replaceAll(/^```[\s\S]*?^```$/gm, '')
    .matchAll(/(?:^<!-- ((?:not run|only in the long form): .+) -->\n\n?)?((?:^ {4}\S.*\n)+)/gm);
  return [...found].map(([, remark = null, lines = '']) => ({
    remark,
    commands: lines
      .trimEnd()
      .split('\n')
      .map((line) => line.replace(/\s+# .*$/, '').trim()),
  }));
}

interface RunOptions {
  /** Also those that take minutes. */
  readonly isLong?: boolean;
  /** Of commands that rightly end with another code than 0. */
  readonly expectedCodes?: ReadonlyMap<string, number>;
}

/** Names every command that is not run on stderr. @returns how many were run. */
export async function runCommands(
  page: string,
  run: (command: string) => Promise<Finished>,
  { isLong = false, expectedCodes = new Map() }: RunOptions = {},
): Promise<number> {
  let count = 0;
  for (const { commands, remark } of readBlocks(page))
    for (const command of commands) {
      if (remark !== null && !(isLong && remark.startsWith('only in the long form'))) {
        process.stderr.write(`NOT RUN: ${command}: ${remark}\n`);
        continue;
      }
      const { code, stdout, stderr } = await run(command);
      assert.equal(code, expectedCodes.get(command) ?? 0, `${command}\n${stdout}${stderr}`);
      count += 1;
    }
  return count;
}
