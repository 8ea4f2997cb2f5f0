/** An id that tells one machine from a copy of it. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { CodedError } from '../../protocol/base/coded-error.ts';
import { systemProgram } from './system-program.ts';

type MachineCode = 'machine-unknown';

/** `MachineGuid`, which Windows' setup makes, and makes anew in an image that was generalised by sysprep. */
export function parseMachineGuid(output: string): string | null {
  return /^\s*MachineGuid\s+REG_SZ\s+(\S+)\s*$/m.exec(output)?.[1] ?? null;
}

/** `IOPlatformUUID`, which belongs to the hardware, or to the virtual machine. */
export function parsePlatformUuid(output: string): string | null {
  return /"IOPlatformUUID" = "([^"]+)"/.exec(output)?.[1] ?? null;
}

/** Never guessed: with another answer the next time, the agent would be another one. */
function ask(name: 'reg' | 'ioreg', parameters: readonly string[], parse: (output: string) => string | null): string {
  const command = systemProgram(name);
  const { stdout, stderr, error } = spawnSync(command, parameters, { encoding: 'utf8', windowsHide: true });
  const id = parse(stdout ?? '');
  if (id === null)
    throw new CodedError<MachineCode>(
      'machine-unknown',
      `expected ${command} ${parameters.join(' ')} to tell this machine's id, got: ${error?.message ?? `${stdout}${stderr}`.trim()}`,
      { hint: 'run that command by hand, as the user that the agent runs as' },
    );
  return id;
}

/** systemd's (machine-id(5)), which images are delivered without; empty where there is none. */
function readLinuxId(): string {
  for (const path of ['/etc/machine-id', '/var/lib/dbus/machine-id'])
    if (existsSync(path)) return readFileSync(path, 'utf8').trim();
  return '';
}

/** @throws CodedError<MachineCode> */
export function readMachineId(): string {
  switch (process.platform) {
    case 'win32':
      return ask('reg', ['query', 'HKLM\\SOFTWARE\\Microsoft\\Cryptography', '/v', 'MachineGuid'], parseMachineGuid);
    case 'darwin':
      return ask('ioreg', ['-rd1', '-c', 'IOPlatformExpertDevice'], parsePlatformUuid);
    default:
      return readLinuxId();
  }
}
