import type { Database } from "../database/database.ts";
import { PostgresDatabase } from "../database/postgres.ts";

export interface ListenEvents {
  onNotify(payload: string): void;
  /** Called when listening starts, and each time it starts again after the connection was lost. */
  onListening(): void;
}

/**
 * Listens like {@link Database.listen}, and tells when a lost connection is back: what was notified meanwhile is
 * gone. Only a PostgreSQL server can be lost, so its driver is asked directly.
 */
export async function listen(
  database: Database,
  channel: string,
  events: ListenEvents,
): Promise<() => Promise<void>> {
  if (database instanceof PostgresDatabase) {
    const { unlisten } = await database.pool.listen(channel, events.onNotify, events.onListening);
    return unlisten;
  }
  const unlisten = await database.listen(channel, events.onNotify);
  events.onListening();
  return unlisten;
}
