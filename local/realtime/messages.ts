import type { Sql } from "../database/database.ts";
import type { Broadcast } from "./frames.ts";
import { limits } from "./limits.ts";

/** A row that `realtime.send` wrote. */
export interface StoredMessage {
  id: string;
  topic: string;
  isPrivate: boolean;
  /** When the transaction that sent it began, in seconds since 1970. */
  insertedAt: number;
  /** When it was read, by the same clock. */
  readAt: number;
  broadcast: Extract<Broadcast, { form: "message" }>;
}

/** The messages among `ids` that exist, in the order of `ids`. */
export async function readMessages(sql: Sql, ids: string[]): Promise<StoredMessage[]> {
  const rows = await sql.query<
    { id: string; topic: string; private: boolean; at: number; now: number; event: string; payload: string }
  >(
    `select
       m.id::text as id,
       m.topic,
       coalesce(m.private, false) as private,
       extract(epoch from m.inserted_at)::float8 as at,
       extract(epoch from localtimestamp)::float8 as now,
       m.event,
       m.payload::text as payload
     from realtime.messages as m
     where m.id = any (string_to_array($1, ',')::uuid[])
       and m.event is not null
       and m.payload is not null`,
    [ids.join(",")],
  );
  const encoder = new TextEncoder();
  const byId = new Map(rows.map(({ id, topic, private: isPrivate, at, now, event, payload }) => {
    const broadcast = {
      form: "message",
      event,
      encoding: "json",
      payload: encoder.encode(payload),
      id,
    } as const;
    return [id, { id, topic, isPrivate, insertedAt: at, readAt: now, broadcast }];
  }));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** Ids of the messages sent since `seconds`, oldest first. */
export async function listMessages(sql: Sql, seconds: number): Promise<string[]> {
  const rows = await sql.query<{ id: string }>(
    `select m.id::text as id
     from realtime.messages as m
     where m.inserted_at >= to_timestamp($1::float8) at time zone 'UTC'
       and m.event is not null
     order by m.inserted_at, m.ctid`,
    [seconds],
  );
  return rows.map((row) => row.id);
}

/** The database's clock as it stamps messages, in seconds since 1970. */
export async function readClock(sql: Sql): Promise<number> {
  const [row] = await sql.query<{ at: number }>("select extract(epoch from localtimestamp)::float8 as at");
  if (!row) throw new Error("The database has no clock");
  return row.at;
}

/** Deletes what hosted would have dropped with its partition. */
export async function deleteOldMessages(sql: Sql): Promise<void> {
  await sql.query(`delete from realtime.messages where inserted_at < localtimestamp - $1::text::interval`, [
    limits.messageRetention,
  ]);
}
