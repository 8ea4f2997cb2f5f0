/** A check of the native engine, with its parameter and values: a hit says which of them matched. */
import type { ScanCheck } from '../../native/index.ts';
import type { MatchedFilter } from './element.ts';

export interface SourcedCheck {
  readonly list: keyof MatchedFilter;
  readonly values: readonly string[];
  readonly check: ScanCheck;
}
