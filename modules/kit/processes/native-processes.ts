/** Lists processes with the native reader, without `ps` and with all fields. */
import type { ProcessReader } from '../../../native/index.ts';
import { awaitTask } from '../await-task.ts';
import { type ProcessSource, toEntry } from './process-entry.ts';

/** Bounds the memory in use: a command line may have 64 KiB. */
const batchSize = 64;

export function nativeSource(reader: ProcessReader): ProcessSource {
  return {
    notes: [],
    async *entries(signal) {
      const pids = reader.list();
      for (let start = 0; start < pids.length && !signal.aborted; start += batchSize) {
        const batch = pids.slice(start, start + batchSize);
        const readings = await awaitTask(reader.read(batch), signal);
        yield readings.map((reading, index) =>
          reading.kind === 'failed' ? { ...reading, pid: batch[index] ?? 0 } : toEntry(reading),
        );
      }
    },
  };
}
