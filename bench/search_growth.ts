import postgres from "postgres";
import { databaseWithEvents } from "./list_growth.ts";
import { databaseLoad } from "./load.ts";
import type { Benchmark } from "./measure.ts";

const search = (words: string) => `
  begin;
  select set_config('role', 'authenticated', true),
    set_config('request.jwt.claims', '{"sub": "00000000-0000-4000-8000-000000000001", "role": "authenticated"}', true);
  select * from public.list_events(search => '${words}', page_size => 10);
  commit;
`;

/** Events of which 200 are about pottery and 12 % about yoga. */
async function databaseToSearch(count: number) {
  const database = await databaseWithEvents(count);
  const sql = postgres(database.databaseUrl ?? "", { max: 1, onnotice: () => {} });
  await sql.unsafe(`
    set session_replication_role = replica;
    with numbered as (select id, row_number() over (order by starts_at) as n from public.events)
    update public.events as e
    set title = case
      when numbered.n <= 200 then 'Pottery ' || numbered.n
      when numbered.n % 100 < 12 then 'Yoga ' || numbered.n
      else e.title
    end
    from numbered where numbered.id = e.id;
  `);
  await sql.unsafe("vacuum analyze public.events");
  await sql.end();
  return database;
}

export const searchGrowth: Benchmark = {
  name: "search_growth",
  says: "ms to search 100,000 events for a word that 200 have, against 1,000 events with the same 200",
  target: { atMost: 1.5 },
  async run(compare) {
    const [large, small] = [await databaseToSearch(100_000), await databaseToSearch(1000)];
    const latency = (databaseUrl = "") => async () =>
      1000 / await databaseLoad(databaseUrl, search("pottery"), { connections: 1, seconds: 3 });
    await compare(latency(large.databaseUrl), latency(small.databaseUrl));
    await Promise.all([large.drop(), small.drop()]);
  },
};

/** The 95th percentile of so many searches, in ms. */
async function slowSearchMs(databaseUrl: string, words: string, searches: number): Promise<number> {
  const sql = postgres(databaseUrl, { max: 1 });
  const times: number[] = [];
  for (let n = 0; n < searches; n++) {
    const startedAt = performance.now();
    await sql`select * from public.list_events(search => ${words}, page_size => 10)`;
    times.push(performance.now() - startedAt);
  }
  await sql.end();
  return times.sort((a, b) => a - b)[Math.floor(searches * 0.95)] ?? NaN;
}

export const searchCommonWord: Benchmark = {
  name: "search_common_word",
  says: "ms, 95th percentile, to search 100,000 events for a word that 12 % have",
  target: { atMost: 50 },
  async run(compare) {
    const { databaseUrl = "", drop } = await databaseToSearch(100_000);
    await compare(() => slowSearchMs(databaseUrl, "yoga", 200), () => Promise.resolve(1));
    await drop();
  },
};
