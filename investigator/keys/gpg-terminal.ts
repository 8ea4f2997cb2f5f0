/** The terminal on which gpg's pinentry may ask. gpg finds it by its own standard input, which is a pipe here. */
import { spawnSync } from 'node:child_process';
import { closeSync, constants, openSync, readlinkSync, statSync, writeSync } from 'node:fs';
import { isatty } from 'node:tty';

function isDevice(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isCharacterDevice() === true;
}

function nameOf(descriptor: number): string | undefined {
  for (const folder of ['/proc/self/fd', '/dev/fd'])
    try {
      return readlinkSync(`${folder}/${descriptor}`);
    } catch {
      // Another system.
    }
  return undefined;
}

/** GPG_TTY where it names a terminal, as shells set it; else that of this process; undefined when there is none. */
export function findTerminal(given = process.env.GPG_TTY): string | undefined {
  if (given !== undefined && isDevice(given)) return given;
  const names = [0, 2, 1].filter(isatty).map(nameOf);
  return names.find((name) => name !== undefined && isDevice(name));
}

/** Leaves the second screen, shows the cursor, and has the keypad send digits. @see ctlseqs of xterm: 1049, 25, 1, DECKPNM */
const firstScreen = '\u001b[?1049l\u001b[?25h\u001b[?1l\u001b>';

/** Undefined for a terminal of another user or a session without one, which no pinentry could use either. */
function openTerminal(path: string): number | undefined {
  try {
    return openSync(path, constants.O_RDWR | constants.O_NOCTTY);
  } catch {
    return undefined;
  }
}

/** Gives the terminal back after a pinentry with windows, which dies of ctrl+c without doing so. Others are not touched. */
export function restoreScreen(terminal: string): void {
  const descriptor = openTerminal(terminal);
  if (descriptor === undefined) return;
  try {
    const stty = (word: string): string =>
      spawnSync('stty', [word], { stdio: [descriptor, 'pipe', 'ignore'], encoding: 'utf8' }).stdout ?? '';
    // Curses alone takes Enter as a carriage return.
    if (!/(^|\s)-icrnl\b/m.test(stty('-a'))) return;
    writeSync(descriptor, firstScreen);
    stty('sane');
  } finally {
    closeSync(descriptor);
  }
}
