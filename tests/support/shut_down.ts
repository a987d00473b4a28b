import { settledWithin } from "../../local/settled_within.ts";

/** Stops a test's server. A client that is in the middle of a request is waited for, but not for ever. */
export function shutDown(server: Deno.HttpServer<Deno.Addr>): Promise<void> {
  return settledWithin(server.shutdown(), 5_000);
}
