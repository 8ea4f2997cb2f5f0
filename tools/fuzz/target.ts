/** What a fuzz target is: one parser of what a stranger sent, real inputs to begin with, and what must hold of every input. */
import { CodedError } from '../../protocol/coded-error.ts';

export interface PreparedTarget {
  /** Inputs as honest parties make them. */
  readonly seeds: readonly Uint8Array[];
  /** Throws when something is wrong with how the input was taken; a refusal is not wrong. */
  readonly take: (input: Buffer) => void | Promise<void>;
  readonly close?: () => Promise<void>;
}

export interface FuzzTarget {
  readonly name: string;
  /** Who parses it: what a finding endangers. */
  readonly side: 'agent' | 'server' | 'investigator' | 'everyone';
  /** What must hold, in a few words. */
  readonly holds: string;
  readonly prepare: () => Promise<PreparedTarget>;
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
