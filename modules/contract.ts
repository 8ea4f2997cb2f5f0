/** What a module is: the only file besides its own folder that the author of a module must read. */
import type * as z from 'zod';
import type { AnswerClass, ContentKind } from '../protocol/protection.ts';
import type { OperationResult, Receipt } from '../protocol/result.ts';

/** What a module needs of the system besides reading what the agent's own user may read; everything else is taken from it. */
export type Need =
  /** Files of every owner. */
  | 'files'
  /** Memory, open files, executable and root of other processes. */
  | 'processes'
  /** Mapped files that have lost their name. */
  | 'mapped-files'
  /** Interfaces, neighbours and sockets, as the kernel lists them. */
  | 'kernel-tables'
  /** The network namespaces of other processes. */
  | 'network-namespaces';

/** What a module is and what goes in and out of it; imported by every party, so it must not load native code. */
export interface ModuleSpec<Parameters = unknown, Elements = unknown> {
  /** The word in actions and on the command line: `file`. */
  readonly name: string;
  /** One sentence: the question that it answers. */
  readonly summary: string;
  readonly platforms: readonly ('linux' | 'darwin' | 'win32')[];
  /** Strict: unknown fields are refused by name. Output is what `run` receives, defaults filled in. */
  readonly parameters: z.ZodType<Parameters>;
  readonly elements: z.ZodType<Elements>;
  /** What this question needs; a module process has no more when it begins to work. */
  needs(parameters: Parameters): readonly Need[];
  /** How much the answer to these parameters can disclose; `metadata` when a module has no choice. */
  answerClass?(parameters: Parameters): AnswerClass;
  /** The same question with an answer that discloses no more than that; absent when a module has no choice. */
  limitAnswer?(parameters: Parameters, most: AnswerClass): Parameters;
}

export interface ModuleContext {
  /** Set when the action was cancelled or the time is up; a module ends within 100 ms and says so in the receipt. */
  readonly signal: AbortSignal;
  readonly limits: ModuleLimits;
  /** Absent for who asks on a machine of their own. */
  readonly protection?: Protection;
}

/** What those who asked may not learn on this host; the agent makes it of the environment's rules and their weights. */
export interface Protection {
  readonly rules: readonly ProtectionRule[];
  readonly contents: readonly ContentRule[];
  /** How many questions about protected content may still be answered this hour. */
  readonly questions: number;
}

export interface ProtectionRule {
  /** Over absolute paths: `*`, `?`, `[…]` within a name, `**` for any number of names. */
  readonly glob: string;
  /** Whether questions about content and digests may be answered. */
  readonly mayRead: boolean;
  /** Whether the file may be listed or counted. */
  readonly mayTell: boolean;
}

/** A file that its first bytes show to be a secret, whatever its name; the last two are the agent's own business. */
export interface ContentRule {
  readonly kind: ContentKind | 'agent-key' | 'agent-executable';
  /** Whether questions about content and digests may be answered. */
  readonly mayRead: boolean;
}

/** Where a receipt's `examined` tells how many questions about protected content were answered. */
export const protectedQuestions = 'protectedquestions';

/** What `examined` tells of them: nothing when there were none. */
export function toProtectedCount(questions: number): Receipt['examined'] {
  return questions === 0 ? {} : { [protectedQuestions]: questions };
}

export interface ModuleLimits {
  readonly seconds: number;
  readonly memoryMiB: number;
  readonly resultBytes: number;
  /** Share of one core that the module process may use, 1 to 100. */
  readonly cpuPercent: number;
  readonly threads: number;
}

/** Soft failures are data in the result; only a defect or a broken host throws. */
export type ModuleRun<Parameters> = (parameters: Parameters, context: ModuleContext) => Promise<OperationResult>;

/** One command-line flag, in Go's manner: `-path` and `--path` alike, and a value flag takes the next argument as it is. */
export interface Flag {
  readonly name: string;
  readonly kind: 'boolean' | 'string' | 'number';
  /** A list parameter: the flag may be given several times. */
  readonly repeatable?: boolean;
  /** The word shown for the value in help: `<regex>`. */
  readonly value?: string;
  /** One sentence, then what happens without the flag. */
  readonly help: string;
  readonly example?: string;
}

/** What was given for each flag; absent when not given. */
export type FlagValues = Readonly<Record<string, boolean | string | number | readonly string[] | undefined>>;

/** The investigator's side of a module: flags in, lines out. */
export interface ModuleCli<Parameters = unknown> {
  readonly flags: readonly Flag[];
  /** @throws CodedError `usage` with a message that names the flag. */
  readonly toParameters: (flags: FlagValues) => Parameters;
  /** Lines for people, without the host name in front; every string from the agent is unescaped here, the caller escapes. */
  readonly toLines: (result: OperationResult) => Iterable<string>;
  readonly examples: readonly { readonly command: string; readonly says: string }[];
}

/** A module as a whole for those who only ask and print. */
export interface ModuleFace {
  readonly spec: ModuleSpec;
  readonly cli: ModuleCli;
}
