import { createHash } from "node:crypto";
import { isIP } from "node:net";
import type { Context } from "hono";
import type { Config } from "../config.ts";

/**
 * The client's address as the platform wrote it, or null when none is configured or it is not an address. Never the
 * leftmost X-Forwarded-For, which the client writes itself.
 */
export function clientAddress(c: Context, config: Config): string | null {
  if (!config.clientIpHeader) return null;
  const address = c.req.header(config.clientIpHeader)?.trim() ?? "";
  return isIP(address) ? address : null;
}

/** A bucket's name that does not tell whom it counts. */
export function bucketOf(...parts: string[]): string {
  return createHash("sha256").update(parts.join("\n")).digest("base64url");
}
