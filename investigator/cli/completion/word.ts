/** Words that shells complete, from the flag tables. Each shell's script is written from them. */
import type { Flag } from '../../../modules/kit/flag.ts';
import type { LaptopPart } from '../../../modules/kit/laptop-part.ts';
import type { Module } from '../../../modules/kit/module.ts';

/** A module or a command. */
export interface Word {
  readonly name: string;
  readonly summary: string;
  readonly flags: readonly Flag[];
  /** Choices for its first argument; empty when that is open. */
  readonly choices: readonly string[];
  readonly takesFiles: boolean;
  /** Whether its first argument may be a file instead of a choice. */
  readonly choiceOrFile: boolean;
  /** Ids of actions, or of proposals, that its first argument may be; undefined when it is none. */
  readonly takesIds: 'actions' | 'proposals' | undefined;
}

/** The value of a flag. */
export type Value =
  | { readonly kind: 'none' }
  | { readonly kind: 'file' }
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  | { readonly kind: 'open' };

/** Commands whose ID is that of a proposal. */
const aboutProposals: ReadonlySet<string> = new Set(['approve', 'launch', 'verify', 'withdraw']);

const alternatives = /^[a-z][a-z0-9]*(?:\|[a-z][a-z0-9]*)+$/;

export function readValue(flag: Flag): Value {
  if (flag.kind === 'boolean') return { kind: 'none' };
  if (flag.name === 't') return { kind: 'choice', choices: ['all', 'online', 'local', 'found:'] };
  const { value = '' } = flag;
  if (alternatives.test(value)) return { kind: 'choice', choices: value.split('|') };
  return { kind: value === 'file' || value === 'path' ? 'file' : 'open' };
}

/** @param usage `mig trust new|sign FILE` */
export function toWord(name: string, usage: string, summary: string, flags: readonly Flag[]): Word {
  const [, , first = ''] = usage.split(' ');
  const choices = alternatives.test(first) ? first.split('|') : [];
  const takesIds = /\bID\b/.test(usage) ? (aboutProposals.has(name) ? 'proposals' : 'actions') : undefined;
  return { name, summary, flags, choices, takesFiles: usage.includes('FILE'), choiceOrFile: false, takesIds };
}

/** A module, and the commands of its own. */
export function toModuleWord({ name, summary }: Module, flags: readonly Flag[], part: LaptopPart | undefined): Word {
  const choices = Object.keys(part?.commands ?? {});
  const takesFiles = part?.document !== undefined;
  return { name, summary, flags, choices, takesFiles, choiceOrFile: takesFiles, takesIds: undefined };
}

/** In single quotes, as all three shells take it. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
