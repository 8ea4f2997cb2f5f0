/** A fuzz target: one parser of a stranger's input, real inputs as seeds, and what must hold of every input. */
import { CodedError } from '../../protocol/base/coded-error.ts';

export interface PreparedTarget {
  /** Inputs as honest parties make them; the first must be taken. */
  readonly seeds: readonly [Uint8Array, ...Uint8Array[]];
  /** Whether the input was taken. Throws when it was wrongly taken or refused; a refusal alone is not wrong. */
  readonly take: (input: Buffer) => boolean | Promise<boolean>;
  readonly close?: () => Promise<void>;
}

export interface FuzzTarget {
  readonly name: string;
  /** Who parses it: what a finding endangers. */
  readonly side: 'agent' | 'server' | 'investigator' | 'everyone';
  /** What must hold, in a few words. */
  readonly holds: string;
  /** Inputs also grow in structure, beyond the size limit of other inputs. */
  readonly grows?: true;
  readonly prepare: () => Promise<PreparedTarget>;
}

/** Seeds that are text. */
export function toSeeds(first: string, ...others: readonly string[]): [Buffer, ...Buffer[]] {
  return [Buffer.from(first), ...others.map((text) => Buffer.from(text))];
}

/** The value, or null when it was refused with one of these codes; any other error is a finding. */
export function takenOrRefused<T>(codes: readonly string[], take: () => T): T | null {
  try {
    return take();
  } catch (error) {
    if (error instanceof CodedError && codes.includes(error.code)) return null;
    throw error;
  }
}
