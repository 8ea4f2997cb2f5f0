/** A pinentry (Assuan protocol) that a test scripts, in place of the one that asks a person. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What it says to GETPIN: a passphrase, or an error line. */
export const pinentryErrors = {
  cancelled: 'ERR 83886179 Operation cancelled <Pinentry>',
  timeout: 'ERR 83886142 Timeout <Pinentry>',
  noTerminal: 'ERR 83918950 Inappropriate ioctl for device <Pinentry>',
} as const;

export interface FakePinentry {
  /** Sets what it says from now on, and has gpg-agent forget what it knows. */
  readonly answer: (text: string) => void;
  /** Lines that gpg-agent has sent it. */
  readonly told: () => string[];
}

const source = (folder: string): string => `
const { appendFileSync, existsSync, readFileSync, writeSync } = require('node:fs');
const { execSync } = require('node:child_process');
const { createInterface } = require('node:readline');
const folder = ${JSON.stringify(folder)};
let terminal;
const say = (line) => writeSync(1, line + '\\n');
say('OK ready');
createInterface({ input: process.stdin }).on('line', async (line) => {
  appendFileSync(folder + '/told', line + '\\n');
  const [, name] = /^OPTION ttyname=(.*)$/.exec(line) ?? [];
  terminal = name ?? terminal;
  if (line === 'BYE') { say('OK'); process.exit(); }
  if (line !== 'GETPIN') return say(line.startsWith('CONFIRM') ? '${pinentryErrors.cancelled}' : 'OK');
  if (existsSync(folder + '/windows')) {
    execSync('stty -icanon -echo -icrnl < ' + terminal);
    appendFileSync(terminal, '\\x1b[?1049h');
  }
  if (existsSync(folder + '/holds')) {
    appendFileSync(terminal, 'PINENTRY UP');
    while (!existsSync(folder + '/lets-go')) await new Promise((resolve) => setTimeout(resolve, 10));
    appendFileSync(terminal, 'PINENTRY DOWN');
  }
  const answer = readFileSync(folder + '/answer', 'utf8');
  if (answer.startsWith('ERR ')) return say(answer);
  say('D ' + answer);
  say('OK');
});
`;

/** @param home GNUPGHOME; files of the pinentry are in it. With a file \`holds\` it waits on the terminal for \`lets-go\`, with \`windows\` it sets that as curses does. */
export function installPinentry(home: string): FakePinentry {
  const script = join(home, 'pinentry.cjs');
  const program = join(home, 'pinentry');
  writeFileSync(script, source(home));
  writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${script}'\n`, { mode: 0o700 });
  writeFileSync(join(home, 'gpg-agent.conf'), `pinentry-program ${program}\n`);
  return {
    answer: (text) => {
      writeFileSync(join(home, 'answer'), text);
      execFileSync('gpgconf', ['--kill', 'gpg-agent'], { env: { ...process.env, GNUPGHOME: home } });
    },
    told: () => {
      const file = join(home, 'told');
      return existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
    },
  };
}
