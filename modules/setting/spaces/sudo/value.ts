/** What lines of `Defaults` make of one name, in their order. @see sudoers(5) */
import type { DefaultsSetting } from '../../../kit/sudo/syntax.ts';
import type { KnownValue, Place } from '../../key-space.ts';
import { setTo, unset } from '../found.ts';
import type { DefaultsName } from './names.ts';

export interface PlacedSetting {
  readonly setting: DefaultsSetting;
  readonly from: Place;
}

interface ListChange {
  readonly kind: 'off' | 'set' | 'add' | 'remove';
  readonly words: readonly string[];
  readonly from: Place;
}

/** `off` is only known of names that can be. */
const whenOff: Readonly<Partial<Record<DefaultsName['form'], string>>> = {
  flag: 'no',
  choice: 'no',
  number: '0',
  mask: '0777',
};

const valid: Readonly<Partial<Record<DefaultsName['form'], RegExp>>> = {
  number: /^-?\d+(?:\.\d*)?$|^(?:\d+[dhms])+$/i,
  mask: /^[0-7]+$/,
  path: /^\//,
  place: /^[/~*]/,
};

/** Null for a line without effect: sudo leaves it out. */
function toScalar({ form, canBeOff }: DefaultsName, { setting, from }: PlacedSetting): KnownValue | null {
  if (setting.kind === 'on') return form === 'flag' || form === 'choice' ? setTo('yes', from) : null;
  if (setting.kind === 'off') {
    if (!canBeOff) return null;
    const value = whenOff[form];
    return value === undefined ? unset : setTo(value, from);
  }
  if (setting.kind !== 'set' || form === 'flag' || valid[form]?.test(setting.value) === false) return null;
  return setTo(setting.value, from);
}

/** What a line says of a list; null for one without effect. */
function toChange({ setting, from }: PlacedSetting): ListChange | null {
  if (setting.kind === 'on') return null;
  const words = 'value' in setting ? setting.value.split(/[ \t]+/).filter((word) => word !== '') : [];
  return { kind: setting.kind, words, from };
}

/** The compiled-in values are unknown until a line replaces them. */
function toList(changes: readonly ListChange[]): KnownValue {
  const values = new Set<string>();
  let isWhole = false;
  for (const { kind, words } of changes) {
    if (kind === 'off' || kind === 'set') {
      values.clear();
      isWhole = true;
    }
    for (const word of words)
      if (kind === 'remove') values.delete(word);
      else values.add(word);
  }
  if (values.size === 0) return isWhole ? unset : { state: 'unset', hasDefault: true };
  const found = setTo([...values], changes.at(-1)?.from);
  return isWhole || found.state !== 'set' ? found : { ...found, mayHaveMore: true };
}

/** @param lines about this name, those that count later behind. */
export function toValue(name: DefaultsName, lines: readonly PlacedSetting[]): KnownValue {
  if (name.form === 'list') return toList(lines.flatMap((line) => toChange(line) ?? []));
  const values = lines.map((line) => toScalar(name, line));
  return values.findLast((value) => value !== null) ?? { state: 'unset', hasDefault: true };
}
