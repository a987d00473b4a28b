import { isIP } from "node:net";
import type { AuthConfig } from "./config.ts";
import type { Caller } from "./context.ts";

export function isIpAddress(text: string): boolean {
  return isIP(text) !== 0;
}

/**
 * The address that limits count. Servers share few addresses, so the secret key may name that of its user; nobody
 * else may, and what is no address is ignored.
 */
export function clientAddress(request: Request, caller: Caller, config: AuthConfig): string {
  if (caller.key !== "secret" || !config.forwardedForEnabled) return caller.address;
  const named = request.headers.get("sb-forwarded-for")?.split(",")[0]?.trim() ?? "";
  return isIpAddress(named) ? named.toLowerCase() : caller.address;
}
