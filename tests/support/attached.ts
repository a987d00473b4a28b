import { hostFunctions } from "../../local/functions.ts";
import { functionEnvironment } from "../../local/function_environment.ts";
import { Inbox } from "../../local/inbox.ts";
import { loadKeys } from "../../local/keys.ts";
import { receiveMail } from "../../local/resend.ts";
import { PostgresDatabase } from "../../local/database/postgres.ts";
import { stripePath, StripeSimulator } from "../../local/stripe/simulator.ts";
import type { StackOptions } from "../../local/stack.ts";
import { shutDown } from "./shut_down.ts";

/**
 * The Supabase project that the tests run against instead of an embedded one, such as `supabase start` gives: its URL,
 * database and keys are in the environment.
 */
export const attachedUrl = Deno.env.get("SUPABASE_TEST_URL");

/**
 * Our functions in this process before a running project: requests for them are answered here, everything else goes to
 * the project. So the tests meet the real PostgREST, Auth and Realtime.
 */
export async function attach(options: Pick<StackOptions, "env" | "now" | "stripe" | "write">) {
  const database = await PostgresDatabase.open(Deno.env.get("SUPABASE_TEST_DB_URL") ?? "");
  const keys = {
    ...await loadKeys(null),
    publishableKey: Deno.env.get("SUPABASE_TEST_PUBLISHABLE_KEY") ?? "",
    secretKey: Deno.env.get("SUPABASE_TEST_SECRET_KEY") ?? "",
  };
  const inbox = new Inbox();
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request): Promise<Response> => {
      const { pathname, search } = new URL(request.url);
      if (pathname === "/simulators/resend/emails") {
        return await receiveMail(request, { inbox, apiKey: env.RESEND_API_KEY ?? "" });
      }
      if (pathname.startsWith(stripePath)) return await stripe.fetch(request);
      if (pathname.startsWith("/functions/v1/")) return await functions.fetch(request, "127.0.0.1");
      const headers = new Headers(request.headers);
      headers.delete("host");
      const { method, body } = request;
      return await fetch(`${attachedUrl}${pathname}${search}`, { method, headers, body, redirect: "manual" });
    },
  );
  const url = `http://127.0.0.1:${server.addr.port}`;
  const stripe: StripeSimulator = new StripeSimulator(url, options.now ?? (() => new Date()), options.stripe);
  const own = { JWT_ISSUER: `${attachedUrl}/auth/v1`, ...options.env };
  const env: Record<string, string> = functionEnvironment(url, keys, own, stripe.credentials);
  const functions = hostFunctions(env, options);
  return {
    url,
    keys,
    database,
    inbox,
    stripe,
    functions,
    runWorker: () =>
      functions.fetch(
        new Request(`${url}/functions/v1/worker/run`, {
          method: "POST",
          headers: { authorization: `Bearer ${keys.workerToken}` },
        }),
        "127.0.0.1",
      ),
    async close() {
      await stripe.close();
      await functions.settle();
      await shutDown(server);
      await database.close();
    },
  };
}
