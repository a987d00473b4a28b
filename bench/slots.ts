import postgres from "postgres";
import { createTestDatabase } from "../tests/support/template.ts";
import { databaseLoad } from "./load.ts";
import type { Benchmark } from "./measure.ts";

const providerOf = (n: string) => `('00000000-0000-4000-8000-' || lpad((${n})::text, 12, '0'))::uuid`;

/** So many providers, open from 9 to 17 every day in slots of 30 minutes. */
const people = (count: number) => `
  set session_replication_role = replica;
  insert into public.profiles (id, name) select ${
  providerOf("n")
}, 'Somebody' from generate_series(1, ${count}) as n;
  insert into auth.sessions (id, user_id, aal) select p.id, p.id, 'aal1' from public.profiles as p;
  insert into public.providers (id, display_name, hourly_rate_minor) select p.id, 'Provider', 6000 from public.profiles as p;
  reset session_replication_role;
  insert into public.availability_schedules (provider_id, kind, timezone, min_notice_minutes)
  select p.id, 'weekly', 'Europe/Berlin', 0 from public.providers as p;
  insert into public.availability_windows (schedule_id, weekday, opens, closes, slot_minutes)
  select s.id, d.day, '09:00', '17:00', 30
  from public.availability_schedules as s
  cross join generate_series(1, 7) as d (day);
`;

const days = 30;
const providers = 100;

export const slotsMonth: Benchmark = {
  name: "slots_month",
  says:
    "slots/s generated for a month of 100 providers, against rows/s of insert ... from generate_series into a " +
    "copy of the table",
  target: { atLeast: 0.2 },
  async run(compare) {
    const database = await createTestDatabase();
    const sql = postgres(database.databaseUrl ?? "", { max: 1, onnotice: () => {} });
    await sql.unsafe(`
      ${people(providers)}
      create table public.copied_slots (like public.slots including all);
      alter table public.copied_slots
        add foreign key (provider_id) references public.providers (id),
        add foreign key (schedule_id) references public.availability_schedules (id);
      analyze;
    `);
    const schedules = await sql<{ id: string; provider_id: string }[]>`
      select id, provider_id from public.availability_schedules order by provider_id`;
    const perSecond = async (work: () => Promise<unknown>, table: string) => {
      // No truncate: bookings refer to slots.
      await sql.unsafe(`delete from ${table}`);
      await sql.unsafe(`vacuum analyze ${table}`);
      const startedAt = performance.now();
      await work();
      const seconds = (performance.now() - startedAt) / 1000;
      const [row] = await sql.unsafe<{ count: number }[]>(`select count(*)::integer as count from ${table}`);
      const expected = providers * days * 16;
      if (row?.count !== expected) throw new Error(`${row?.count} rows in ${table} instead of ${expected}`);
      return expected / seconds;
    };
    const generate = async () => {
      for (const { id, provider_id } of schedules) {
        const claims = JSON.stringify({ sub: provider_id, session_id: provider_id, role: "authenticated" });
        await sql.begin(async (sql) => {
          await sql`select set_config('role', 'authenticated', true), set_config('request.jwt.claims', ${claims}, true)`;
          await sql`select public.generate_slots(${id}, current_date + 1, current_date + ${days}::integer)`;
        });
      }
    };
    const insert = async () => {
      for (const { id, provider_id } of schedules) {
        await sql`
          insert into public.copied_slots (provider_id, schedule_id, starts_at, ends_at)
          select ${provider_id}, ${id}, d + s * interval '30 minutes', d + (s + 1) * interval '30 minutes'
          from generate_series(current_date + 1, current_date + ${days}::integer, interval '1 day') as d
          cross join generate_series(18, 33) as s`;
      }
    };
    await compare(() => perSecond(generate, "public.slots"), () => perSecond(insert, "public.copied_slots"));
    await sql.end();
    await database.drop();
  },
};

/** So many slots, a year of them for each provider, of whom the first is the one that is asked for. */
async function databaseWithSlots(count: number) {
  const database = await createTestDatabase();
  const sql = postgres(database.databaseUrl ?? "", { max: 1 });
  const perProvider = 5000;
  await sql.unsafe(`
    ${people(Math.ceil(count / perProvider))}
    set session_replication_role = replica;
    insert into public.slots (provider_id, schedule_id, starts_at, ends_at)
    select s.provider_id, s.id, t.at, t.at + interval '30 minutes'
    from public.availability_schedules as s
    cross join generate_series(0, ${perProvider - 1}) as n
    cross join lateral (
      select ((current_date - 100 + n / 16) + time '09:00' + (n % 16) * interval '30 minutes') at time zone 'Europe/Berlin'
    ) as t (at);
    insert into private.provider_time (provider_id, kind, during)
    select s.provider_id, 'time_off', tstzrange(s.starts_at, s.ends_at)
    from public.slots as s
    where extract(day from s.starts_at) % 5 = 0;
    reset session_replication_role;
  `);
  await sql.unsafe("vacuum analyze");
  await sql.end();
  return database;
}

const calendar = `
  begin;
  select set_config('role', 'anon', true);
  select public.provider_calendar('00000000-0000-4000-8000-000000000001', (current_date + interval '1 month')::date, 'Asia/Tokyo');
  commit;
`;

export const calendarGrowth: Benchmark = {
  name: "calendar_growth",
  says: "ms for a provider's month among 1,000,000 slots, against the same among 10,000",
  target: { atMost: 1.5 },
  async run(compare) {
    const [large, small] = [await databaseWithSlots(1_000_000), await databaseWithSlots(10_000)];
    const latency = (databaseUrl = "") => async () =>
      1000 / await databaseLoad(databaseUrl, calendar, { connections: 1, seconds: 3 });
    await compare(latency(large.databaseUrl), latency(small.databaseUrl));
    await Promise.all([large.drop(), small.drop()]);
  },
};
