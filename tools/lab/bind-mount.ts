/** Mounts a folder at a second place, as hosts do for chroots and jails. */
import { mkdtempSync, rmdirSync } from 'node:fs';
import { runProgram } from './child.ts';

/** Only root of the host, not of a container, may mount. */
async function mountAt(folder: string, place: string): Promise<boolean> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  const { code } = await runProgram('mount', ['-o', 'bind,ro', folder, place]);
  return code === 0;
}

/**
 * Calls `use` with the second place, or with null where this machine does not let us mount. The place is read-only and
 * outside of every folder that a laboratory removes: no cleanup goes through it.
 */
export async function withBindMount<T>(folder: string, use: (place: string | null) => Promise<T>): Promise<T> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return use(null);
  const place = mkdtempSync('/run/mig-bind-');
  try {
    if (!(await mountAt(folder, place))) return await use(null);
    try {
      return await use(place);
    } finally {
      await runProgram('umount', ['-l', place]);
    }
  } finally {
    rmdirSync(place);
  }
}
