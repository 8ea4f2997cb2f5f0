/** Which units start which others: what a boot reaches, and what timers, sockets and paths wait for. */

import type { EffectiveUnit, Units } from '../../kit/systemd/effective-unit.ts';
import { expandSpecifiers } from '../../kit/systemd/specifiers.ts';
import { parseUnitName, toTemplateName, type UnitType } from '../../kit/systemd/unit-name.ts';
import { splitUnitWords } from '../../kit/systemd/unit-words.ts';

const pulling = ['Wants', 'Requires', 'BindsTo', 'Upholds'];
/** Every unit with default dependencies needs the second. */
const roots = ['default.target', 'sysinit.target', 'basic.target'];

/** Where a unit that waits names the one that it starts. */
const activations: Readonly<Partial<Record<UnitType, readonly [section: string, key: string, type: UnitType]>>> = {
  timer: ['Timer', 'Unit', 'service'],
  path: ['Path', 'Unit', 'service'],
  socket: ['Socket', 'Service', 'service'],
  automount: ['Automount', 'Unit', 'mount'],
};

/** The unit that a timer, socket, path or automount starts; undefined for other types. */
export function activatedBy(unit: EffectiveUnit): string | undefined {
  const { prefix, type, instance, form } = unit.name;
  const activation = activations[type];
  if (activation === undefined) return undefined;
  const [section, key, ofType] = activation;
  const named = unit.value(section, key)?.value;
  if (named !== undefined) return expandSpecifiers(named, unit.name) ?? named;
  // Each connection has a service of its own.
  const isTemplate = type === 'socket' && /^(?:1|yes|y|true|t|on)$/i.test(unit.value('Socket', 'Accept')?.value ?? '');
  return form === 'plain' ? `${prefix}${isTemplate ? '@' : ''}.${ofType}` : `${prefix}@${instance}.${ofType}`;
}

export class UnitGraph {
  readonly #units: Units;
  readonly #pulls = new Map<string, Set<string>>();
  /** Units that wait, by what they start. */
  readonly #waiting = new Map<string, string[]>();
  readonly #reached = new Set<string>();
  readonly #loaded = new Map<string, EffectiveUnit | undefined>();

  constructor(units: Units) {
    this.#units = units;
    for (const { pulls } of units.files.folders) for (const { by, name } of pulls) this.#addPull(by, name);
    const names = new Set([...units.names(), ...this.instances()]);
    for (const name of names) this.#addUnit(this.load(name));
    for (const root of roots) this.#reach(root);
  }

  /** Instances of templates that a link starts. */
  instances(): readonly string[] {
    const pulled = this.#units.files.folders.flatMap(({ pulls }) => pulls.map(({ name }) => name));
    return [...new Set(pulled)].filter((name) => parseUnitName(name)?.form === 'instance').sort();
  }

  load(name: string): EffectiveUnit | undefined {
    if (!this.#loaded.has(name)) this.#loaded.set(name, this.#units.load(name));
    return this.#loaded.get(name);
  }

  /** The unit's own name, for an alias. */
  #toOwn(name: string): string {
    const found = this.#units.find(name);
    return found.kind === 'regular' ? found.name.name : name;
  }

  #addPull(by: string, name: string): void {
    const own = this.#toOwn(by);
    const pulled = this.#pulls.get(own) ?? new Set();
    this.#pulls.set(own, pulled.add(this.#toOwn(name)));
  }

  #addUnit(unit: EffectiveUnit | undefined): void {
    if (unit === undefined) return;
    for (const key of pulling)
      for (const { value } of unit.values('Unit', key))
        for (const word of splitUnitWords(value))
          this.#addPull(unit.name.name, expandSpecifiers(word, unit.name) ?? word);
    const activated = activatedBy(unit);
    if (activated === undefined) return;
    const own = this.#toOwn(activated);
    this.#waiting.set(own, [...(this.#waiting.get(own) ?? []), unit.name.name]);
  }

  #reach(root: string): void {
    const open = [this.#toOwn(root)];
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      if (this.#reached.has(name)) continue;
      this.#reached.add(name);
      const parsed = parseUnitName(name);
      const template = parsed === undefined ? undefined : toTemplateName(parsed);
      open.push(...(this.#pulls.get(name) ?? []), ...(this.#pulls.get(template ?? '') ?? []));
    }
  }

  /** Whether a boot starts it, or a login where the units are those of a user. */
  isReached(name: string): boolean {
    return this.#reached.has(this.#toOwn(name));
  }

  /** Timers, sockets, paths and automounts that start it. */
  waitingFor(name: string): readonly string[] {
    return this.#waiting.get(name) ?? [];
  }

  /** Whether it starts without being asked for by hand: now, or when something happens. */
  startsByItself(name: string): boolean {
    return this.isReached(name) || this.waitingFor(name).some((one) => this.isReached(one));
  }
}
