/** A thing that starts something by itself, as a mechanism finds it: before it is looked at what it starts. */

import { unitStates } from '../kit/systemd/unit-state.ts';

export const kinds = [
  'service',
  'timer',
  'socket',
  'path',
  'mount',
  'target',
  'generator',
  'cron',
  'at',
  'init',
  'rc',
  'login',
  'device',
  'library',
  'kernel',
  'network',
  'package',
  'bus',
  'message',
  'container',
] as const;
export type Kind = (typeof kinds)[number];

/** What is there now, beside what systemctl would call the unit. Other mechanisms have few of its words. */
const observedStates = ['running', 'stray', 'idle', 'stale', 'missing', 'writable'] as const;

export const states = [...unitStates, ...observedStates] as const;
export type State = (typeof states)[number];

export const triggers = ['boot', 'login', 'timer', 'event', 'every program'] as const;
type Trigger = (typeof triggers)[number];

/** Whether packages brought the file and what it starts. */
export const ownednesses = ['package', 'none', 'altered'] as const;
export type Ownedness = (typeof ownednesses)[number];

/** Texts of files are in Latin-1, a character for each byte; names from folders are as Node gives them. */
export interface StartupEntry {
  readonly kind: Kind;
  readonly name: string;
  /** The file that makes it start, absolute on the host. */
  readonly path: string;
  /** The first is 1. */
  readonly line?: number;
  /** `missing` and `writable` are added later, for the target. Null when a file cannot be read that decides it. */
  readonly states: readonly State[] | null;
  readonly trigger: Trigger;
  /** As it is written. */
  readonly schedule?: string;
  /** As whom it runs, where that is known. In Latin-1. */
  readonly user?: string;
  /** In Latin-1, not redacted. */
  readonly command?: string;
  /** Absolute path of what runs, in Latin-1. */
  readonly target?: string;
  /** Files that change it, absolute on the host. */
  readonly overrides?: readonly string[];
}
