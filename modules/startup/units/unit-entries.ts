/** The entries of the units of one search path: one for each file and command of a unit. */
import { join } from 'node:path';
import type { Host } from '../../kit/files/host.ts';
import type { EffectiveUnit, Units } from '../../kit/systemd/effective-unit.ts';
import { parseUnitName, type UnitType } from '../../kit/systemd/unit-name.ts';
import type { UnitState } from '../../kit/systemd/unit-state.ts';
import type { Kind, StartupEntry, State } from '../entry.ts';
import { commandsOf, type UnitCommand } from './unit-commands.ts';
import { activatedBy, UnitGraph } from './unit-graph.ts';

const kinds: Readonly<Record<UnitType, Kind>> = {
  service: 'service',
  timer: 'timer',
  socket: 'socket',
  path: 'path',
  mount: 'mount',
  automount: 'mount',
  swap: 'mount',
  target: 'target',
  slice: 'target',
  scope: 'target',
  device: 'target',
};

/** What a unit waits for, by section: keys are told as they are written. */
const schedules: Readonly<Partial<Record<UnitType, { readonly section: string; readonly key: RegExp }>>> = {
  timer: { section: 'Timer', key: /^On[A-Z]/ },
  socket: { section: 'Socket', key: /^Listen[A-Z]/ },
  path: { section: 'Path', key: /^(?:Path|Directory)[A-Z]/ },
};
const mostScheduleLetters = 1000;

/** These end with their work: that nothing of them runs says nothing. */
const shortLived = /^oneshot$/;

/** The manager whose units they are, and what is known of them now. */
export interface UnitScope {
  /** When those are started that it starts first. */
  readonly first: 'boot' | 'login';
  /** As whom they run without a setting of their own; undefined for the units of all users. */
  readonly user: string | undefined;
  /** Groups of processes by unit; undefined when that is not known. */
  readonly running: ReadonlyMap<string, string> | undefined;
  /** When systemd read its units, since 1970; undefined when that is not known. */
  readonly readMs: number | undefined;
  /** Which are listed; undefined for all. */
  readonly isMeant?: (name: string, path: string) => boolean;
}

export class UnitEntries {
  readonly #host: Host;
  readonly #units: Units;
  readonly #graph: UnitGraph;
  readonly #scope: UnitScope;

  constructor(host: Host, units: Units, scope: UnitScope) {
    this.#host = host;
    this.#units = units;
    this.#scope = scope;
    this.#graph = new UnitGraph(units);
  }

