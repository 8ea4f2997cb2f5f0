/** A page of a real browser, for tests that use it as a person does. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';

/** The file of a command: a browser is started by its path. */
function findFile(command: string): string {
  if (command.includes('/')) return command;
  const folders = (process.env.PATH ?? '').split(delimiter);
  const found = folders.map((folder) => join(folder, command)).find(isExecutable);
  if (found === undefined) throw new Error(`expected ${command} in PATH`);
  return found;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** @param command of `findChromium`. */
export async function openChromium(command: string): Promise<Browser> {
  return chromium.launch({
    executablePath: findFile(command),
    args: ['--no-sandbox', '--disable-gpu', '--enable-precise-memory-info'],
  });
}

/** Fails the test with what the page's console says: an error there is a defect, a refused script above all. */
export function failOnConsole(page: Page): readonly string[] {
  const said: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') said.push(message.text());
  });
  page.on('pageerror', (error) => said.push(String(error)));
  return said;
}
