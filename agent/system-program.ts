/** The programs of the operating system that an agent runs, by their full paths: none may be put in their place by PATH. */
import { win32 } from 'node:path';

const folders = {
  launchctl: '/bin',
  ioreg: '/usr/sbin',
} as const;
type WindowsProgram = 'icacls' | 'reg' | 'sc';

export function systemProgram(name: WindowsProgram | keyof typeof folders): string {
  switch (name) {
    case 'launchctl':
    case 'ioreg':
      return `${folders[name]}/${name}`;
    default:
      return win32.join(process.env.SystemRoot ?? 'C:\\Windows', 'System32', `${name}.exe`);
  }
}
