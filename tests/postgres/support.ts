import postgres from "postgres";
import { createTestDatabase, isWithoutServer } from "../support/template.ts";

const isIgnored = isWithoutServer("races need concurrent sessions, and PGlite has one.");

/** Registers a test that needs concurrent sessions, which PGlite does not have. */
export function raceTest(name: string, work: (race: Race) => Promise<void>): void {
  Deno.test({
    name,
    ignore: isIgnored,
    fn: async () => {
      const database = await createTestDatabase();
      const sql = postgres(database.databaseUrl ?? "", {
        max: 80,
        onnotice: () => {},
        // Controls wait for deadlocks; a tenth of a second is enough to be sure of one.
        connection: { TimeZone: "UTC", deadlock_timeout: 100 },
      });
      try {
        await work(new Race(sql));
      } finally {
        await sql.end();
        await database.drop();
      }
    },
  });
}

/** What became of one of many parallel calls: its rows, or the code of its error. */
export type Outcome = { ok: true; rows: Record<string, unknown>[] } | { ok: false; code: string };

/** A migrated database on PostgreSQL and many sessions on it. */
export class Race {
  #people = 0;

  constructor(readonly sql: postgres.Sql) {}

  /** Makes confirmed people, providers or not, and answers their ids. */
  async people(count: number, { provider = false } = {}): Promise<string[]> {
    const from = this.#people += count;
    const rows = await this.sql<{ id: string }[]>`
      insert into auth.users (id, aud, role, email, email_confirmed_at, raw_app_meta_data, raw_user_meta_data)
      select gen_random_uuid(), 'authenticated', 'authenticated', 'p' || n || '@example.com', now(), '{}',
        jsonb_build_object('name', 'Person ' || n, 'provider', ${provider}::boolean)
      from generate_series(${from - count + 1}::int, ${from}::int) as n
      returning id`;
    await this
      .sql`insert into auth.sessions (id, user_id, aal) select id, id, 'aal1' from auth.users on conflict do nothing`;
    return rows.map((row) => row.id);
  }

  /** Publishes an event a week ahead and answers its id. */
  async event(providerId: string, { capacity = 10, prepaid = false } = {}): Promise<string> {
    const outcome = await this.as(
      providerId,
      `select id from public.publish_event(
         kind => 'session', title => 'Race', starts_at => date_trunc('minute', now()) + interval '7 days',
         ends_at => date_trunc('minute', now()) + interval '7 days 1 hour', capacity => $1,
         price_minor => 1000, payment_mode => $2)`,
      [capacity, prepaid ? "prepaid" : "on_site"],
    );
    if (!outcome.ok) throw new Error(outcome.code);
    return String(outcome.rows[0]?.id);
  }

  /** Runs one statement as a signed-in person, in a session and transaction of its own. */
  async as(
    userId: string,
    text: string,
    parameters: unknown[] = [],
    headers: Record<string, string> = {},
  ): Promise<Outcome> {
    try {
      const rows = await this.sql.begin(async (tx) => {
        await signIn(tx, userId, headers);
        return await tx.unsafe(text, parameters as string[]);
      });
      return { ok: true, rows: [...rows] as Record<string, unknown>[] };
    } catch (error) {
      if (!(error instanceof postgres.PostgresError)) throw error;
      return { ok: false, code: error.code.startsWith("PT") ? error.message : error.code };
    }
  }

  book(userId: string, eventId: string, headers?: Record<string, string>): Promise<Outcome> {
    return this.as(userId, "select id, status from public.book_event($1)", [eventId], headers);
  }

  /** Seats taken by the event's own count and by counting its live bookings. */
  async seats(eventId: string): Promise<{ counted: number; live: number; capacity: number }> {
    const [row] = await this.sql<{ counted: number; live: number; capacity: number }[]>`
      select e.seats_taken as counted, e.capacity,
        (select count(*)::int from public.bookings as b where b.event_id = e.id and b.is_live) as live
      from public.events as e where e.id = ${eventId}`;
    if (!row) throw new Error("no such event");
    return row;
  }

  /** Takes the lock away that makes an event's commands take turns; what is left is the naive check before the insert. */
  async withoutEventLock(): Promise<void> {
    await this.sql.unsafe(`
      create or replace function private.lock_event(event_id uuid) returns public.events
      language plpgsql set search_path = '' as $$
      declare
        v_event public.events;
      begin
        select e.* into v_event from public.events as e where e.id = lock_event.event_id;
        if current_setting('convene.command') = 'book_event' and v_event.seats_taken >= v_event.capacity then
          raise sqlstate 'PT409' using message = 'EVENT_FULL';
        end if;
        perform pg_sleep(0.02);
        return v_event;
      end;
      $$`);
  }
}

/** Makes the rest of a transaction a signed-in person's. */
async function signIn(
  tx: postgres.TransactionSql,
  userId: string,
  headers: Record<string, string> = {},
): Promise<void> {
  const claims = JSON.stringify({ sub: userId, session_id: userId, role: "authenticated" });
  await tx.unsafe(
    `select set_config('role', $1, true), set_config('request.jwt.claims', $2, true),
       set_config('request.headers', $3, true)`,
    ["authenticated", claims, JSON.stringify(headers)],
  );
}

/** What becomes of work that waits for a person's statement: that commits as soon as the work is seen to wait. */
export async function whileHeld(
  race: Race,
  userId: string,
  [text, parameters]: [string, unknown[]],
  work: () => Promise<Outcome>,
): Promise<Outcome> {
  let outcome: Outcome | undefined;
  let waiting: Promise<unknown> | undefined;
  await race.sql.begin(async (tx) => {
    await signIn(tx, userId);
    await tx.unsafe(text, parameters as string[]);
    waiting = work().then((became) => outcome = became);
    for (let isWaiting = false; !isWaiting;) {
      if (outcome) throw new Error(`nothing waited: ${JSON.stringify(outcome)}`);
      const [row] = await race.sql<{ waits: boolean }[]>`
        select exists (
          select from pg_stat_activity as a where a.datname = current_database() and a.wait_event_type = 'Lock'
        ) as waits`;
      isWaiting = row?.waits ?? false;
    }
  });
  await waiting;
  return outcome!;
}

/** Makes a function of the database anew with changed text, for a control run; nothing changed is an error. */
export async function rewrite(
  { sql }: Race,
  signature: string,
  change: (text: string) => string,
): Promise<void> {
  const [definition] = await sql<{ text: string }[]>`
    select pg_get_functiondef(${signature}::regprocedure) as text`;
  const changed = change(definition!.text);
  if (changed === definition!.text) throw new Error(`${signature} has no such guard`);
  await sql.unsafe(changed);
}

/** Lets workers lease what others have leased. */
export const withoutLeases = (race: Race) =>
  rewrite(race, "private.lease_deliveries(integer, integer, uuid, text)", (text) =>
    text
      .replace(/for update skip locked/, "")
      .replace(/and \(d\.leased_until is null or d\.leased_until <= now\(\)\)/, ""));

/** How many outcomes there are of each kind. */
export function tally(outcomes: Outcome[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) {
    const kind = outcome.ok ? "ok" : outcome.code;
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

/** Whether a race shows within some rounds: a control run must not depend on a few throws of the dice. */
export async function shows(race: () => Promise<boolean>, rounds = 100): Promise<boolean> {
  for (let round = 0; round < rounds; round++) {
    if (await race()) return true;
  }
  return false;
}
