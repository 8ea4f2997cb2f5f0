/** Parses the text of one sudoers file. */
import {
  type AliasKind,
  type CommandRule,
  type DefaultsRule,
  type DefaultsSetting,
  type Member,
  type Statement,
  type TagName,
  type Tags,
  tagNames,
  type UserRule,
} from './syntax.ts';
import { Lexer, type LexerState, type Token, type TokenKind, unescapeWord } from './tokens.ts';

/** A syntax error: the line is left out. */
class Malformed extends Error {}

type ListOf = 'user' | 'host' | 'command' | 'group';

const kindsOf: Readonly<Record<ListOf, Partial<Record<TokenKind, Member['kind']>>>> = {
  user: { all: 'all', alias: 'alias', netgroup: 'netgroup', group: 'group', word: 'user' },
  group: { all: 'all', alias: 'alias', word: 'group' },
  host: { all: 'all', alias: 'alias', netgroup: 'netgroup', address: 'address', word: 'user' },
  command: { all: 'all', alias: 'alias', command: 'command' },
};

const aliasKinds: Readonly<Record<string, AliasKind>> = {
  Host_Alias: 'host',
  Cmnd_Alias: 'command',
  Cmd_Alias: 'command',
  User_Alias: 'user',
  Runas_Alias: 'runas',
};

const scopes: Readonly<Record<string, DefaultsRule['scope']>> = {
  Defaults: 'all',
  'Defaults:': 'user',
  'Defaults>': 'runas',
  'Defaults@': 'host',
  'Defaults!': 'command',
};

const assignments: Readonly<Record<string, 'set' | 'add' | 'remove'>> = { '=': 'set', '+=': 'add', '-=': 'remove' };

const mostMembers = 100_000;

function toMemberText({ kind, text }: Token): string {
  if (kind === 'command' || kind === 'address' || kind === 'alias') return text;
  const plain = unescapeWord(text);
  return kind === 'group' || kind === 'netgroup' ? plain.slice(1) : plain;
}

export class SudoersParser {
  readonly #lexer: Lexer;
  readonly #path: string;
  #token: Token;
  #state: LexerState = 'start';

  constructor(text: string, path: string) {
    this.#lexer = new Lexer(text);
    this.#path = path;
    this.#token = this.#lexer.next('start');
  }

  *statements(): Generator<Statement> {
    for (;;) {
      while (this.#isNow('end')) {
        if (this.#lexer.isAtEnd && this.#token.text === '') return;
        this.#begin();
      }
      const { line } = this.#token;
      try {
        const made = [...this.#statement(line)];
        this.#expect('end');
        yield* made;
      } catch (error) {
        if (!(error instanceof Malformed)) throw error;
        yield { kind: 'malformed', path: this.#path, line };
        if (!this.#isNow('end')) this.#lexer.skipLine();
      }
      this.#begin();
    }
  }

  #begin(): void {
    this.#state = 'start';
    this.#token = this.#lexer.next('start');
    this.#state = 'general';
  }

  /** @param state of the lexer for the token behind it. */
  #advance(state: LexerState = this.#state): Token {
    const taken = this.#token;
    this.#state = state;
    if (taken.kind === 'end') throw new Malformed();
    this.#token = this.#lexer.next(state);
    return taken;
  }

  #isNow(...kinds: readonly TokenKind[]): boolean {
    return kinds.includes(this.#token.kind);
  }

  #expect(kind: TokenKind): void {
    if (!this.#isNow(kind)) throw new Malformed();
  }

  #is(text: string): boolean {
    return this.#token.kind === 'punctuation' && this.#token.text === text;
  }

  /** Whether the sign was there. */
  #skip(text: string, state?: LexerState): boolean {
    const isThere = this.#is(text);
    if (isThere) this.#advance(state);
    return isThere;
  }

