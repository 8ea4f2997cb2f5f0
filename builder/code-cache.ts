/** Keeps V8's compiled code beside a bundle: a tool starts without compiling. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';

const run = promisify(execFile);
const preload = new URL('./code-cache-preload.ts', import.meta.url);

/** The ending after the bundle's name. V8 compares only the length of the source, so the name says whose code it is. */
export function codeSuffix(bundle: Uint8Array): string {
  return `.${createHash('sha256').update(bundle).digest('hex').slice(0, 16)}.code`;
}

/**
 * Wraps the bundle into the function that `toLoader` expects, with the parameters of a CommonJS module. Wrapping at load
 * time would copy the text of the bundle at every start.
 */
export function wrapBundle(bundle: Uint8Array): Buffer {
  const head = '(function (require, module, exports, __filename, __dirname) {';
  return Buffer.concat([Buffer.from(head), bundle, Buffer.from('\n})')]);
}

/**
 * Source of a program that runs a bundle with its kept code. Without code, or with the code of another V8, it compiles.
 * @param bundle name of the file, made by `wrapBundle`: ASCII, and without a dynamic import.
 */
export function toLoader(bundle: string, suffix: string): string {
  return `const { readFileSync } = require('node:fs');
const { Script } = require('node:vm');
const filename = require('node:path').join(__dirname, '${bundle}');
let cachedData;
try {
  cachedData = readFileSync(filename + '${suffix}');
} catch {}
const script = new Script(readFileSync(filename, 'latin1'), { filename, cachedData });
script.runInThisContext()(require, module, exports, filename, __dirname);
`;
}

/**
 * Runs the program once, and keeps the code of all functions that ran.
 * @param program made by `toLoader`.
 * @param codeFile where it expects the code.
 * @param rehearsal a program that runs the command line which it is given as people do; without one it is `--version`.
 */
export async function keepCode(program: string, codeFile: string, rehearsal: string | null): Promise<void> {
  const command = ['--import', preload.href, program];
  const args = rehearsal === null ? [...command, '--version'] : [rehearsal, process.execPath, ...command];
  await run(process.execPath, args, { env: { ...process.env, MIG_CODE_FILE: codeFile } });
}