  *list(): Generator<StartupEntry> {
    const running = [...(this.#scope.running?.keys() ?? [])];
    const names = new Set([...this.#units.names(), ...this.#graph.instances(), ...running]);
    const { isMeant = () => true } = this.#scope;
    for (const name of [...names].sort())
      for (const entry of this.#entriesOf(name)) if (isMeant(name, entry.path)) yield entry;
  }

  *#entriesOf(name: string): Generator<StartupEntry> {
    const type = parseUnitName(name)?.type;
    if (type === undefined) return;
    const state = this.#units.stateOf(name);
    const folder = this.#units.files.findFolder(name);
    const unit = state === 'alias' ? undefined : this.#graph.load(name);
    const trigger = this.#triggerOf(name, type);
    const common = { kind: kinds[type], name, trigger };
    if (unit !== undefined) {
      yield* this.#entriesOfUnit(unit, { ...common, states: this.#statesOf(unit, name, state) });
      return;
    }
    const group = this.#scope.running?.get(name);
    const path = folder === undefined ? group : join(folder.path, name);
    if (path === undefined) return;
    const added: State[] = group === undefined ? [] : state === 'alias' ? ['running'] : ['running', 'stray'];
    yield { ...common, path, states: state === null ? null : [state, ...added] };
  }

  *#entriesOfUnit(unit: EffectiveUnit, common: Omit<StartupEntry, 'path'>): Generator<StartupEntry> {
    const commands = this.#commandsOf(unit);
    const user = this.#userOf(unit);
    const schedule = scheduleOf(unit);
    const all = { ...common, ...(user === undefined ? {} : { user }), ...(schedule === undefined ? {} : { schedule }) };
    for (const path of [unit.path, ...unit.dropIns]) {
      const overrides = path === unit.path && unit.dropIns.length > 0 ? { overrides: unit.dropIns } : {};
      const own = commands.filter((one) => one.path === path);
      for (const command of own) yield { ...all, ...command, ...overrides };
      if (own.length === 0) yield { ...all, path, ...overrides, ...this.#whatStarts(unit) };
    }
  }

  #commandsOf(unit: EffectiveUnit): readonly UnitCommand[] {
    return commandsOf(this.#host, unit);
  }

  /** The command of the service that a timer, socket or path starts. */
  #whatStarts(unit: EffectiveUnit): Pick<StartupEntry, 'command' | 'target'> {
    const service = activatedBy(unit);
    const activated = service === undefined ? undefined : this.#graph.load(service);
    const [main] = activated === undefined ? [] : this.#commandsOf(activated);
    if (main === undefined) return {};
    return { command: main.command, ...(main.target === undefined ? {} : { target: main.target }) };
  }

  #userOf(unit: EffectiveUnit): string | undefined {
    if (unit.name.type !== 'service') return undefined;
    const set = unit.value('Service', 'User')?.value;
    return this.#scope.first === 'boot' && set !== undefined ? set : this.#scope.user;
  }

  #triggerOf(name: string, type: UnitType): StartupEntry['trigger'] {
    if (type === 'timer') return 'timer';
    if (type === 'socket' || type === 'path' || type === 'automount') return 'event';
    if (this.#graph.isReached(name)) return this.#scope.first;
    return this.#graph.waitingFor(name).some((one) => one.endsWith('.timer')) ? 'timer' : 'event';
  }

  #statesOf(unit: EffectiveUnit, name: string, state: UnitState | null): StartupEntry['states'] {
    if (state === null) return null;
    const isRunning = this.#scope.running?.has(name) ?? false;
    const startsAgain = this.#graph.startsByItself(name);
    const added: State[] = [];
    if (isRunning) added.push('running');
    if (isRunning && !startsAgain && isStray(unit, state)) added.push('stray');
    if (!isRunning && this.#scope.running !== undefined && this.#isMissed(unit)) added.push('idle');
    const isMade = state === 'transient' || state === 'generated';
    if ((isRunning || startsAgain) && !isMade && this.#isStale(unit)) added.push('stale');
    return [state, ...added];
  }

  /** Whether a process of it is to be expected. */
  #isMissed(unit: EffectiveUnit): boolean {
    const { name } = unit;
    if (name.type !== 'service' || name.form === 'template' || !this.#graph.isReached(name.name)) return false;
    const hasCommand = unit.values('Service', 'ExecStart').length > 0;
    return hasCommand && !shortLived.test(unit.value('Service', 'Type')?.value ?? 'simple');
  }

  #isStale(unit: EffectiveUnit): boolean {
    const { readMs } = this.#scope;
    if (readMs === undefined) return false;
    return [unit.path, ...unit.dropIns].some((path) => {
      const found = this.#host.status('systemd', path);
      return found.state === 'there' && found.status.touchedMs > readMs;
    });
  }
}

/** A disabled one was started by hand; a static one by another unit, by D-Bus or by a device. */
function isStray(unit: EffectiveUnit, state: UnitState): boolean {
  return unit.name.type === 'service' && ['disabled', 'transient', 'linked', 'linked-runtime'].includes(state);
}

function scheduleOf(unit: EffectiveUnit): string | undefined {
  const { section, key } = schedules[unit.name.type] ?? {};
  if (section === undefined || key === undefined) return undefined;
  const set = unit.allOf(section).filter((one) => key.test(one.key));
  const text = set.map((one) => `${one.key}=${one.value}`).join(' ');
  return text === '' ? undefined : text.slice(0, mostScheduleLetters);
}
