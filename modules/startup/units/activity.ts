/** Which services have processes, by the kernel's groups of processes: nothing is asked of systemd. @see cgroups(7) */
import { join } from 'node:path';
import type { Host } from '../../kit/files/host.ts';
import { parseUnitName } from '../../kit/systemd/unit-name.ts';

const kind = 'cgroup';
/** The second is where systems with both kinds of groups have those of systemd. */
const roots = ['/sys/fs/cgroup', '/sys/fs/cgroup/systemd', '/sys/fs/cgroup/unified'];
const mostDepth = 10;
const mostGroups = 20_000;

export interface Activity {
  /** Folders of the groups, by unit. */
  readonly system: ReadonlyMap<string, string>;
  /** The same of users' own services, by the number of the user. */
  readonly users: ReadonlyMap<number, ReadonlyMap<string, string>>;
}

class GroupReader {
  readonly system = new Map<string, string>();
  readonly users = new Map<number, Map<string, string>>();
  readonly #host: Host;
  #count = 0;

  constructor(host: Host) {
    this.#host = host;
  }

  /** Undefined where there are no groups: an image, or a system without systemd. */
  read(): Activity | undefined {
    const root = roots.find((path) => this.#host.list(kind, path).some((name) => name.endsWith('.slice')));
    if (root === undefined) return undefined;
    this.#descend(root, this.system, 0);
    this.#host.report(kind, root, this.#count, this.#count > mostGroups ? 'size-limit' : undefined);
    return this;
  }

  #descend(folder: string, units: Map<string, string>, depth: number): void {
    if (depth > mostDepth) return;
    const { names, kinds } = this.#host.listFolder(kind, folder);
    for (const name of names) {
      const unit = kinds.get(name) === 'folder' ? parseUnitName(name) : undefined;
      if (unit === undefined) continue;
      this.#count += 1;
      if (this.#count > mostGroups) return;
      const path = join(folder, name);
      const user = /^user@(\d{1,10})\.service$/.exec(name)?.[1];
      if (unit.type === 'slice') this.#descend(path, units, depth + 1);
      else if (unit.type === 'service' && this.#hasProcesses(path)) units.set(name, path);
      // Units of a user are below the one that manages them; what other services have below them are no units.
      if (user !== undefined) this.#descend(path, this.#unitsOf(Number(user)), depth + 1);
    }
  }

  #unitsOf(uid: number): Map<string, string> {
    const units = this.users.get(uid) ?? new Map<string, string>();
    this.users.set(uid, units);
    return units;
  }

  #hasProcesses(path: string): boolean {
    const events = this.#host.readKernel(join(path, 'cgroup.events'));
    if (events.state === 'read') return /^populated 1$/m.test(events.text);
    const processes = this.#host.readKernel(join(path, 'cgroup.procs'));
    return processes.state === 'read' && processes.text !== '';
  }
}

export function readActivity(host: Host): Activity | undefined {
  return new GroupReader(host).read();
}
