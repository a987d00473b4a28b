import assert from "node:assert/strict";
import { type Race, raceTest, shows, tally } from "./support.ts";

/** A provider and so many people's bookings with them, all completed. */
async function completedBookings(race: Race, count: number) {
  const [provider = ""] = await race.people(1, { provider: true });
  const eventId = await race.event(provider, { capacity: count });
  for (const person of await race.people(count)) await race.book(person, eventId);
  await race.sql`
    update public.events set starts_at = now() - interval '4 hours', ends_at = now() - interval '2 hours'
    where id = ${eventId}`;
  await race.sql`select private.sweep()`;
  const bookings = await race.sql<{ id: string; attendee_id: string }[]>`
    select id, attendee_id from public.bookings where event_id = ${eventId} and status = 'completed'`;
  assert.equal(bookings.length, count);
  return { provider, bookings };
}

const review = (race: Race, { id, attendee_id }: { id: string; attendee_id: string }, rating: number) =>
  race.as(attendee_id, "select id from public.review_booking(booking_id => $1, rating => $2)", [id, rating]);

/** Forty people give 1 to 5 at once; answers whether the kept rating is that of the rows. */
async function raceOfRatings(race: Race) {
  const { provider, bookings } = await completedBookings(race, 40);
  const outcomes = await Promise.all(bookings.map((booking, n) => review(race, booking, 1 + n % 5)));
  assert.deepEqual(tally(outcomes), { ok: 40 });
  const [row] = await race.sql<{ kept: number[]; rows: number }[]>`
    select p.rating_counts as kept, (select count(*)::integer from public.reviews where provider_id = p.id) as rows
    from public.providers as p where p.id = ${provider}`;
  assert.equal(row?.rows, 40);
  return row?.kept.join() === "8,8,8,8,8";
}

raceTest("forty reviews at once give the rating that their rows have", async (race) => {
  assert.ok(await raceOfRatings(race));
});

raceTest("control: a rating that is read before it is written loses reviews", async (race) => {
  await race.sql.unsafe(`
    create or replace function private.lock_provider(provider_id uuid) returns public.providers
    language sql set search_path = '' as $$ select p from public.providers as p where p.id = lock_provider.provider_id $$;
    create or replace function private.count_rating() returns trigger
    language plpgsql security definer set search_path = '' as $$
    declare
      v_counts integer[];
    begin
      select p.rating_counts into v_counts from public.providers as p where p.id = new.provider_id;
      v_counts[new.rating] := v_counts[new.rating] + 1;
      update public.providers as p set rating_counts = v_counts where p.id = new.provider_id;
      return null;
    end;
    $$;
  `);
  assert.ok(await shows(async () => !await raceOfRatings(race)));
});

/** One person sends the review of one booking twenty times at once. */
async function raceOfOneReview(race: Race) {
  const { bookings: [booking] } = await completedBookings(race, 1);
  assert.ok(booking);
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => review(race, booking, 5)));
  const [row] = await race.sql<{ rows: number }[]>`
    select count(*)::integer as rows from public.reviews where booking_id = ${booking.id}`;
  return { outcomes, rows: row?.rows ?? 0 };
}

raceTest("one booking reviewed twenty times at once has one review", async (race) => {
  const { outcomes, rows } = await raceOfOneReview(race);
  assert.deepEqual(tally(outcomes), { ok: 1, ALREADY_REVIEWED: 19 });
  assert.equal(rows, 1);
});

raceTest("control: without the constraint one booking gets several reviews", async (race) => {
  await race.sql`alter table public.reviews drop constraint reviews_one_per_booking`;
  assert.ok((await raceOfOneReview(race)).rows > 1);
});

raceTest(
  "reviews, no-shows and deliveries of next open times at once neither deadlock nor lose anything",
  async (race) => {
    const { provider, bookings } = await completedBookings(race, 20);
    await race.sql`
    insert into private.opening_checks (provider_id, due_at) values (${provider}, now()) on conflict do nothing`;
    await race.sql`
    insert into public.availability_schedules (provider_id, kind, timezone) values (${provider}, 'weekly', 'UTC')`;
    const outcomes = await Promise.all(bookings.flatMap((booking, n) => [
      review(race, booking, 5),
      n % 2 === 0
        ? race.as(provider, "select id from public.mark_no_show($1)", [booking.id])
        : race.sql`select private.refresh_openings(5)`.then(() => ({ ok: true as const, rows: [] })),
    ]));
    const reviews = tally(outcomes.filter((_, n) => n % 2 === 0));
    const others = tally(outcomes.filter((_, n) => n % 2 === 1));
    const { ok: reviewed = 0, BOOKING_NOT_COMPLETED: absent = 0 } = reviews;
    assert.equal(reviewed + absent, 20, JSON.stringify(reviews));
    assert.deepEqual(others, { ok: 10 + absent, ...absent < 10 && { NO_SHOW_NOT_ALLOWED: 10 - absent } });
    const [row] = await race.sql<{ kept: number; rows: number; both: number }[]>`
    select p.rating_count as kept, (select count(*)::integer from public.reviews where provider_id = p.id) as rows,
      (
        select count(*)::integer from public.reviews as r join public.bookings as b on b.id = r.booking_id
        where b.status = 'no_show' and r.provider_id = p.id
      ) as both
    from public.providers as p where p.id = ${provider}`;
    assert.deepEqual([row?.kept, row?.rows, row?.both], [reviewed, reviewed, 0]);
  },
);
