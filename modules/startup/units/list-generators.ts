/** Programs that systemd runs by the folder in which they are: generators of units, and hooks of its own. */
import type { Host } from '../../kit/files/host.ts';
import type { StartupEntry } from '../entry.ts';
import { listScripts, type ScriptFolders } from '../mechanisms/script-folders.ts';

/** Highest first. */
const places = ['/run/systemd', '/etc/systemd', '/usr/local/lib/systemd', '/usr/lib/systemd', '/lib/systemd'];

/** @see systemd.generator(7), systemd.environment-generator(7), systemd-halt.service(8), systemd-suspend.service(8) */
const hooks: Readonly<Record<string, Pick<ScriptFolders, 'kind' | 'trigger' | 'user'>>> = {
  'system-generators': { kind: 'generator', trigger: 'boot', user: 'root' },
  'system-environment-generators': { kind: 'generator', trigger: 'boot', user: 'root' },
  'user-generators': { kind: 'generator', trigger: 'login' },
  'user-environment-generators': { kind: 'generator', trigger: 'login' },
  'system-shutdown': { kind: 'init', trigger: 'event', user: 'root' },
  'system-sleep': { kind: 'init', trigger: 'event', user: 'root' },
};

export function* listGenerators(host: Host): Generator<StartupEntry> {
  for (const [folder, hook] of Object.entries(hooks))
    yield* listScripts(host, {
      ...hook,
      folders: places.map((place) => `${place}/${folder}`),
      names: /^(?!\.)/,
      needs: 'executable',
    });
}
