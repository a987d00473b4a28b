import { httpLoad } from "./load.ts";
import type { Benchmark } from "./measure.ts";
import { startServer } from "./server.ts";

const body = JSON.stringify({ title: "Evening Yoga", capacity: 15, starts_at: "2030-01-15T18:00:00" });

export const httpOverhead: Benchmark = {
  name: "http_overhead",
  says: "requests/s of a route of the kit with token and validated body, against a bare Deno.serve",
  target: { atLeast: 0.35 },
  async run(compare) {
    const [kit, bare] = [
      await startServer("bench/servers/kit.ts"),
      await startServer("bench/servers/bare.ts"),
    ];
    const token = await (await fetch(`${kit.url}/token`)).text();
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const load = (url: string) => () => httpLoad(url, { connections: 32, seconds: 3, headers, body });
    await compare(load(`${kit.url}/bench/echo`), load(bare.url));
    await Promise.all([kit.stop(), bare.stop()]);
  },
};
