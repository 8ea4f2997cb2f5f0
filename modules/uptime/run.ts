import { cpus, loadavg, release, type, uptime } from 'node:os';
import { runListing } from '../kit/listing/run-listing.ts';
import { module } from './module.ts';

export const run = runListing(module, function* () {
  const seconds = Math.floor(uptime());
  const [load = null, , longload = null] = process.platform === 'win32' ? [] : loadavg();
  yield {
    kernel: `${type()} ${release()}`,
    uptime: seconds,
    boot: (Math.floor(Date.now() / 1000) - seconds) * 1000,
    load,
    longload,
    cpu: cpus().length || null,
  };
});
