/** LISTEN/NOTIFY: what carries events between the instances of a server, as ids only. */

/** See the triggers in migrations/. */
export const channels = ['mig_action', 'mig_report', 'mig_outbox', 'mig_created', 'mig_access'] as const;
export type NotificationChannel = (typeof channels)[number];

/** `payload` is null when events may have been missed: the connection was lost and is there again. */
export type NotificationHandler = (payload: string | null) => void;

/** Hands what comes on a channel to those who asked for it. */
export class Notifications {
  readonly #handlers = new Map<NotificationChannel, Set<NotificationHandler>>();

  /** @returns a function that ends it. */
  on(channel: NotificationChannel, handler: NotificationHandler): () => void {
    const handlers = this.#handlers.get(channel) ?? new Set();
    this.#handlers.set(channel, handlers.add(handler));
    return () => handlers.delete(handler);
  }

  emit(channel: string, payload: string | null): void {
    for (const name of channels)
      if (name === channel) for (const handler of this.#handlers.get(name) ?? []) handler(payload);
  }

  /** Tells everybody that something may have been missed. */
  emitGap(): void {
    for (const channel of channels) this.emit(channel, null);
  }
}
