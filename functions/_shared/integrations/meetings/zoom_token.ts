import { z } from "@hono/zod-openapi";
import type { Runtime } from "../../runtime.ts";
import { readAnswer, vendorFetch } from "../vendor.ts";

const Grant = z.object({ access_token: z.string(), expires_in: z.number() });

/** So long before its end a token is not used any more. */
const marginMs = 60_000;

const tokens = new WeakMap<Runtime["config"], { token: string; endsAt: number }>();

/** The account's access token by Server-to-Server OAuth, kept while it is good. @throws {VendorError} */
export async function zoomToken(runtime: Runtime, zoom: NonNullable<Runtime["config"]["meetings"]["zoom"]>) {
  const known = tokens.get(runtime.config);
  if (known && known.endsAt > runtime.now().getTime()) return known.token;
  const answer = await vendorFetch(runtime, "zoom", `${zoom.authUrl}/oauth/token`, {
    method: "POST",
    headers: {
      authorization: `Basic ${btoa(`${zoom.clientId}:${zoom.clientSecret}`)}`,
      "content-type": "application/x-www-form-urlencoded",
    },
    body: new URLSearchParams({ grant_type: "account_credentials", account_id: zoom.accountId }).toString(),
  });
  const grant = readAnswer("zoom", Grant, answer);
  const endsAt = runtime.now().getTime() + grant.expires_in * 1000 - marginMs;
  tokens.set(runtime.config, { token: grant.access_token, endsAt });
  return grant.access_token;
}

/** Forgets a token that Zoom does not take any more. */
export function forgetZoomToken(runtime: Runtime): void {
  tokens.delete(runtime.config);
}
