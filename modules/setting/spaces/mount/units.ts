/** Mount units that start with the system. @see systemd.mount(5) */
import type { Host } from '../../../kit/files/host.ts';
import { type EffectiveUnit, Units } from '../../../kit/systemd/effective-unit.ts';
import { systemFolders } from '../../../kit/systemd/search-folders.ts';
import { known, type Reading, unknown } from '../found.ts';
import { toHeld } from './options.ts';
import type { Mount } from './tables.ts';

const kind = 'systemd';
/** What is in /run is gone after a reboot. */
const lasting = systemFolders.filter(({ path }) => !path.startsWith('/run/'));
/** What every start of the system reaches. */
const targets: ReadonlySet<string> = new Set(
  ['local-fs', 'remote-fs', 'sysinit', 'basic', 'multi-user', 'graphical'].map((name) => `${name}.target`),
);

/** The name of a path's unit. @see systemd-escape(1) */
export function toUnitName(path: string): string {
  const names = path.split('/').filter((name) => name !== '');
  const escaped = names.join('/').replaceAll(/^\.|[^A-Za-z0-9:_./]/g, (letter) => {
    const bytes = Buffer.from(letter, 'latin1');
    return [...bytes].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
  });
  return `${escaped === '' ? '-' : escaped.replaceAll('/', '-')}.mount`;
}

function toMount(host: Host, path: string, unit: EffectiveUnit): Mount {
  const [what, type, options] = ['What', 'Type', 'Options'].map((key) => unit.value('Mount', key));
  const decisive = options ?? what;
  return {
    path,
    type: type?.value ?? 'auto',
    source: what?.value ?? '',
    options: toHeld((options?.value ?? 'defaults').split(',')),
    from: decisive === undefined ? { path: host.at(unit.path) } : { path: host.at(decisive.path), line: decisive.line },
  };
}

export class MountUnits {
  readonly #host: Host;
  #units: Units | undefined;

  constructor(host: Host) {
    this.#host = host;
  }

  /** Undefined when no unit mounts the path; unknown when others may start the one that does. */
  find(path: string): Reading<Mount | undefined> {
    this.#units ??= new Units(this.#host, kind, lasting);
    const name = toUnitName(path);
    const found = this.#units.find(name);
    if (found.kind === 'unknown') return unknown('read-error');
    if (found.kind !== 'regular') return known(undefined);
    const { folders } = this.#units.files;
    const isStarted = folders.some(({ pulls }) => pulls.some((pull) => pull.name === name && targets.has(pull.by)));
    const unit = isStarted ? this.#units.load(name) : undefined;
    return unit === undefined ? unknown('undecided') : known(toMount(this.#host, path, unit));
  }
}