  *#statement(line: number): Generator<Statement> {
    const place = { path: this.#path, line };
    const { kind, text } = this.#token;
    if (kind === 'include') {
      this.#advance('include');
      this.#expect('word');
      const target = unescapeWord(this.#advance('general').text);
      yield { kind: 'include', ...place, target, isFolder: text.endsWith('dir') };
    } else if (kind === 'aliases') yield* this.#aliases(aliasKinds[text] ?? 'user', place);
    else if (kind === 'defaults') yield { kind: 'defaults', ...place, ...this.#defaults(scopes[text] ?? 'all') };
    else for (const rule of this.#rules()) yield { kind: 'rule', ...place, ...rule };
  }

  *#aliases(aliasOf: AliasKind, place: { readonly path: string; readonly line: number }): Generator<Statement> {
    this.#advance();
    do {
      this.#expect('alias');
      const { text: name } = this.#advance();
      if (!this.#skip('=')) throw new Malformed();
      yield { kind: 'alias', ...place, aliasOf, name, members: this.#list(aliasOf === 'runas' ? 'user' : aliasOf) };
    } while (this.#skip(':'));
  }

  #defaults(scope: DefaultsRule['scope']): Pick<DefaultsRule, 'scope' | 'members' | 'settings'> {
    this.#advance(scope === 'all' ? 'settings' : 'members');
    const members = scope === 'all' ? [] : this.#list(scope === 'runas' ? 'user' : scope, 'settings');
    const settings: DefaultsSetting[] = [];
    do settings.push(this.#setting());
    while (settings.length < mostMembers && this.#skip(',', 'settings'));
    return { scope, members, settings };
  }

  #setting(): DefaultsSetting {
    const isOff = this.#isNow('not') && this.#advance('settings').text.length % 2 === 1;
    this.#expect('setting');
    const { text: name } = this.#advance('value');
    if (!this.#isNow('punctuation') || this.#is(',')) return { kind: isOff ? 'off' : 'on', name };
    const kind = assignments[this.#advance('value').text];
    if (kind === undefined || isOff || !this.#isNow('word', 'group', 'netgroup')) throw new Malformed();
    return { kind, name, value: unescapeWord(this.#advance('value').text) };
  }

  *#rules(): Generator<Pick<UserRule, 'users' | 'hosts' | 'commands'>> {
    const users = this.#list('user');
    do {
      const hosts = this.#list('host');
      if (!this.#skip('=')) throw new Malformed();
      const commands: CommandRule[] = [];
      do commands.push(this.#commandRule(commands.at(-1)));
      while (commands.length < mostMembers && this.#skip(','));
      yield { users, hosts, commands };
    } while (this.#skip(':'));
  }

  /** @param behind the state for the token behind the list, which no comma separates. */
  #list(of: ListOf, behind: LexerState = 'general'): Member[] {
    const members: Member[] = [];
    do {
      const isNegated = this.#isNow('not') && this.#advance().text.length % 2 === 1;
      const kind = kindsOf[of][this.#token.kind];
      if (kind === undefined || members.length >= mostMembers) throw new Malformed();
      const { state, token } = { state: this.#state, token: this.#token };
      // Behind the list of Defaults its settings begin, unless another member comes.
      this.#advance(behind === 'general' ? state : 'settings');
      members.push({ kind, text: toMemberText(token), isNegated });
    } while (this.#skip(',', behind === 'general' ? undefined : 'members'));
    return members;
  }

  /** What is not said again holds for the next command, too. */
  #commandRule(former: CommandRule | undefined): CommandRule {
    const runas = this.#skip('(') ? this.#runas() : undefined;
    const tags: Partial<Record<TagName, boolean>> = {};
    for (;;) {
      if (this.#isNow('option')) this.#option();
      else if (this.#isNow('tag')) Object.assign(tags, toTag(this.#advance().text));
      else break;
    }
    while (this.#isNow('digest')) {
      this.#advance();
      this.#skip(',');
    }
    const isNegated = this.#isNow('not') && this.#advance().text.length % 2 === 1;
    const kind = kindsOf.command[this.#token.kind];
    if (kind === undefined) throw new Malformed();
    const command = { kind, text: toMemberText(this.#advance()), isNegated };
    const { users, groups } = runas ?? former ?? { users: undefined, groups: undefined };
    return { users, groups, tags: { ...former?.tags, ...tags }, command };
  }

  #runas(): Pick<CommandRule, 'users' | 'groups'> {
    const users = this.#is(')') || this.#is(':') ? undefined : this.#list('user');
    const hasGroups = this.#skip(':') && (users !== undefined || !this.#is(')'));
    const groups = hasGroups ? this.#list('group') : undefined;
    if (!this.#skip(')')) throw new Malformed();
    return { users: users === undefined && groups === undefined ? [] : users, groups };
  }

  #option(): void {
    this.#advance('option');
    if (!this.#skip('=', 'option')) throw new Malformed();
    this.#expect('word');
    this.#advance('general');
  }
}

function toTag(text: string): Tags {
  const name = text.replace(/[ \t]*:$/, '').toLowerCase();
  const plain = name.replace(/^no/, '');
  return Object.fromEntries(tagNames.flatMap((tag) => (tag === plain ? [[tag, name === plain]] : [])));
}
