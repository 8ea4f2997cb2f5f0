/** Lines of subuid(5) and subgid(5). */

import { FieldReader } from '../../kit/accounts/colon-line.ts';
import type { TableLine } from '../../kit/files/table-line.ts';

export interface SubordinateRange {
  /** The name of an account or its number. */
  readonly owner: string;
  readonly first: number;
  readonly count: number;
}

/** Null for a malformed line. */
export function parseSubordinateLine({ text }: TableLine): SubordinateRange | null {
  const fields = new FieldReader(text);
  const owner = fields.text();
  const first = fields.number();
  const count = fields.number();
  if (owner === '' || typeof first !== 'number' || typeof count !== 'number' || count === 0) return null;
  return { owner, first, count };
}
