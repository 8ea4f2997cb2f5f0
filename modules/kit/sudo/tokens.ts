/**
 * Words of a sudoers file. At each place the longest form wins, and of equally long ones the first, as in sudo's own
 * lexer: `ALL` is a keyword, `ALLOW` an alias, `10.0.0.0/8` a network, `/bin/ls` a command.
 */

export type TokenKind =
  | 'end'
  | 'punctuation'
  | 'not'
  | 'all'
  | 'alias'
  | 'word'
  | 'group'
  | 'netgroup'
  | 'address'
  | 'command'
  | 'tag'
  | 'option'
  | 'digest'
  | 'aliases'
  | 'defaults'
  | 'include'
  | 'setting'
  | 'unknown';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly line: number;
}

const octet = '(?:1?[0-9]{1,2}|2[0-4][0-9]|25[0-5])';
const ipv4 = `${octet}(?:\\.${octet}){3}`;
const ipv6 = `(?:(?:[\\da-fA-F]{0,4}:){2,7}[\\da-fA-F]{0,4}|(?:[\\da-fA-F]{0,4}:){2,6}:${ipv4})`;
const word = '(?:[^#>!=:,() \\t\\r\\n\\\\"]|\\\\[^\\t\\n])+';
const id = '#-?\\d+';
const path = '/(?:\\\\[,:= \\t#]|[^,:=\\\\ \\t\\r\\n#])+';
const regex = '\\^(?:[^#\\r\\n$]|\\\\[#$])*\\$';
const tag = '(?:NO)?(?:PASSWD|EXEC|INTERCEPT|SETENV|LOG_OUTPUT|LOG_INPUT|MAIL|FOLLOW)[ \\t]*:';
const options = 'TIMEOUT|NOTBEFORE|NOTAFTER|CWD|CHROOT|ROLE|TYPE|APPARMOR_PROFILE|PRIVS|LIMITPRIVS';

type Forms = readonly (readonly [TokenKind | 'string' | 'args', RegExp])[];

function forms(table: Readonly<Record<string, string>>): Forms {
  return Object.entries(table).map(([kind, source]) => [
    kind.replace(/\d$/, '') as TokenKind | 'string' | 'args',
    new RegExp(source, 'y'),
  ]);
}

const general = {
  tag,
  netgroup: `\\+${word}`,
  group: `%:?(?:${word}|${id})`,
  address: `${ipv4}(?:/(?:${ipv4}|[12]?\\d|3[0-2]))?`,
  address2: `${ipv6}(?:/(?:${ipv6}|\\d{1,3}))?`,
  all: 'ALL',
  option: options,
  alias: '[A-Z][A-Z0-9_]*',
  digest: 'sha(?:224|256|384|512)[ \\t]*:[ \\t]*[\\da-zA-Z+/=]+',
  args: `sudoedit|${path}|${regex}`,
  string: '"',
  word: `${id}|${word}`,
  punctuation: '[(),:=]',
  not: '!+',
  end: '\\r?\\n|#(?:-[^\\r\\n0-9].*|[^\\r\\n0-9-].*)?(?:\\r?\\n|$)',
  unknown: '[\\s\\S]',
};

const byState = {
  general: forms(general),
  /** The file or folder behind an include. */
  include: forms({ string: '"', word: '[^\\s"](?:\\\\[ \\t]|\\S)*', end: general.end, unknown: '[\\s\\S]' }),
  /** Members behind Defaults: a path has no arguments here. */
  members: forms(general).map(([kind, form]) => [kind === 'args' ? 'command' : kind, form] as const),
  /** Names of settings. */
  settings: forms({ setting: '[a-z_]+', not: '!+', punctuation: ',', end: general.end, unknown: '[\\s\\S]' }),
  /** What is behind the name of a setting. */
  value: forms({
    punctuation: ',|[-+]?=',
    string: '"',
    word: '(?:[^#!=, \\t\\r\\n\\\\"]|\\\\[^\\r\\n])(?:[^#=, \\t\\r\\n\\\\"]|\\\\[^\\r\\n])*',
    end: general.end,
    unknown: '[\\s\\S]',
  }),
  /** The value of an option is a path without arguments or a word. */
  option: forms({ ...general, args: '(?!)', alias: '(?!)', all: '(?!)', word: `${path}|${word}` }),
} as const;

