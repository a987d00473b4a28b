import assert from "node:assert/strict";
import { type Outcome, type Race, raceTest, rewrite, shows, tally, withoutLeases } from "./support.ts";
import { asService, bookTime, openProvider, quarter } from "./times.ts";

interface Booked {
  provider: string;
  person: string;
  id: string;
}

/** An hour that is booked and confirmed, with a provider of its own. */
async function booked(race: Race): Promise<Booked> {
  const provider = await openProvider(race);
  const [person = ""] = await race.people(1);
  const outcome = await bookTime(race, person, provider);
  assert.ok(outcome.ok);
  return { provider, person, id: String(outcome.rows[0]?.id) };
}

/** A meeting that is open: made at its vendor, begun five minutes ago. */
async function openMeeting(race: Race): Promise<Booked> {
  const booking = await booked(race);
  await race.sql`
    update public.bookings set during = tstzrange(now() - interval '5 minutes', now() + interval '55 minutes')
    where id = ${booking.id}`;
  const settled = await asService(
    race,
    `select public.settle_meeting($1, to_jsonb(t), 'room', 'https://meet.example/room')
     from public.plan_meeting($1, 'jitsi') as t`,
    [booking.id],
  );
  assert.ok(settled.ok);
  return booking;
}

const join = (race: Race, who: string, { id }: Booked) =>
  race.as(who, "select role, joined_at::text from public.join_meeting($1)", [id]);

const times = (count: number, work: () => Promise<Outcome>) => Array.from({ length: count }, work);

/** Both people join many times at once, then join while the provider ends the meeting, also many times. */
async function raceOfMeeting(race: Race) {
  const meeting = await openMeeting(race);
  const { provider, person, id } = meeting;
  const joined = await Promise.all(
    [provider, person].flatMap((who) => times(5, () => join(race, who, meeting))),
  );
  const there = await race.sql`select id from public.meeting_participants where booking_id = ${id}`;
  await race.as(person, "select id from public.leave_meeting($1)", [id]);
  const [ended, late] = await Promise.all([
    Promise.all(times(4, () => race.as(provider, "select ended_at::text from public.end_meeting($1)", [id]))),
    Promise.all(times(4, () => join(race, person, meeting))),
  ]);
  const [after] = await race.sql<{ present: number; told: number }[]>`
    select
      (select count(*)::int from public.meeting_participants as p where p.booking_id = ${id} and p.left_at is null)
        as present,
      (select count(*)::int from private.outbox as o where o.key = ${id} and o.event = 'meeting.ended') as told`;
  return { joined, there: there.length, ended, late, after: after! };
}

/** The different answers among outcomes. */
const answers = (outcomes: Outcome[]) => new Set(outcomes.map((outcome) => JSON.stringify(outcome))).size;

raceTest(
  "joining and ending at once: everybody is there once, it ends once, and then nobody is in it",
  async (race) => {
    for (let round = 0; round < 2; round++) {
      const { joined, there, ended, late, after } = await raceOfMeeting(race);
      assert.deepEqual(tally(joined), { ok: 10 });
      assert.deepEqual([there, answers(joined)], [2, 2]);
      assert.deepEqual([tally(ended), answers(ended)], [{ ok: 4 }, 1]);
      assert.deepEqual(
        Object.keys(tally(late)).filter((kind) => !["ok", "MEETING_NOT_OPEN"].includes(kind)),
        [],
      );
      assert.deepEqual(after, { present: 0, told: 1 });
    }
  },
);

raceTest(
  "control: without the meeting's lock it ends several times, and without the index one is there twice",
  async (race) => {
    await rewrite(
      race,
      "private.lock_meeting(public.bookings)",
      (text) =>
        text.replace("as m\n", "as m cross join pg_sleep(0.03) as s\n").replace("for no key update", ""),
    );
    await race.sql`drop index public.meeting_participants_there_once`;
    assert.ok(await shows(async () => (await raceOfMeeting(race)).after.told > 1));
    assert.ok(await shows(async () => (await raceOfMeeting(race)).there > 2));
  },
);

