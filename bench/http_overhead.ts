import { httpLoad } from "./load.ts";
import type { Benchmark } from "./measure.ts";
import { startServer } from "./server.ts";

const body = JSON.stringify({ title: "Evening Yoga", capacity: 15, starts_at: "2030-01-15T18:00:00" });

export const httpOverhead: Benchmark = {
  name: "http_overhead",
  says:
    "requests/s of a route with token and validated body, by the kit and by hand, against a bare Deno.serve",
  target: { atLeast: 0.35 },
  async run(compare) {
    const bare = await startServer("bench/servers/bare.ts");
    for (const label of ["kit", "by hand"]) {
      const server = await startServer(`bench/servers/${label.replace(" ", "_")}.ts`);
      const token = await (await fetch(`${server.url}/token`)).text();
      const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
      const load = (url: string) => () => httpLoad(url, { connections: 32, seconds: 3, headers, body });
      await compare(load(`${server.url}/bench/echo`), load(bare.url), label);
      await server.stop();
    }
    await bare.stop();
  },
};
