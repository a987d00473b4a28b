import postgres from "postgres";
import { createTestDatabase } from "../tests/support/template.ts";
import { databaseLoad } from "./load.ts";
import type { Benchmark } from "./measure.ts";

/** What an anonymous visitor's search is for the database. */
const search = (title: string) => `
  begin;
  select set_config('role', 'anon', true), set_config('request.jwt.claims', '{"role": "anon"}', true);
  select * from public.search_offerings(title => '${title}', page_size => 20);
  commit;
`;

/**
 * A database with so many offerings: the same 200 are about pottery, the others about anything else in the catalogue,
 * three keywords each, in no order.
 */
async function databaseWithOfferings(count: number) {
  const database = await createTestDatabase();
  const sql = postgres(database.databaseUrl ?? "", { max: 1, onnotice: () => {} });
  await sql.unsafe(`
    insert into public.profiles (id, name)
    select ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 'Provider ' || n from generate_series(1, 100) as n;
    insert into public.providers (id, display_name) select id, name from public.profiles;
    create temporary table words as
    select row_number() over (order by md5(k.word)) - 1 as n, k.word
    from (
      select distinct w.word from public.subcategories as s cross join unnest(s.keywords) as w (word)
      where w.word not like '%pot%' and w.word not like '%ceram%'
    ) as k;
    create unique index on words (n);
    insert into public.offerings (provider_id, title, description, currency, created_at)
    select ('00000000-0000-4000-8000-' || lpad((1 + g.n % 100)::text, 12, '0'))::uuid,
      case when g.n <= 200 then 'Pottery and ' || a.word else initcap(a.word) || ' with ' || b.word end || ' ' || g.n,
      'Learn ' || b.word || ' and ' || c.word || ' in small groups', 'USD', now() - make_interval(secs => g.n)
    from generate_series(1, ${count}) as g (n)
    join words as a on a.n = g.n * 7 % (select count(*) from words)
    join words as b on b.n = g.n * 31 % (select count(*) from words)
    join words as c on c.n = g.n * 57 % (select count(*) from words)
    order by md5(g.n::text);
    select gin_clean_pending_list(indexrelid) from pg_index as i
    join pg_class as c on c.oid = i.indexrelid join pg_am as m on m.oid = c.relam
    where m.amname = 'gin' and i.indrelid = 'private.offering_index'::regclass;
    analyze;
  `);
  await sql.end();
  return database;
}

export const searchOfferingsGrowth: Benchmark = {
  name: "search_offerings_growth",
  says: "ms to find 200 offerings among 100,000, against the same 200 among 1,000",
  target: { atMost: 1.5 },
  async run(compare) {
    const [large, small] = [await databaseWithOfferings(100_000), await databaseWithOfferings(1000)];
    const latency = (databaseUrl = "", title: string) => async () =>
      1000 / await databaseLoad(databaseUrl, search(title), { connections: 1, seconds: 3 });
    for (const [label, title] of [["words", "pottery"], ["typo", "potttery"]] as const) {
      await compare(latency(large.databaseUrl, title), latency(small.databaseUrl, title), label);
    }
    await Promise.all([large.drop(), small.drop()]);
  },
};
