/** Whether programs may be run from a folder. Asked before a build: its result could not be tried there. */
import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CodedError } from '../../protocol/base/coded-error.ts';
import type { BuildCode } from '../bundle.ts';

/** @param folder that exists. @throws CodedError<BuildCode> output-noexec; Error of node:fs */
export function assertRunsPrograms(folder: string): void {
  if (process.platform === 'win32') return;
  const program = join(folder, `mig-check-${process.pid}`);
  try {
    writeFileSync(program, '#!/bin/sh\n', { mode: 0o700, flag: 'wx' });
    const { error } = spawnSync(program);
    if (error !== undefined && 'code' in error && error.code === 'EACCES')
      throw new CodedError<BuildCode>(
        'output-noexec',
        `expected a folder from which programs may be run, got ${folder}, which is mounted noexec`,
        { hint: '--out FOLDER names another; for the demo and tests, TMPDIR' },
      );
  } finally {
    rmSync(program, { force: true });
  }
}
