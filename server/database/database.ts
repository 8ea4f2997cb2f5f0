/** The database as the rest of the server knows it, whichever it is. */
import type { Notifications } from './notifications.ts';
import type { Db } from './schema.ts';

export interface Database {
  readonly db: Db;
  readonly notifications: Notifications;
  /** Whether it answers now. */
  readonly isReady: () => Promise<boolean>;
  /** Makes the first investigation as fast as the next; to be called when there is time. */
  readonly warmUp: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export type DatabaseCode = 'database-unreachable';
