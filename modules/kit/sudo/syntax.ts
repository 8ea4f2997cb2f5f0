/** What a sudoers file says, as a tree. Text is Latin-1, like all tables. @see sudoers(5) */

/** Where it stands. */
export interface Place {
  readonly path: string;
  /** The first of several lines. */
  readonly line: number;
}

/** One of a list; the last one that fits decides. */
export interface Member {
  readonly kind: 'all' | 'alias' | 'user' | 'group' | 'netgroup' | 'address' | 'command';
  /** Without the sign of its kind: `wheel`, `#27`, `/bin/ls -l`. */
  readonly text: string;
  readonly isNegated: boolean;
}

export const tagNames = ['passwd', 'exec', 'setenv', 'intercept', 'log_input', 'log_output', 'mail', 'follow'] as const;

export type TagName = (typeof tagNames)[number];
/** `NOPASSWD` is passwd false. */
export type Tags = { readonly [Name in TagName]?: boolean };

/** Some commands as some users. */
export interface CommandRule {
  /** Undefined without a list: root, unless Defaults say otherwise. An empty one is the user alone. */
  readonly users: readonly Member[] | undefined;
  readonly groups: readonly Member[] | undefined;
  readonly tags: Tags;
  readonly command: Member;
}

/** Some users, on some hosts. */
export interface UserRule extends Place {
  readonly users: readonly Member[];
  readonly hosts: readonly Member[];
  readonly commands: readonly CommandRule[];
}

type DefaultsScope = 'all' | 'user' | 'runas' | 'host' | 'command';

/** `name`, `!name`, `name=value`, `name+=value`, `name-=value` */
export type DefaultsSetting =
  | { readonly kind: 'on' | 'off'; readonly name: string }
  | { readonly kind: 'set' | 'add' | 'remove'; readonly name: string; readonly value: string };

export interface DefaultsRule extends Place {
  readonly scope: DefaultsScope;
  readonly members: readonly Member[];
  readonly settings: readonly DefaultsSetting[];
}

export type AliasKind = 'user' | 'runas' | 'host' | 'command';

export interface Alias extends Place {
  readonly aliasOf: AliasKind;
  readonly name: string;
  readonly members: readonly Member[];
}

interface Inclusion extends Place {
  /** As written, relative to the file that includes. */
  readonly target: string;
  readonly isFolder: boolean;
}

/** One line, joined with those that continue it. */
export type Statement =
  | ({ readonly kind: 'rule' } & UserRule)
  | ({ readonly kind: 'defaults' } & DefaultsRule)
  | ({ readonly kind: 'alias' } & Alias)
  | ({ readonly kind: 'include' } & Inclusion)
  /** sudo(8) skips such a line, too. */
  | ({ readonly kind: 'malformed' } & Place);
