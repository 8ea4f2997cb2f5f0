/** The terminal on which gpg's pinentry may ask. gpg finds it by its own standard input, which is a pipe here. */
import { readlinkSync, statSync } from 'node:fs';
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
