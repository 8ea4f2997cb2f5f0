/** A passphrase: from a file, or typed on the terminal without echo. */
import { readFileSync } from 'node:fs';
import { CodedError } from '../../protocol/coded-error.ts';
import type { InvestigatorKeyCode } from './investigator-key.ts';

const enter = new Set(['\r', '\n', '\u0004']);
const interrupt = '\u0003';
const erase = new Set(['\u007f', '\b']);

function typePassphrase(prompt: string): Promise<string> {
  const { stdin, stderr } = process;
  return new Promise((resolve, reject) => {
    let typed = '';
    const finish = (): void => {
      stdin.off('data', onData);
      stdin.setRawMode(false);
      stdin.pause();
      stderr.write('\n');
    };
    const onData = (chunk: Buffer): void => {
      for (const character of chunk.toString('utf8')) {
        if (enter.has(character)) {
          finish();
          resolve(typed);
          return;
        }
        if (character === interrupt) {
          finish();
          // Raw mode kept the terminal from sending it.
          process.kill(process.pid, 'SIGINT');
          reject(new CodedError<InvestigatorKeyCode>('passphrase-needed', 'expected a passphrase, got ctrl+c'));
          return;
        }
        typed = erase.has(character) ? typed.slice(0, -1) : typed + character;
      }
    };
    stderr.write(prompt);
    stdin.setRawMode(true);
    stdin.on('data', onData);
    stdin.resume();
  });
}

/** @throws CodedError passphrase-needed when there is neither a file nor a terminal to ask on. */
export async function readPassphrase(file: string | undefined, keyPath: string): Promise<string> {
  if (file !== undefined) {
    try {
      return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
    } catch (cause) {
      throw new CodedError<InvestigatorKeyCode>('passphrase-needed', `expected a readable passphrase file at ${file}`, {
        cause,
      });
    }
  }
  if (process.stdin.isTTY !== true || process.stderr.isTTY !== true)
    throw new CodedError<InvestigatorKeyCode>('passphrase-needed', `expected the passphrase of ${keyPath}`, {
      hint: 'run this on a terminal, or set MIG_KEY_PASSPHRASE_FILE',
    });
  return typePassphrase(`passphrase of ${keyPath}: `);
}
