/** Specifiers in the values of units, as far as the name of the unit decides them. @see systemd.unit(5), Specifiers */
import type { UnitName } from './unit-name.ts';

/** `-` stands for a slash, and `\x2d` for a byte. */
function unescapeName(text: string): string {
  return text
    .replaceAll('-', '/')
    .replaceAll(/\\x([0-9a-fA-F]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}

/** Undefined when there are others in it. A template keeps those of its instance. */
export function expandSpecifiers(text: string, { name, prefix, type, form, instance }: UnitName): string | undefined {
  if (!text.includes('%')) return text;
  const last = prefix.slice(prefix.lastIndexOf('-') + 1);
  const known: Readonly<Record<string, string | undefined>> = {
    '%': '%',
    n: name,
    N: name.slice(0, -type.length - 1),
    p: prefix,
    P: unescapeName(prefix),
    j: last,
    J: unescapeName(last),
    i: form === 'template' ? undefined : instance,
    I: form === 'template' ? undefined : unescapeName(instance),
    f: `/${unescapeName(form === 'instance' ? instance : prefix).replace(/^\/+/, '')}`,
  };
  let isKnown = true;
  const expanded = text.replaceAll(/%(.)/g, (whole, letter: string) => {
    const value = known[letter];
    isKnown &&= value !== undefined;
    return value ?? whole;
  });
  return isKnown ? expanded : undefined;
}
