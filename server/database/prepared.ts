/**
 * Statements that PostgreSQL parses and plans once for each connection. Doing so each time was a quarter of its work for a
 * question. PGlite takes the mark for the comment that it is.
 */
import { type RawBuilder, sql } from 'kysely';
import type pg from 'pg';

const mark = /\/\* prepared ([a-z-]+) \*\//;

/**
 * Marks a statement whose text never changes: neither its lists of values nor its columns depend on the parameters.
 * @param name no other statement's, of small letters and dashes.
 */
export function prepared(name: string): RawBuilder<void> {
  return sql.raw(`/* prepared ${name} */`);
}

/** Has a connection prepare the marked statements when they first run, under their names. */
export function prepareMarked(client: pg.ClientBase): void {
  const query = client.query.bind(client);
  Object.assign(client, {
    query: (text: string, values: unknown[]) => {
      const name = mark.exec(text)?.[1];
      return name === undefined ? query(text, values) : query({ name, text, values });
    },
  });
}
