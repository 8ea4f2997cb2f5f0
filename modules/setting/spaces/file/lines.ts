/** Files of one value a line: sections of ini files, assignments of a shell, Java's properties. */
import { type DocumentValue, type SettingDocument, unreadable } from './document.ts';
import type { Step } from './path-expression.ts';

interface Entry {
  readonly section: string;
  readonly name: string;
  readonly value: string;
  readonly line: number;
}

/** Of several lines for one name the last counts, as most readers of such files have it. */
class LineDocument implements SettingDocument {
  readonly #byName = new Map<string, Entry>();
  readonly entries: number;

  constructor(entries: readonly Entry[]) {
    this.entries = entries.length;
    for (const entry of entries) this.#byName.set(JSON.stringify([entry.section, entry.name]), entry);
  }

  /** The last step is the name, those ahead of it the section. */
  find(steps: readonly Step[]): DocumentValue | undefined {
    const section = steps.slice(0, -1).join('.');
    const found = this.#byName.get(JSON.stringify([section, String(steps.at(-1))]));
    return found === undefined ? undefined : { value: found.value, line: found.line };
  }
}

function trimmedLines(text: string): string[] {
  return text.split('\n').map((line) => line.trim());
}

/** Without the quotes around it. */
function unquote(value: string): string {
  const quote = value[0];
  const isQuoted = value.length > 1 && (quote === '"' || quote === "'") && value.endsWith(quote);
  return isQuoted ? value.slice(1, -1) : value;
}

function splitAssignment(line: string, separators: RegExp): readonly [name: string, value: string] | undefined {
  const at = line.search(separators);
  return at <= 0 ? undefined : [line.slice(0, at).trimEnd(), line.slice(at + 1).trimStart()];
}

/** `[section]`, then `name = value` or `name: value`; `#` and `;` begin comments at the start of a line alone. */
export function parseIni(text: string): SettingDocument {
  const entries: Entry[] = [];
  let section = '';
  for (const [index, line] of trimmedLines(text).entries()) {
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue;
    if (line.startsWith('[') && line.endsWith(']')) {
      section = line.slice(1, -1).trim();
      continue;
    }
    // A name alone stands for itself.
    const [name, value] = splitAssignment(line, /[=:]/) ?? [line, ''];
    entries.push({ section, name, value: unquote(value), line: index + 1 });
  }
  return new LineDocument(entries);
}

/** What a shell assigns; undefined when it would have to be asked. */
function toAssigned(written: string): string | undefined {
  // A home of somebody.
  if (written.startsWith('~')) return undefined;
  let [value, rest] = ['', written];
  while (rest !== '' && !/^\s/.test(rest)) {
    const [whole = '', single, double, plain] =
      /^(?:'([^']*)'|"((?:[^"\\$`]|\\[\s\S])*)"|((?:[^\s'"\\$`;&|<>()]|\\[\s\S])+))/.exec(rest) ?? [];
    if (whole === '') return undefined;
    value +=
      single ??
      double?.replaceAll(/\\([\\"$`])/g, '$1').replaceAll('\\\n', '') ??
      plain?.replaceAll(/\\([\s\S])/g, '$1') ??
      '';
    rest = rest.slice(whole.length);
  }
  return /^\s*(?:#[\s\S]*)?$/.test(rest) ? value : undefined;
}

/** `NAME=value` as a shell reads it, with `export` ahead or not. A value that a shell would work out is undecided. */
class ShellDocument implements SettingDocument {
  readonly #document: LineDocument;
  readonly #undecided: ReadonlySet<string>;
  readonly entries: number;

  constructor(text: string) {
    const found = text.split('\n').flatMap((line, index) => {
      const [, name, written] = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)=([\s\S]*)$/.exec(line) ?? [];
      return name === undefined || written === undefined
        ? []
        : [{ section: '', name, value: toAssigned(written), line: index + 1 }];
    });
    const last = new Map(found.map((entry) => [entry.name, entry]));
    this.#undecided = new Set([...last.values()].filter(({ value }) => value === undefined).map(({ name }) => name));
    this.#document = new LineDocument(found.map((entry) => ({ ...entry, value: entry.value ?? '' })));
    this.entries = found.length;
  }

  find(steps: readonly Step[]): DocumentValue | undefined {
    if (this.#undecided.has(steps.join('.'))) throw unreadable('undecided', 'a value that needs no shell');
    return this.#document.find(steps);
  }
}

export function parseShell(text: string): SettingDocument {
  return new ShellDocument(text);
}

function unescapeProperty(text: string): string {
  const letters: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', f: '\f' };
  return text.replaceAll(
    /\\(?:u([\da-fA-F]{4})|([\s\S]))/g,
    (_, hex: string | undefined, letter: string | undefined) =>
      hex === undefined ? (letters[letter ?? ''] ?? letter ?? '') : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

/** Java's properties. @see java.util.Properties#load */
export function parseProperties(text: string): SettingDocument {
  const entries: Entry[] = [];
  const lines = text.split(/\r\n|\n|\r/);
  for (let index = 0; index < lines.length; index += 1) {
    const line = index + 1;
    let logical = (lines[index] ?? '').trimStart();
    if (logical === '' || logical.startsWith('#') || logical.startsWith('!')) continue;
    const parts: string[] = [];
    while (/(?<!\\)(?:\\\\)*\\$/.test(logical) && index + 1 < lines.length) {
      parts.push(logical.slice(0, -1));
      index += 1;
      logical = (lines[index] ?? '').trimStart();
    }
    const whole = [...parts, logical].join('');
    const [, name = '', value = ''] = /^((?:[^\\=:\s]|\\[\s\S]?)*)\s*[=:]?\s*([\s\S]*)$/.exec(whole) ?? [];
    entries.push({ section: '', name: unescapeProperty(name), value: unescapeProperty(value), line });
  }
  return new LineDocument(entries);
}
