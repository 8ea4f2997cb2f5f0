/** The programs of the operating system that an agent runs, by their full paths: none may be put in their place by PATH. */
import { existsSync } from 'node:fs';
import { win32 } from 'node:path';

const folders = {
  launchctl: '/bin',
  ioreg: '/usr/sbin',
} as const;
/** The folders of system programs, since they were merged and before. */
const systemctlPaths = ['/usr/bin/systemctl', '/bin/systemctl'] as const;
type WindowsProgram = 'icacls' | 'reg' | 'sc';

export function systemProgram(name: WindowsProgram | keyof typeof folders | 'systemctl'): string {
  switch (name) {
    case 'systemctl':
      return systemctlPaths.find(existsSync) ?? systemctlPaths[0];
    case 'launchctl':
    case 'ioreg':
      return `${folders[name]}/${name}`;
    default:
      return win32.join(process.env.SystemRoot ?? 'C:\\Windows', 'System32', `${name}.exe`);
  }
}
