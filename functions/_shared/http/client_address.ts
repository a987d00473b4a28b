import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { Config } from "../config.ts";

const Address = z.union([z.ipv4(), z.ipv6()]);

/**
 * The client's address as the platform wrote it, an IPv4 address mapped into IPv6 as itself; null when none is
 * configured or it is not an address. Never the leftmost X-Forwarded-For, which the client writes itself.
 */
export function clientAddress(c: Context, config: Config): string | null {
  if (!config.clientIpHeader) return null;
  const address = Address.safeParse(c.req.header(config.clientIpHeader)?.trim()).data ?? null;
  return address?.includes(":") ? unmapped(address) : address;
}

/**
 * What a limit counts an address of `clientAddress` as: IPv6 by its /64, for one customer has all of that. SQL's
 * `private.address_bucket` does the same.
 */
export function addressBucket(address: string): string {
  if (!address.includes(":")) return address;
  return `${ipv6Groups(address).slice(0, 4).map((group) => group.toString(16)).join(":")}::/64`;
}

function unmapped(address: string): string {
  const groups = ipv6Groups(address);
  const isMapped = groups.slice(0, 6).every((group, i) => group === (i < 5 ? 0 : 0xffff));
  return isMapped ? groups.slice(6).flatMap((group) => [group >> 8, group & 0xff]).join(".") : address;
}

/** The eight numbers of an IPv6 address, which a URL writes in one way. Loading a library for it costs more. */
function ipv6Groups(address: string): number[] {
  const [head = "", tail = ""] = new URL(`http://[${address}]`).hostname.slice(1, -1).split("::");
  const [first, last] = [numbers(head), numbers(tail)];
  return [...first, ...Array<number>(8 - first.length - last.length).fill(0), ...last];
}

function numbers(groups: string): number[] {
  return groups === "" ? [] : groups.split(":").map((group) => parseInt(group, 16));
}
