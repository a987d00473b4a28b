import postgres from "postgres";
import { createTestDatabase } from "../tests/support/template.ts";
import { databaseLoad } from "./load.ts";
import type { Benchmark } from "./measure.ts";

const people = 60_000;
const seconds = 3;

/** Who books what next: each pair of person and event once. */
const next = `
  select p.id as person, e.id as event
  from (select nextval('bench.turns') as n) as turn
  join bench.people as p on p.n = turn.n / :events
  join bench.events as e on e.n = :first + turn.n % :events \\gset
  begin;
  select set_config('role', 'authenticated', true),
    set_config('request.jwt.claims', '{"sub": ":person", "session_id": ":person", "role": "authenticated"}', true);
`;
const booking = `${next} select public.book_event(':event'); commit;`;
const bare = `${next} select bench.book_unchecked(':event', ':person'); commit;`;

/** Locks the same row and inserts the same rows as a booking, without asking or deciding anything. */
const setUp = `
  create schema bench;
  grant usage on schema bench to authenticated;
  create table bench.people (n bigint primary key, id uuid not null);
  create table bench.events (n bigint primary key, id uuid not null);
  grant select on bench.people, bench.events to authenticated;
  create sequence bench.turns minvalue 0 start 0;

  set session_replication_role = replica;
  insert into bench.people select n, gen_random_uuid() from generate_series(0, ${people}) as n;
  insert into public.profiles (id, name) select id, 'Somebody' from bench.people;
  insert into auth.sessions (id, user_id, aal) select id, id, 'aal1' from bench.people;
  insert into public.providers (id, display_name) select id, 'Provider' from bench.people where n = 0;
  insert into bench.events select n, gen_random_uuid() from generate_series(0, 1099) as n;
  insert into public.events (id, provider_id, kind, title, starts_at, ends_at, capacity, currency, price_minor)
  select e.id, p.id, 'session', 'Bench', now() + interval '7 days', now() + interval '8 days', 100000, 'USD', 1000
  from bench.events as e cross join bench.people as p where p.n = 0;
  reset session_replication_role;

  create function bench.book_unchecked(event_id uuid, person uuid) returns public.bookings
  language plpgsql security definer set search_path = '' set session_replication_role = replica as $$
  declare
    v_event public.events;
    v_booking public.bookings;
    v_outbox_id bigint;
    v_notification_id uuid := gen_random_uuid();
  begin
    update public.events as e set seats_taken = e.seats_taken + 1 where e.id = event_id returning e.* into v_event;
    insert into public.bookings as b (
      attendee_id, provider_id, event_id, status, payment_status, price_minor, currency, free_cancellation_until,
      late_refund_percent
    )
    values (
      person, v_event.provider_id, v_event.id, 'confirmed', 'due', v_event.price_minor, v_event.currency,
      v_event.starts_at, 0
    )
    returning b.* into v_booking;
    insert into private.outbox (event, key, version, payload)
    values ('booking.created', v_booking.id, 1, private.booking_payload(v_booking, v_event))
    returning id into v_outbox_id;
    insert into public.notifications (id, recipient_id, outbox_id, kind, subject_id, data)
    values (
      v_notification_id, v_event.provider_id, v_outbox_id, 'booking.created', v_booking.id,
      jsonb_build_object('title', v_event.title, 'starts_at', v_event.starts_at, 'timezone', v_event.timezone)
    );
    insert into realtime.messages (topic, extension, payload, event, private)
    values (
      'user:' || v_event.provider_id, 'broadcast',
      jsonb_build_object('notification_id', v_notification_id, 'kind', 'booking.created', 'subject_id', v_booking.id),
      'notification', true
    );
    insert into private.audit_log (actor_kind, actor_id, command, subject_id)
    values ('user', person, 'book_event', v_booking.id);
    return v_booking;
  end;
  $$;
  grant execute on function bench.book_unchecked(uuid, uuid) to authenticated;
  analyze;
`;

function bookEvent(
  name: string,
  says: string,
  events: (round: number) => { first: number; events: number },
): Benchmark {
  return {
    name,
    says,
    target: { atLeast: 0.65 },
    async run(compare) {
      const database = await createTestDatabase();
      const sql = postgres(database.databaseUrl ?? "", { max: 1, onnotice: () => {} });
      await sql.unsafe(setUp);
      let round = 0;
      const load = (script: string) => async () => {
        const variables = events(round++);
        await sql`select setval('bench.turns', 0, false)`;
        await sql`checkpoint`;
        const perSecond = await databaseLoad(database.databaseUrl ?? "", script, {
          connections: 16,
          seconds,
          variables,
        });
        // Every round books anew.
        await sql`truncate public.bookings, private.outbox, private.deliveries, public.notifications, private.audit_log, realtime.messages cascade`;
        await sql`update public.events set seats_taken = 0 where seats_taken > 0`;
        await sql`vacuum public.events`;
        return perSecond;
      };
      await compare(load(booking), load(bare));
      await sql.end();
      await database.drop();
    },
  };
}

export const bookEventSpread = bookEvent(
  "book_event_spread",
  "bookings/s over 1,000 events, 16 connections, against lock and insert without any check",
  () => ({ first: 0, events: 1000 }),
);

export const bookEventHot = bookEvent(
  "book_event_hot",
  "bookings/s of one event, 16 connections, against lock and insert without any check",
  (round) => ({ first: 1000 + round, events: 1 }),
);
