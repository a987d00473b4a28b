import type { Context } from "hono";
import type { Config } from "../config.ts";

/**
 * Whether a request comes from our own pages, from a website of CORS_ORIGINS, or from no website at all: then the
 * cookies that came with it are its sender's will. Browsers do not let pages write either header.
 */
export function isTrustedSource(c: Context, config: Config): boolean {
  const site = c.req.header("sec-fetch-site");
  if (site === "same-origin" || site === "none") return true;
  const origin = c.req.header("origin");
  if (origin === undefined) return site === undefined;
  return origin === new URL(config.supabaseUrl).origin || config.corsOrigins.includes(origin);
}
