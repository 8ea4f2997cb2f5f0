/** Byte strings of parameters: `4d5a??00`. */

/** Hex pairs and `??`, without blanks; undefined when malformed or without a known byte. */
export function parseBytes(text: string): string | undefined {
  const pairs = text.replaceAll(/\s/g, '');
  return /^(?:[0-9a-f]{2}|\?\?){1,4096}$/i.test(pairs) && /[0-9a-f]/i.test(pairs) ? pairs : undefined;
}
