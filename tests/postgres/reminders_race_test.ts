import assert from "node:assert/strict";
import { type Race, raceTest, shows, tally } from "./support.ts";

/** An event of 30 people whose reminder of 24 hours fell due ten minutes ago. */
async function dueEvent(race: Race): Promise<{ provider: string; people: string[]; eventId: string }> {
  const [provider = ""] = await race.people(1, { provider: true });
  const people = await race.people(30);
  const eventId = await race.event(provider, { capacity: 100 });
  for (const person of people) await race.book(person, eventId);
  const shift = "interval '6 days 10 minutes'";
  await race.sql.unsafe(`
    alter table public.events disable trigger plan_reminders_update;
    update public.events set starts_at = starts_at - ${shift}, ends_at = ends_at - ${shift} where id = '${eventId}';
    alter table public.events enable trigger plan_reminders_update;
    update public.bookings set created_at = created_at - ${shift} where event_id = '${eventId}';
    update private.reminders set due_at = due_at - ${shift} where event_id = '${eventId}';
  `);
  return { provider, people, eventId };
}

const isDue = async (race: Race, eventId: string) =>
  (await race.sql`select from private.reminders where event_id = ${eventId} and due_at <= now()`).length > 0;

/** Eight workers that remind in small portions until nothing is due; answers how often each letter was made. */
async function remindTogether(race: Race): Promise<number[]> {
  const { eventId } = await dueEvent(race);
  const worker = async () => {
    while (await isDue(race, eventId)) await race.sql`select private.remind(7)`;
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  const rows = await race.sql<{ letters: number }[]>`
    select count(*)::int as letters from private.outbox
    where event in ('booking.reminder', 'event.reminder') and payload ->> 'event_id' = ${eventId}
    group by event, payload ->> 'booking_id'`;
  return rows.map(({ letters }) => letters);
}

raceTest("eight workers remind everybody once", async (race) => {
  assert.deepEqual(await remindTogether(race), Array.from({ length: 31 }, () => 1));
});

raceTest("control: reminding without locks reminds people twice", async (race) => {
  const [definition] = await race.sql<{ text: string }[]>`
    select pg_get_functiondef('private.remind_of_events(integer)'::regprocedure) as text`;
  const naive = definition!.text.replace("for update skip locked", "");
  assert.notEqual(naive, definition!.text);
  await race.sql.unsafe(naive);
  assert.ok(await shows(async () => (await remindTogether(race)).some((letters) => letters > 1)));
});

raceTest("people book, cancel and move while reminders are told, and nothing deadlocks", async (race) => {
  for (let round = 0; round < 5; round++) {
    const { provider, people, eventId } = await dueEvent(race);
    const late = await race.people(10);
    const sweep = async () => {
      while (await isDue(race, eventId)) await race.sql`select private.sweep()`;
    };
    const move = (hours: number) =>
      race.as(
        provider,
        `select id from public.update_event($1, starts_at => date_trunc('minute', now()) + make_interval(hours => $2),
           ends_at => date_trunc('minute', now()) + make_interval(hours => $2 + 1))`,
        [eventId, hours],
      );
    const [, ...outcomes] = await Promise.all([
      Promise.all([sweep(), sweep(), sweep()]),
      ...late.map((person) => race.book(person, eventId)),
      ...people.slice(0, 10).map((person) =>
        race.as(person, "select public.cancel_booking(id) from public.bookings where attendee_id = $1", [
          person,
        ])
      ),
      move(48),
      move(72),
    ]);
    assert.deepEqual(tally(outcomes), { ok: 22 });
    const planned = await race.sql<{ ahead: boolean }[]>`
      select r.due_at = e.starts_at - make_interval(mins => r.minutes_before) as ahead
      from private.reminders as r join public.events as e on e.id = r.event_id where e.id = ${eventId}`;
    assert.deepEqual(planned.map(({ ahead }) => ahead), [true, true]);
  }
});
