/** Pages that are bounded in bytes as well as in rows: what people and agents have sent can be large, each time. */

/** Bytes that a page may bring from the database; a reader takes several times that. */
export const pageBytes = 8 * 1024 * 1024;

export interface Candidate<Id> {
  readonly id: Id;
  readonly sizebytes: number;
}

export interface Page<Id> {
  readonly ids: readonly Id[];
  /** Cursor of the next page; null when nothing follows. */
  readonly next: Id | null;
}

/**
 * The first candidates that fit together; one always does.
 * @param limit how many were asked for at most: as many of them are a sign that there are more.
 */
export function toPage<Id>(candidates: readonly Candidate<Id>[], limit: number): Page<Id> {
  const ids: Id[] = [];
  let sizeBytes = 0;
  for (const { id, sizebytes } of candidates) {
    sizeBytes += Number(sizebytes);
    if (ids.length > 0 && sizeBytes > pageBytes) break;
    ids.push(id);
  }
  const isMore = ids.length < candidates.length || (limit > 0 && candidates.length === limit);
  return { ids, next: isMore ? (ids.at(-1) ?? null) : null };
}
