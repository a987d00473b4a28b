import { maxDueSeconds } from "../../functions/_shared/domain/outbox.ts";
import type { Database } from "../database/database.ts";
import type { ConsoleParts } from "./console.ts";
import type { Services } from "./services.ts";

/** Somebody whom the development seed made. */
export interface Account {
  email: string;
  password: string;
  name: string;
  role: "user" | "facilitator";
}

/** How far the worker is behind; null where the database does not tell. */
export interface WorkerState {
  status: "healthy" | "unhealthy";
  oldest_due_seconds: number | null;
  /** Deliveries that wait, counted up to 10,000. */
  pending: number | null;
  /** Deliveries that were given up, counted up to 10,000. */
  dead: number | null;
}

/** What `/console/status.json` answers. */
export interface Status {
  url: string;
  publishable_key: string;
  secret_key: string;
  accounts: Account[];
  functions: { name: string; url: string; reference: string; openapi: string; health: string | null }[];
  database: Database["kind"];
  worker: WorkerState;
}

/** The password of everybody in supabase/seed.sql. */
export const seedPassword = "password123";

export async function readStatus(parts: ConsoleParts, services: Services): Promise<Status> {
  const [accounts, worker, functions] = await Promise.all([
    readAccounts(parts.database),
    readWorker(parts.database),
    services.list(),
  ]);
  return {
    url: parts.url,
    publishable_key: parts.keys.publishableKey,
    secret_key: parts.keys.secretKey,
    accounts,
    functions: functions.map(({ name, url, reference, openapi, health }) => ({
      name,
      url,
      reference,
      openapi,
      health,
    })),
    database: parts.database.kind,
    worker,
  };
}

/** The people of the development seed, facilitators first; none while the database does not answer. */
async function readAccounts(database: Database): Promise<Account[]> {
  const rows = await database.query<Omit<Account, "password">>(
    `select
       u.email,
       coalesce(nullif(v.display_name, ''), p.name, '') as name,
       case when v.id is null then 'user' else 'facilitator' end as role
     from auth.users as u
     left join public.profiles as p on p.id = u.id
     left join public.providers as v on v.id = u.id
     where u.raw_app_meta_data @> '{"seeded": true}'
       and u.email is not null
     order by v.id is null, name, u.email`,
  ).catch(() => []);
  return rows.map(({ email, name, role }) => ({ email, password: seedPassword, name, role }));
}

/** The state of deliveries, by the same measure as the worker's own health. */
export async function readWorker(database: Database): Promise<WorkerState> {
  const [row] = await database.query<{ oldest_due_seconds: number; pending: number; dead: number }>(
    "select h.oldest_due_seconds, h.pending, h.dead from private.outbox_health() as h",
  ).catch(() => []);
  if (!row) return { status: "unhealthy", oldest_due_seconds: null, pending: null, dead: null };
  return { status: row.oldest_due_seconds <= maxDueSeconds ? "healthy" : "unhealthy", ...row };
}
