import postgres from "postgres";
import { createTestDatabase } from "../tests/support/template.ts";
import { databaseLoad } from "./load.ts";
import type { Benchmark } from "./measure.ts";

const firstPage = `
  begin;
  select set_config('role', 'authenticated', true),
    set_config('request.jwt.claims', '{"sub": "00000000-0000-4000-8000-000000000001", "role": "authenticated"}', true);
  select * from public.list_open_events(20, 0, false);
  commit;
`;

/** A database with so many events to come, of 100 providers. */
export async function databaseWithEvents(count: number) {
  const database = await createTestDatabase();
  const sql = postgres(database.databaseUrl ?? "", { max: 1, onnotice: () => {} });
  await sql.unsafe(`
    set session_replication_role = replica;
    insert into public.profiles (id, name)
    select ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 'Provider ' || n from generate_series(1, 100) as n;
    insert into public.providers (id, display_name) select id, name from public.profiles;
    insert into public.events (provider_id, kind, title, description, starts_at, ends_at, capacity, currency)
    select ('00000000-0000-4000-8000-' || lpad((1 + n % 100)::text, 12, '0'))::uuid, 'session', 'Event ' || n,
      'What happens at event ' || n, now() + make_interval(hours => n + 1), now() + make_interval(hours => n + 2), 10, 'USD'
    from generate_series(1, ${count}) as n;
    analyze;
  `);
  await sql.end();
  return database;
}

export const listGrowth: Benchmark = {
  name: "list_growth",
  says: "ms for the first page of 100,000 events, without total, against 1,000",
  target: { atMost: 1.5 },
  async run(compare) {
    const [large, small] = [await databaseWithEvents(100_000), await databaseWithEvents(1000)];
    const latency = (databaseUrl = "") => async () =>
      1000 / await databaseLoad(databaseUrl, firstPage, { connections: 1, seconds: 3 });
    await compare(latency(large.databaseUrl), latency(small.databaseUrl));
    await Promise.all([large.drop(), small.drop()]);
  },
};
