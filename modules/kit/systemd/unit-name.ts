/** Names of units. @see systemd.unit(5) */

const unitTypes = [
  'service',
  'socket',
  'target',
  'device',
  'mount',
  'automount',
  'swap',
  'timer',
  'path',
  'slice',
  'scope',
] as const;
export type UnitType = (typeof unitTypes)[number];

export interface UnitName {
  readonly name: string;
  /** What stands before `@`, or before the type. */
  readonly prefix: string;
  readonly type: UnitType;
  /** `template`: `getty@.service`; `instance`: `getty@tty1.service`. */
  readonly form: 'plain' | 'template' | 'instance';
  /** Empty unless the form is `instance`. */
  readonly instance: string;
}

const syntax = /^([A-Za-z0-9:_.\\-]+)(?:@([A-Za-z0-9:_.\\@-]*))?\.([a-z]+)$/;
const mostCharacters = 255;
const aliasable: ReadonlySet<UnitType> = new Set(['service', 'socket', 'target', 'device', 'timer', 'path']);
const templatable: ReadonlySet<UnitType> = new Set(['service', 'socket', 'target', 'timer', 'path']);

function toUnitType(text: string): UnitType | undefined {
  return unitTypes.find((type) => type === text);
}

/** Undefined for what systemd takes for no name of a unit. */
export function parseUnitName(name: string): UnitName | undefined {
  const [, prefix, instance, last = ''] = syntax.exec(name) ?? [];
  const type = toUnitType(last);
  if (prefix === undefined || type === undefined || name.length > mostCharacters) return undefined;
  const form = instance === undefined ? 'plain' : instance === '' ? 'template' : 'instance';
  return { name, prefix, type, form, instance: instance ?? '' };
}

/** `getty@.service` of `getty@tty1.service`; undefined for a plain name. */
export function toTemplateName({ prefix, type, form }: UnitName): string | undefined {
  return form === 'plain' ? undefined : `${prefix}@.${type}`;
}

/** `getty@tty1.service` of `getty@.service` and `tty1`. */
export function toInstanceName({ prefix, type }: UnitName, instance: string): string {
  return `${prefix}@${instance}.${type}`;
}

/** Whether units of the type may have templates. */
export function mayHaveTemplates(type: UnitType): boolean {
  return templatable.has(type);
}

/** Whether units of the type may have other names. */
export function mayHaveAliases(type: UnitType): boolean {
  return aliasable.has(type);
}

/** Whether a link of this name in a folder of units makes it another name of the other. */
export function mayBeAlias(alias: UnitName, of: UnitName): boolean {
  const isFitting = alias.form === of.form || (alias.form === 'instance' && of.form === 'template');
  const isSameInstance = of.form !== 'instance' || alias.instance === of.instance;
  const isAllowed = aliasable.has(alias.type) && (alias.form === 'plain' || templatable.has(alias.type));
  return isAllowed && isFitting && isSameInstance && alias.type === of.type;
}
