/** Files of groups with keys: of the desktop, of D-Bus, of pacman. @see Desktop Entry Specification, basic format */

export interface KeyLine {
  readonly line: number;
  readonly group: string;
  readonly key: string;
  readonly value: string;
}

/** What is before the first group has the group of an empty name. */
export function* parseKeyFile(text: string): Generator<KeyLine> {
  let [line, group] = [0, ''];
  for (const whole of text.split('\n')) {
    line += 1;
    const entry = whole.trim();
    if (entry === '' || entry.startsWith('#') || entry.startsWith(';')) continue;
    if (entry.startsWith('[') && entry.endsWith(']')) group = entry.slice(1, -1);
    else {
      const equals = entry.indexOf('=');
      if (equals > 0)
        yield { line, group, key: entry.slice(0, equals).trimEnd(), value: entry.slice(equals + 1).trimStart() };
    }
  }
}

/** The first value of each key in a group, with its line. */
export class KeyGroup {
  readonly #lines = new Map<string, KeyLine>();

  constructor(lines: Iterable<KeyLine>, group: string) {
    for (const line of lines) if (line.group === group && !this.#lines.has(line.key)) this.#lines.set(line.key, line);
  }

  line(key: string): KeyLine | undefined {
    return this.#lines.get(key);
  }

  value(key: string): string | undefined {
    return this.#lines.get(key)?.value;
  }
}
