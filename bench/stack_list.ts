import { contract } from "../tests/support/http.ts";
import { startDev } from "../tests/support/process.ts";
import { databaseLoad, httpLoad } from "./load.ts";
import { databaseWithEvents } from "./list_growth.ts";
import type { Benchmark } from "./measure.ts";

const sameQuery = `
  begin;
  select set_config('role', 'authenticated', true),
    set_config('request.jwt.claims', '{"sub": "00000000-0000-4000-8000-000000000001", "role": "authenticated"}', true);
  select * from public.list_open_events(20, 0);
  commit;
`;

export const stackList: Benchmark = {
  name: "stack_list",
  says: "session lists/s through the whole embedded stack, 32 connections, against the same query by pgbench",
  target: { atLeast: 0.15 },
  async run(compare) {
    const { databaseUrl = "", folder, drop } = await databaseWithEvents(1000);
    const dev = await startDev({ folder, databaseUrl, env: { LOG_PER_SECOND: "5" } });
    const email = `${crypto.randomUUID()}@example.com`;
    const { body } = await contract(dev, "sessions")("POST", "/api/auth/register", {
      body: { email, password: "password123", name: "Reader" },
    });
    const headers = { authorization: `Bearer ${body.access_token}` };
    const url = `${dev.url}/functions/v1/sessions/api/sessions?limit=20`;
    await compare(
      () => httpLoad(url, { connections: 32, seconds: 5, headers }),
      () => databaseLoad(databaseUrl, sameQuery, { connections: 32, seconds: 5 }),
    );
    dev.kill("SIGINT");
    await dev.ended;
    await drop();
  },
};