interface Task {
  action: string;
  room: string;
  is_retry: boolean;
}

/** What a vendor was asked for, and with which room. */
type Asked = { booking: string; action: string; room: string; isRetry: boolean };

const different = (asked: Asked[], what: "booking" | "room") => new Set(asked.map((each) => each[what])).size;

/**
 * Bookings that are made and moved while eight workers bring them to a vendor. The vendor takes its time, and makes a
 * meeting of its own for every request, as Zoom does.
 */
async function bringToVendor(race: Race) {
  const bookings = await Promise.all(Array.from({ length: 6 }, () => booked(race)));
  const asked: Asked[] = [];
  let isMoving = true;
  const deliver = async (booking: string) => {
    const [task] = await race.sql<Task[]>`select * from private.plan_meeting(${booking}, 'zoom')`;
    if (!task || task.action === "none") return;
    const isCreated = task.action === "create";
    asked.push({ booking, action: task.action, room: task.room, isRetry: task.is_retry });
    await race.sql`select pg_sleep(0.02)`;
    await race.sql`select private.settle_meeting(
      ${booking}, ${JSON.stringify(task)}::text::jsonb, ${isCreated ? `zoom ${asked.length}` : null},
      ${isCreated ? "https://zoom.example/1" : null}
    )`;
  };
  const created = () => asked.filter(({ action }) => action === "create");
  const work = async () => {
    for (let idle = 0; idle < 3; idle = isMoving ? 0 : idle + 1) {
      // One too many is enough: without leases workers go on to take each other's work for long.
      if (different(created(), "booking") < created().length) return;
      const [leased] = await race.sql<{ id: string; lease_token: string; key: string }[]>`
        select l.id, l.lease_token, l.key from private.lease_deliveries(1, 60, null, 'meeting') as l`;
      if (!leased) continue;
      idle = 0;
      await deliver(leased.key);
      const result = [{ id: Number(leased.id), lease_token: leased.lease_token, outcome: "delivered" }];
      await race.sql`select private.settle_deliveries(${JSON.stringify(result)}::text::jsonb)`;
    }
  };
  const move = async ({ person, id }: Booked) => {
    for (const from of [60, 80]) {
      const start = quarter(from).toISOString();
      const end = quarter(from + 4).toISOString();
      assert.ok(
        (await race.as(person, "select id from public.reschedule_booking($1, $2, $3)", [id, start, end])).ok,
      );
    }
  };
  await Promise.all([
    ...Array.from({ length: 8 }, work),
    Promise.all(bookings.map(move)).finally(() => isMoving = false),
  ]);
  const [row] = await race.sql<{ meetings: number; right: number }[]>`
    select count(*)::int as meetings,
      count(*) filter (where (l.starts_at, l.ends_at) = (lower(b.during), upper(b.during)))::int as right
    from public.meetings as m
    join private.meeting_links as l on l.booking_id = m.booking_id
    join public.bookings as b on b.id = m.booking_id
    where b.id = any(${bookings.map(({ id }) => id)})`;
  return { asked, created: created(), kept: row! };
}

raceTest(
  "eight workers make one meeting of each booking at its vendor, and it ends up at the booked time",
  async (race) => {
    const { asked, created, kept } = await bringToVendor(race);
    assert.equal(created.length, 6);
    assert.ok(created.every(({ isRetry }) => !isRetry));
    assert.deepEqual([different(created, "booking"), different(asked, "room")], [6, 6]);
    assert.deepEqual(kept, { meetings: 6, right: 6 });
  },
);

raceTest(
  "control: workers without leases ask for several meetings; the room's name stays one",
  async (race) => {
    await withoutLeases(race);
    assert.ok(
      await shows(async () => {
        const { asked, created } = await bringToVendor(race);
        assert.equal(different(asked, "room"), different(asked, "booking"));
        return created.length > different(created, "booking");
      }),
    );
  },
);