export type LexerState = keyof typeof byState | 'start';

/** Before anything else at the start of a line. */
const beginnings = forms({
  include: '@include(?:dir)?(?=[ \\t"])|#include(?:dir)?(?=[ \\t])',
  defaults: 'Defaults(?:[:@>!]|(?=[ \\t\\r\\n]|$))',
  aliases: '(?:Host|Cmnd|Cmd|User|Runas)_Alias(?!\\w)',
});

/** Blanks, and lines that a backslash continues. */
const blanks = /(?:[ \t]|\\[ \t]*\r?\n)*/y;
/** Pieces of a command's arguments. */
const argument = /\\[*?[\]!^:\\,= \t#]|[^#\\:, \t\r\n]+/y;
const argumentPattern = /\^(?:\\[^\r\n]|[^#\\\r\n$])*\$/y;

export class Lexer {
  readonly #text: string;
  #at = 0;
  #line = 1;

  constructor(text: string) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  get line(): number {
    return this.#line;
  }

  next(state: LexerState): Token {
    this.#take(blanks);
    const line = this.#line;
    if (this.isAtEnd) return { kind: 'end', text: '', line };
    const found =
      (state === 'start' ? this.#longest(beginnings) : undefined) ??
      this.#longest(byState[state === 'start' ? 'general' : state]);
    const { kind, text } = found ?? { kind: 'unknown', text: '' };
    this.#skip(text);
    if (kind === 'string') return this.#string(line);
    if (kind === 'args') return { kind: 'command', text: unescapePath(text) + this.#arguments(text), line };
    // The sign of a group or netgroup alone.
    return { kind: /^(?:%:?|\+)$/.test(text) ? 'unknown' : kind, text, line };
  }

  /** To the end of a malformed line, continued lines included. */
  skipLine(): void {
    this.#take(/(?:\\[ \t]*\r?\n|[^\n])*\n?/y);
  }

  #longest(table: Forms): { readonly kind: Forms[number][0]; readonly text: string } | undefined {
    let best: { readonly kind: Forms[number][0]; readonly text: string } | undefined;
    for (const [kind, form] of table) {
      const text = this.#match(form);
      if (text !== undefined && text.length > (best?.text.length ?? 0)) best = { kind, text };
    }
    return best;
  }

  #match(form: RegExp): string | undefined {
    form.lastIndex = this.#at;
    return form.exec(this.#text)?.[0];
  }

  #skip(text: string): void {
    this.#at += text.length;
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) this.#line += 1;
  }

  #take(form: RegExp): string {
    const text = this.#match(form) ?? '';
    this.#skip(text);
    return text;
  }

  #string(line: number): Token {
    const body = this.#take(/(?:\\"|\\[ \t]*\r?\n[ \t]*|\\|[^"\r\n\\])*/y);
    const isClosed = this.#take(/"/y) !== '';
    const text = body.replaceAll('\\"', '"').replaceAll(/\\[ \t]*\r?\n[ \t]*/g, '');
    if (!isClosed || /^(?:%:?|\+)?$/.test(text)) return { kind: 'unknown', text, line };
    const kind = text.startsWith('%') ? 'group' : text.startsWith('+') ? 'netgroup' : 'word';
    // What stands in quotes is no escape.
    return { kind, text: text.replaceAll('\\', '\\\\'), line };
  }

  /** With one blank between two. A folder has none. */
  #arguments(command: string): string {
    if (command.endsWith('/')) return '';
    let found = '';
    for (;;) {
      const gap = this.#take(blanks);
      const pattern = found === '' ? this.#take(argumentPattern) : '';
      const piece = pattern === '' ? this.#take(argument) : pattern;
      if (piece === '') return found;
      const isEscaped = /^\\[:\\,= \t#]$/.test(piece);
      found += `${gap === '' ? '' : ' '}${isEscaped ? piece.slice(1) : piece}`;
      if (pattern !== '') return found;
    }
  }
}

function unescapePath(text: string): string {
  return text.replaceAll(/\\([,:= \t#])/g, '$1');
}

/** The text of a word: `\x2c` and `\,` are a comma. */
export function unescapeWord(text: string): string {
  return text.replaceAll(
    /\\(?:x([\da-fA-F]{2})|([\s\S]))/g,
    (_, hex: string | undefined, letter: string | undefined) =>
      hex === undefined ? (letter ?? '') : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
