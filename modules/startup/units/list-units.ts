/** The units of systemd. */
import type { Host } from '../../kit/files/host.ts';
import type { Kind, StartupEntry } from '../entry.ts';

const folders = ['/etc/systemd/system', '/run/systemd/system', '/usr/lib/systemd/system'];

const kinds: Readonly<Record<string, Kind>> = {
  service: 'service',
  timer: 'timer',
  socket: 'socket',
  path: 'path',
  mount: 'mount',
  automount: 'mount',
  swap: 'mount',
  target: 'target',
  slice: 'target',
};

export function* listUnits(host: Host): Generator<StartupEntry> {
  const seen = new Set<string>();
  for (const folder of folders)
    for (const name of host.list('systemd', folder)) {
      const kind = kinds[name.slice(name.lastIndexOf('.') + 1)];
      if (kind === undefined || seen.has(name)) continue;
      seen.add(name);
      yield { kind, name, path: `${folder}/${name}`, states: [], trigger: 'boot' };
    }
}
