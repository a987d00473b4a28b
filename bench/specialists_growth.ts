import postgres from "postgres";
import { createTestDatabase } from "../tests/support/template.ts";
import { databaseLoad } from "./load.ts";
import type { Benchmark } from "./measure.ts";

/** What an anonymous visitor's list is for the database: the first page with its total. */
const list = (filter: string) => `
  begin;
  select set_config('role', 'anon', true), set_config('request.jwt.claims', '{"role": "anon"}', true);
  select * from public.find_providers(${filter});
  commit;
`;

/**
 * A database with so many specialists in no order. The same 200 know pottery; half have been rated, two thirds are
 * free soon, rates go from 10 to 200.
 */
async function databaseWithSpecialists(count: number) {
  const database = await createTestDatabase();
  const sql = postgres(database.databaseUrl ?? "", { max: 1, onnotice: () => {} });
  await sql.unsafe(`
    set session_replication_role = replica;
    insert into public.profiles (id, name)
    select ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 'Person ' || n
    from generate_series(1, ${count}) as n;
    insert into public.providers (
      id, display_name, headline, bio, specialties, hourly_rate_minor, rating_counts, next_open_at
    )
    select ('00000000-0000-4000-8000-' || lpad(g.n::text, 12, '0'))::uuid,
      case when g.n <= 200 then 'Quentin Potter ' || g.n else 'Specialist Number ' || g.n end,
      'What number ' || g.n || ' offers', repeat('About them. ', 20),
      array['subject ' || g.n % 50] || case when g.n <= 200 then '{pottery}'::text[] else '{}' end,
      1000 + r.n % 19000,
      case when r.n % 2 = 0
        then array[r.n / 3 % 2, r.n / 5 % 3, r.n / 7 % 5, r.n / 11 % 11, r.n / 13 % 13]
        else '{0,0,0,0,0}'
      end,
      case when r.n / 17 % 3 > 0 then now() + make_interval(hours => 1 + r.n / 19 % 600) end
    from generate_series(1, ${count}) as g (n)
    cross join lateral (select abs(hashint4(g.n)) as n) as r
    order by md5(g.n::text);
    set session_replication_role = default;
  `);
  await sql.unsafe("vacuum analyze public.providers");
  await sql.end();
  return database;
}

const filters = {
  "all": "",
  "free": "available_only => true",
  "specialty": "specialty => 'pottery'",
  "specialty and more": "specialty => 'pottery', min_rating => 3, max_rate => 100, available_only => true",
  "price": "max_rate => 60, min_rating => 3, available_only => true",
  "name": "search => 'quentin'",
};

export const specialistsGrowth: Benchmark = {
  name: "specialists_growth",
  says: "ms for the first page of specialists and its total among 100,000, against 1,000",
  target: { atMost: 2 },
  async run(compare) {
    const [large, small] = [await databaseWithSpecialists(100_000), await databaseWithSpecialists(1000)];
    const latency = (databaseUrl: string | undefined, filter: string) => async () =>
      1000 / await databaseLoad(databaseUrl ?? "", list(filter), { connections: 1, seconds: 2 });
    for (const [label, filter] of Object.entries(filters)) {
      await compare(latency(large.databaseUrl, filter), latency(small.databaseUrl, filter), label);
    }
    await Promise.all([large.drop(), small.drop()]);
  },
};
