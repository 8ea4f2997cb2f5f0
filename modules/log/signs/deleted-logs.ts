/** Logs that have no name any more and are still open in a process. */
import { readdirSync, readlinkSync } from 'node:fs';
import type { Host } from '../../kit/files/host.ts';
import { toUnread } from '../../kit/files/host-file.ts';
import type { LogSource } from '../question/sources.ts';

const mark = ' (deleted)';
const places = /^\/(?:var|run)\/log\//;

export interface DeletedLog {
  readonly source: LogSource;
  readonly path: string;
}

function toSource(path: string): LogSource {
  if (/^\/(?:var|run)\/log\/journal\//.test(path)) return 'journal';
  if (path.startsWith('/var/log/audit/')) return 'audit';
  if (/\/wtmp[^/]*$/.test(path)) return 'login';
  return /\/btmp[^/]*$/.test(path) ? 'failed' : 'text';
}

function namesIn(folder: string, onDenied: () => void): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    // Processes end while they are listed.
    if (toUnread(error).reason === 'no-permission') onDenied();
    return [];
  }
}

function targetOf(link: string): string | undefined {
  try {
    return readlinkSync(link);
  } catch (error) {
    toUnread(error);
    return undefined;
  }
}

/** Each once for each process. @param onDenied for each process that may not be looked into. */
export function* listDeletedLogs(host: Host, onDenied: () => void): Generator<DeletedLog> {
  const processes = host.at('/proc');
  for (const pid of namesIn(processes, onDenied).filter((name) => /^\d+$/.test(name))) {
    const folder = `${processes}/${pid}/fd`;
    const targets = new Set(namesIn(folder, onDenied).map((name) => targetOf(`${folder}/${name}`)));
    for (const target of targets) {
      if (target === undefined || !target.endsWith(mark) || !places.test(target)) continue;
      const path = target.slice(0, -mark.length);
      yield { source: toSource(path), path };
    }
  }
}
