/** What the page and the process say to each other; types alone, for the page imports nothing else from outside. */

/** The first answer: whose console this is. */
export interface Hello {
  readonly version: string;
  readonly server: string;
  readonly fleet: string | null;
}

export interface ActionLine {
  readonly id: string;
  readonly name: string;
  readonly target: string;
  /** UTC, as all times here. */
  readonly created: string;
  readonly expireafter: string;
  readonly investigator: string;
  readonly isCancelled: boolean;
  readonly done: number;
  readonly total: number;
}

export interface ActionList {
  readonly actions: readonly ActionLine[];
  /** Older actions that are not listed. */
  readonly hasMore: boolean;
}

/** How agents answered; each is counted once. */
export type AnswerKind = 'fully' | 'partly' | 'stopped' | 'refused' | 'failed' | 'silent' | 'notgenuine';

/** A bar of the histogram. */
export interface Bar {
  /** Seconds since the launch; the first one is inside, the second is not. */
  readonly from: number;
  readonly to: number;
  readonly answered: number;
  readonly found: number;
}

/** An opened action now. Sent again whenever it has changed. */
export interface CaseNews {
  readonly id: string;
  readonly phase: 'open' | 'ended' | 'broken';
  /** Why it ended early; the answers until then are there. */
  readonly problem: string | null;
  /** Whether the relay does not answer at the moment. */
  readonly isRelayAway: boolean;
  readonly verdict: string;
  readonly completeness: string;
  /** What else the person must know of the answers. */
  readonly warnings: readonly string[];
  readonly kinds: Readonly<Record<AnswerKind, number>>;
  /** Commands at the relay, by their state. */
  readonly waiting: { readonly queued: number; readonly sent: number; readonly running: number };
  readonly total: number;
  readonly found: number;
  readonly findings: number;
  /** Findings that are counted and not listed, for there is no room. */
  readonly leftOut: number;
  readonly left: string;
  readonly bars: readonly Bar[];
  /** Seconds until a share of those that answered had done so; null before there are any. */
  readonly times: { readonly half: number; readonly most: number; readonly last: number } | null;
  readonly revision: number;
}

export interface ColumnHead {
  readonly name: string;
  readonly help: string;
  readonly isNumber: boolean;
}

/** An opened action: what was asked. */
export interface CaseFacts {
  readonly id: string;
  readonly name: string;
  readonly target: string;
  readonly fleet: string;
  readonly validfrom: string;
  readonly expireafter: string;
  /** A line for each search. */
  readonly questions: readonly string[];
  readonly columns: readonly ColumnHead[];
}

export interface FindingsQuery {
  readonly id: string;
  /** `stack`: one row for equal findings of all hosts, the rarest first. */
  readonly group: 'stack' | 'flat';
  /** Words, `column:word`, `-word`. */
  readonly filter: string;
  /** A column, with `-` in front from high to low; empty for the usual order. */
  readonly sort: string;
  /** Key of the stack whose findings are listed; empty for all. */
  readonly stack: string;
  readonly from: number;
  readonly count: number;
}

export interface FindingsRow {
  readonly cells: readonly string[];
  /** Key of the row's stack. */
  readonly stack: string;
  /** The agent of a single finding; empty for a stack. */
  readonly agent: string;
}

export interface FindingsWindow {
  readonly columns: readonly ColumnHead[];
  /** Rows of the whole list, and what they stand for. */
  readonly total: number;
  readonly findings: number;
  readonly hosts: number;
  readonly from: number;
  readonly rows: readonly FindingsRow[];
}

export interface AgentsQuery {
  readonly id: string;
  readonly kind: AnswerKind | 'found' | 'all';
  readonly filter: string;
  readonly from: number;
  readonly count: number;
}

export interface AgentRow {
  readonly agent: string;
  readonly name: string;
  readonly kind: AnswerKind;
  readonly found: string;
  /** Whether the agent's own heartbeat says that it answered, and the relay shows nothing. */
  readonly isWithheld: boolean;
  readonly detail: string;
}

export interface Reason {
  readonly reason: string;
  readonly count: number;
  readonly hosts: number;
}

export interface AgentsWindow {
  readonly total: number;
  readonly from: number;
  readonly rows: readonly AgentRow[];
  /** Over all hosts: why something was not looked at, and errors. */
  readonly reasons: readonly Reason[];
  /** A target for those in the list; empty when there are too many. */
  readonly target: string;
}

/** An answer that is an error. */
export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
}

/** A flag of a module, for a field of the form. */
export interface FlagField {
  readonly name: string;
  readonly kind: 'boolean' | 'string' | 'number';
  readonly isRepeatable: boolean;
  readonly value: string;
  readonly help: string;
  readonly example: string;
}

export interface ModuleForm {
  readonly name: string;
  readonly summary: string;
  readonly flags: readonly FlagField[];
  readonly examples: readonly { readonly command: string; readonly says: string }[];
}

export interface QuestionForm {
  readonly module: string;
  /** By flag; one text for each time it is given, `true` for a switch. */
  readonly values: Readonly<Record<string, readonly string[]>>;
  /** Empty for the usual one: those that are online. */
  readonly target: string;
  /** Empty for the usual one. */
  readonly expiry: string;
}

/** A question in both forms, and what is to be said of it before it is asked. */
export interface Composed {
  readonly line: string;
  /** Null when the line is none that a form could have. */
  readonly form: QuestionForm | null;
  readonly problem: Problem | null;
  readonly words: readonly string[];
  /** Why agents would refuse it, or nothing could fit. */
  readonly faults: readonly string[];
  readonly advice: readonly string[];
  /** The action file. */
  readonly file: string;
}

export interface ReachGroup {
  readonly title: string;
  readonly counts: readonly { readonly word: string; readonly times: number }[];
}

/** Whom a target reaches now. */
export interface Reach {
  readonly total: number;
  readonly groups: readonly ReachGroup[];
  /** The first of them. */
  readonly names: readonly string[];
  /** Parts of the target that no agent fits. */
  readonly notes: readonly string[];
}

export interface Draft {
  readonly nonce: string;
  readonly sentence: string;
  /** Whether Enter in the terminal is needed. */
  readonly needsPerson: boolean;
}

export type LaunchEvent =
  | { readonly kind: 'asks-person' }
  | { readonly kind: 'denied' }
  | { readonly kind: 'countdown'; readonly left: number }
  | { readonly kind: 'launched'; readonly id: string };
