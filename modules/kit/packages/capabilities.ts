/** Capabilities of program files: how packages write them, and how file systems keep them. @see cap_from_text(3), capabilities(7) */

import { capabilityNames } from '../capability-names.ts';

/** `effective` is one bit for all. */
interface Sets {
  permitted: bigint;
  inheritable: bigint;
  effective: boolean;
}

function toBits(list: string): bigint | undefined {
  if (list === '' || list === 'all') return (1n << BigInt(capabilityNames.length)) - 1n;
  let bits = 0n;
  for (const name of list.split(',')) {
    const number = capabilityNames.indexOf(name.replace(/^cap_/, ''));
    if (number < 0) return undefined;
    bits |= 1n << BigInt(number);
  }
  return bits;
}

/** Undefined for what is no such text. @param text `cap_net_raw=ep`, `= cap_net_raw+ep`, or empty for none. */
function parseText(text: string): Sets | undefined {
  const sets: Sets = { permitted: 0n, inheritable: 0n, effective: false };
  for (const clause of text.split(/\s+/).filter((one) => one !== '' && one !== '=')) {
    const [, list = '', operator, letters = ''] = /^([a-z_,0-9]*)([=+-])([eip]*)$/.exec(clause.toLowerCase()) ?? [];
    const bits = toBits(list);
    if (operator === undefined || bits === undefined) return undefined;
    const change = (set: bigint, letter: string): bigint => {
      const has = letters.includes(letter);
      if (operator === '-') return has ? set & ~bits : set;
      return has ? set | bits : operator === '=' ? set & ~bits : set;
    };
    sets.permitted = change(sets.permitted, 'p');
    sets.inheritable = change(sets.inheritable, 'i');
    if (letters.includes('e')) sets.effective = operator !== '-';
  }
  return sets;
}

/** Undefined for an unknown version. */
function parseValue(value: Buffer): Sets | undefined {
  if (value.length === 0) return { permitted: 0n, inheritable: 0n, effective: false };
  if (value.length < 12) return undefined;
  const magic = value.readUInt32LE(0);
  const words = { 1: 1, 2: 2, 3: 2 }[magic >>> 24];
  if (words === undefined || value.length < 4 + words * 8) return undefined;
  const sets: Sets = { permitted: 0n, inheritable: 0n, effective: (magic & 1) !== 0 };
  for (let word = 0; word < words; word += 1) {
    sets.permitted |= BigInt(value.readUInt32LE(4 + word * 8)) << BigInt(word * 32);
    sets.inheritable |= BigInt(value.readUInt32LE(8 + word * 8)) << BigInt(word * 32);
  }
  return sets;
}

/** Undefined when one of both cannot be read. @param value of the attribute `security.capability`, empty for none. */
export function hasCapabilities(value: Buffer, text: string): boolean | undefined {
  const [is, should] = [parseValue(value), parseText(text)];
  if (is === undefined || should === undefined) return undefined;
  return (
    is.permitted === should.permitted && is.inheritable === should.inheritable && is.effective === should.effective
  );
}
