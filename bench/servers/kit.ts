import { createRoute, z } from "@hono/zod-openapi";
import { createContract } from "../../functions/_shared/http/contract.ts";
import { errorRenderer } from "../../functions/_shared/http/error_renderer.ts";
import { jsonBody, jsonResponse } from "../../functions/_shared/http/openapi.ts";
import { userRoutes } from "../../functions/_shared/http/routes.ts";
import { utcDateTime } from "../../functions/_shared/http/times.ts";
import { createRuntime } from "../../functions/_shared/runtime.ts";
import { loadKeys } from "../../local/keys.ts";
import { TokenAuthority } from "../../local/tokens.ts";

/** One route of the kit, with everything that a route of a contract has but the database. */
const Echo = z.object({
  title: z.string().min(1).max(200),
  capacity: z.int().min(1),
  starts_at: utcDateTime,
});
const echo = createRoute({
  method: "post",
  path: "/echo",
  operationId: "echo",
  tags: ["Bench"],
  summary: "Answer what came",
  request: { body: jsonBody(() => Echo) },
  responses: { 200: jsonResponse(() => Echo, "The same") },
});

const keys = await loadKeys(null);
let handler = (_request: Request): Response | Promise<Response> => new Response(null, { status: 503 });
const server = Deno.serve(
  { hostname: "127.0.0.1", port: 0, onListen: () => {} },
  (request) => handler(request),
);
const url = `http://127.0.0.1:${server.addr.port}`;
const tokens = await TokenAuthority.create(keys, url);
const token = await tokens.sign(
  { sub: crypto.randomUUID(), role: "authenticated", aud: "authenticated" },
  3600,
);

const env: Record<string, string> = {
  SUPABASE_URL: url,
  SUPABASE_ANON_KEY: keys.publishableKey,
  SUPABASE_SERVICE_ROLE_KEY: keys.secretKey,
  RATE_LIMIT_API: "1000000000/60",
};
const contract = createContract(createRuntime((name) => env[name], { write: () => {} }), {
  name: "bench",
  title: "Bench",
  description: "For the benchmarks",
  errors: errorRenderer({
    schema: z.object({ error: z.string() }),
    words: {},
    envelope: ({ code }) => ({ error: code }),
  }),
});
userRoutes(contract).add(echo, (c) => c.json(c.req.valid("json"), 200));

handler = (request) => {
  if (request.url.endsWith("/jwks.json")) return Response.json({ keys: [keys.publicJwk] });
  if (request.url.endsWith("/token")) return new Response(token);
  return contract.hono.fetch(request);
};
// deno-lint-ignore no-console -- the benchmark waits for the port
console.log(`port ${server.addr.port}`);
