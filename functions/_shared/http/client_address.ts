import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { Config } from "../config.ts";

const Address = z.union([z.ipv4(), z.ipv6()]);

/**
 * The client's address as the platform wrote it, or null when none is configured or it is not an address. Never the
 * leftmost X-Forwarded-For, which the client writes itself.
 */
export function clientAddress(c: Context, config: Config): string | null {
  if (!config.clientIpHeader) return null;
  return Address.safeParse(c.req.header(config.clientIpHeader)?.trim()).data ?? null;
}
