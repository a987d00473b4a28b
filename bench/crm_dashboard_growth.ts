import postgres from "postgres";
import { createTestDatabase } from "../tests/support/template.ts";
import { databaseLoad } from "./load.ts";
import type { Benchmark } from "./measure.ts";

const facilitator = "00000000-0000-4000-8000-000000000001";
const dashboard = `
  begin;
  select set_config('role', 'service_role', true), set_config('request.jwt.claims', '{"role": "service_role"}', true);
  select public.crm_dashboard('${facilitator}');
  commit;
`;

/** A CRM with so many records, 200 of them one facilitator's. */
async function databaseWithRecords(count: number) {
  const database = await createTestDatabase();
  const sql = postgres(database.databaseUrl ?? "", { max: 1 });
  await sql.unsafe(`
    insert into public.crm_records
      (source, booking_id, user_id, event_id, event_title, event_kind, provider_id, received_at)
    select 'convene', gen_random_uuid(), ('00000000-0000-4000-8000-' || lpad((n % 50)::text, 12, '0'))::uuid,
      ('00000000-0000-4000-8000-' || lpad((n % 20)::text, 12, '0'))::uuid, 'Event ' || n % 20,
      case when n % 20 < 15 then 'session' else 'retreat' end,
      case when n <= 200 then '${facilitator}' else gen_random_uuid() end, now() - make_interval(mins => n)
    from generate_series(1, ${count}) as n
  `);
  await sql.unsafe("vacuum analyze public.crm_records");
  await sql.end();
  return database;
}

export const crmDashboardGrowth: Benchmark = {
  name: "crm_dashboard_growth",
  says: "ms for a facilitator's dashboard among 100,000 records, against the same among 1,000",
  target: { atMost: 1.5 },
  async run(compare) {
    const [large, small] = [await databaseWithRecords(100_000), await databaseWithRecords(1000)];
    const latency = (databaseUrl = "") => async () =>
      1000 / await databaseLoad(databaseUrl, dashboard, { connections: 1, seconds: 3 });
    await compare(latency(large.databaseUrl), latency(small.databaseUrl));
    await Promise.all([large.drop(), small.drop()]);
  },
};
