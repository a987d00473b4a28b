import type { Context, MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import type { Runtime } from "../runtime.ts";
import type { Env } from "./context.ts";

export const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];
const allowHeaders = [
  "authorization",
  "content-type",
  "apikey",
  "x-client-info",
  "idempotency-key",
  "x-request-id",
];
const exposeHeaders = [
  "Link",
  "Retry-After",
  "X-Request-Id",
  "X-Total-Count",
  "X-Total-Count-Exact",
  "X-RateLimit-Limit",
  "X-RateLimit-Remaining",
  "X-RateLimit-Reset",
].join(",");

/**
 * Answers a browser that asks before it calls: any origin may unless some are configured. Only those may bring cookies,
 * and only to a contract that takes them.
 */
export function preflight(runtime: Runtime, takesCookies: boolean): (c: Context) => Promise<Response> {
  let handler: MiddlewareHandler | undefined;
  return async (c) => {
    const { corsOrigins } = runtime.config;
    const origin = corsOrigins.length > 0 ? corsOrigins : "*";
    const credentials = takesCookies && corsOrigins.length > 0;
    handler ??= cors({ origin, allowMethods: methods, allowHeaders, maxAge: 86_400, credentials });
    return await handler(c, () => Promise.resolve()) ?? c.res;
  };
}

/**
 * Puts on an answer what all answers carry: who may read it in a browser, that nothing keeps it or guesses its type, the
 * request's id and where the client stands with its limit. Set once, on the finished answer: each header costs
 * a microsecond, and more where they are copied from answer to answer on the way.
 */
export function setCommonHeaders(
  c: Context<Env>,
  { headers }: Response,
  runtime: Runtime,
  takesCookies: boolean,
): void {
  const origin = c.req.header("origin");
  if (origin && c.req.method !== "OPTIONS") {
    allowReading(headers, origin, { corsOrigins: runtime.config.corsOrigins, takesCookies });
  }
  headers.set("Cache-Control", "no-store");
  headers.set("X-Content-Type-Options", "nosniff");
  headers.set("X-Request-Id", c.get("requestId"));
  const count = c.get("count");
  if (!count) return;
  headers.set("X-RateLimit-Limit", String(count.limit));
  headers.set("X-RateLimit-Remaining", String(count.remaining));
  headers.set("X-RateLimit-Reset", String(Math.ceil(count.resetAtMs / 1000)));
}

function allowReading(
  headers: Headers,
  origin: string,
  { corsOrigins, takesCookies }: { corsOrigins: string[]; takesCookies: boolean },
): void {
  headers.set("Access-Control-Expose-Headers", exposeHeaders);
  if (corsOrigins.length === 0) {
    headers.set("Access-Control-Allow-Origin", "*");
    return;
  }
  if (corsOrigins.includes(origin)) {
    headers.set("Access-Control-Allow-Origin", origin);
    if (takesCookies) headers.set("Access-Control-Allow-Credentials", "true");
  }
  headers.append("Vary", "Origin");
}
