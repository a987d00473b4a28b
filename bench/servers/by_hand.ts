/**
 * What the kit's route does, written by hand and without Hono, log or errors: the least that a token, a validated body
 * and the common headers cost over HTTP.
 */
import { z } from "@hono/zod-openapi";
import { utcDateTime } from "../../functions/_shared/http/times.ts";

const Echo = z.object({
  title: z.string().min(1).max(200),
  capacity: z.int().min(1),
  starts_at: utcDateTime,
});

const limit = 1_000_000_000;
const token = crypto.randomUUID();
const users = new Map([[`Bearer ${token}`, { requests: 0 }]]);

Deno.serve({
  hostname: "127.0.0.1",
  port: 0,
  // deno-lint-ignore no-console -- the benchmark waits for the port
  onListen: ({ port }) => console.log(`port ${port}`),
}, async (request) => {
  if (request.url.endsWith("/token")) return new Response(token);
  const given = request.headers;
  if (Number(given.get("content-length")) > 1024 * 1024) return new Response(null, { status: 413 });
  if (given.get("content-type") !== "application/json") return new Response(null, { status: 415 });
  const user = users.get(given.get("authorization") ?? "");
  if (!user) return new Response(null, { status: 401 });
  user.requests++;
  const { success, data } = Echo.safeParse(await request.json());
  return new Response(JSON.stringify(data), {
    status: success ? 200 : 400,
    headers: {
      "content-type": "application/json",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "x-request-id": given.get("x-request-id") ?? crypto.randomUUID(),
      "x-ratelimit-limit": String(limit),
      "x-ratelimit-remaining": String(limit - user.requests),
      "x-ratelimit-reset": String(Math.ceil(Date.now() / 60_000) * 60),
    },
  });
});
