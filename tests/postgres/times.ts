import postgres from "postgres";
import type { Outcome, Race } from "./support.ts";

/** A provider who can be booked around the clock, at every quarter of an hour. */
export async function openProvider(race: Race, hourlyRateMinor = 0): Promise<string> {
  const [provider = ""] = await race.people(1, { provider: true });
  await race.sql`update public.providers set hourly_rate_minor = ${hourlyRateMinor} where id = ${provider}`;
  await race.sql`
    with schedule as (
      insert into public.availability_schedules (provider_id, kind, timezone, min_notice_minutes, slot_step_minutes)
      values (${provider}, 'weekly', 'UTC', 0, 15)
      returning id
    )
    insert into public.availability_windows (schedule_id, weekday, opens, closes, slot_minutes)
    select id, day, '00:00', '24:00', 60 from schedule cross join generate_series(1, 7) as day`;
  return provider;
}

/** Where days are counted from, so that a quarter stays the same when midnight passes within a test file. */
const loadedAt = Date.now();

/** The start of the so many-th quarter of an hour of a day a week ahead. */
export function quarter(number: number): Date {
  const start = new Date(loadedAt + 7 * 24 * 3_600_000);
  start.setUTCHours(0, 15 * number, 0, 0);
  return start;
}

export function bookTime(
  race: Race,
  person: string,
  provider: string,
  from = 36,
  minutes = 60,
): Promise<Outcome> {
  const start = quarter(from);
  return race.as(person, "select id, status from public.book_time($1, $2, $3)", [
    provider,
    start.toISOString(),
    new Date(start.getTime() + minutes * 60_000).toISOString(),
  ]);
}

/** Runs one statement as the service, in a transaction of its own. */
export async function asService(race: Race, text: string, parameters: unknown[] = []): Promise<Outcome> {
  try {
    const rows = await race.sql.begin(async (tx) => {
      await tx.unsafe("set local role service_role");
      return await tx.unsafe(text, parameters as string[]);
    });
    return { ok: true, rows: [...rows] as Record<string, unknown>[] };
  } catch (error) {
    if (!(error instanceof postgres.PostgresError)) throw error;
    return { ok: false, code: error.code.startsWith("PT") ? error.message : error.code };
  }
}

/** What Stripe says of a payment's intent. */
export function recordIntent(race: Race, paymentId: string, status: string): Promise<Outcome> {
  return asService(
    race,
    `select (public.record_payment_intent(jsonb_build_object(
       'id', 'pi_' || p.id, 'status', $2::text, 'amount', p.amount_minor, 'currency', lower(p.currency),
       'charge_id', 'ch_' || p.id, 'metadata', jsonb_build_object('payment_id', p.id)
     ))).outcome
     from public.payments as p where p.id = $1`,
    [paymentId, status],
  );
}

/** Prepares the payment of a held booking and answers its id. */
export async function preparePayment(race: Race, person: string, bookingId: string): Promise<string> {
  const prepared = await race.as(
    person,
    "select p.id from public.bookings as b, public.prepare_payment(b.id, b.price_minor, b.currency) as p where b.id = $1",
    [bookingId],
  );
  if (!prepared.ok) throw new Error(prepared.code);
  return String(prepared.rows[0]?.id);
}

/** Books an hour that costs something and prepares its payment; answers both ids. */
export async function heldAndPrepared(
  race: Race,
  person: string,
  provider: string,
  from = 36,
): Promise<{ bookingId: string; paymentId: string }> {
  const booked = await bookTime(race, person, provider, from);
  if (!booked.ok) throw new Error(booked.code);
  const bookingId = String(booked.rows[0]?.id);
  return { bookingId, paymentId: await preparePayment(race, person, bookingId) };
}

/** A booking that was paid, and whose it is. */
export interface Paid {
  provider: string;
  person: string;
  bookingId: string;
  paymentId: string;
}

/** One-to-one time that was paid, with a provider of its own. */
export async function paidTime(race: Race): Promise<Paid> {
  const provider = await openProvider(race, 6000);
  const [person = ""] = await race.people(1);
  const { bookingId, paymentId } = await heldAndPrepared(race, person, provider);
  await paid(race, paymentId);
  return { provider, person, bookingId, paymentId };
}

/** A seat at an event that was paid, with a provider of its own. */
export async function paidSeat(race: Race): Promise<Paid> {
  const [provider = ""] = await race.people(1, { provider: true });
  const [person = ""] = await race.people(1);
  const booked = await race.book(person, await race.event(provider, { prepaid: true }));
  if (!booked.ok) throw new Error(booked.code);
  const bookingId = String(booked.rows[0]?.id);
  const paymentId = await preparePayment(race, person, bookingId);
  await paid(race, paymentId);
  return { provider, person, bookingId, paymentId };
}

async function paid(race: Race, paymentId: string): Promise<void> {
  const outcome = await recordIntent(race, paymentId, "succeeded");
  if (!outcome.ok || outcome.rows[0]?.outcome !== "succeeded") throw new Error(JSON.stringify(outcome));
}

/** Pairs of live bookings of a provider that overlap. */
export async function overlaps(race: Race, provider: string): Promise<number> {
  const [row] = await race.sql<{ n: number }[]>`
    select count(*)::int as n
    from public.bookings as a
    join public.bookings as b on b.provider_id = a.provider_id and b.id > a.id and b.during && a.during
    where a.provider_id = ${provider} and a.is_live and b.is_live`;
  return row?.n ?? -1;
}

/** Takes the provider's lock and both exclusion constraints away: what is left is the check before the insert. */
export async function withoutProviderLock(race: Race): Promise<void> {
  await race.sql.unsafe(`
    create or replace function private.lock_provider(provider_id uuid) returns public.providers
    language sql set search_path = '' as $$
      select p from public.providers as p where p.id = lock_provider.provider_id;
    $$;
    alter table private.provider_time drop constraint provider_time_bookings_exclude_each_other;
    alter table private.provider_time drop constraint provider_time_bookings_exclude_other_kinds;`);
}

/** Takes the locks of payments and bookings away, so that two settle what only one may. */
export async function withoutMoneyLocks(race: Race): Promise<void> {
  for (
    const name of [
      "private.paid_payment(uuid)",
      "private.record_payment_intent(jsonb, jsonb)",
      "private.lock_booking(uuid)",
    ]
  ) {
    const [definition] = await race.sql<{ text: string }[]>`
      select pg_get_functiondef(${name}::regprocedure) as text`;
    await race.sql.unsafe(definition!.text.replaceAll(/\s+for no key update/g, ""));
  }
  await race.sql.unsafe(`
    create or replace function private.lock_provider(provider_id uuid) returns public.providers
    language sql set search_path = '' as $$
      select p from public.providers as p where p.id = lock_provider.provider_id;
    $$;`);
}

/** Where ledger, payments and bookings disagree. */
export async function differences(race: Race): Promise<unknown[]> {
  return [...await race.sql`select * from public.check_ledger()`];
}
