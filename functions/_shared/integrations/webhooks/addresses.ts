import ipaddr from "ipaddr.js";

/** The addresses of a host, from the Domain Name System. */
export type Resolver = (host: string, signal: AbortSignal) => Promise<string[]>;

/** A receiver that must not be reached. Says no more than that: names inside the network are nobody's business. */
export class AddressRefusedError extends Error {
  override name = "AddressRefusedError";
}

/** Azure answers its machines here, in the middle of the public space. */
const wireServer = "168.63.129.16";

/**
 * Whether an address is one of the public internet: not loopback, private, link-local (and with it the metadata of
 * clouds), shared (CGNAT), multicast or reserved, nor one of these inside an IPv6 address.
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.process(text);
  if (address.range() !== "unicast" || address.toString() === wireServer) return false;
  // The library calls unassigned space unicast as well; the internet's is 2000::/3.
  return address instanceof ipaddr.IPv4 || address.match(ipaddr.IPv6.parse("2000::"), 3);
}

/**
 * The public addresses of a host, to connect to and to nothing else: a second look-up could answer differently.
 *
 * @param host a name or a literal address, as `URL.hostname` has it
 * @throws {AddressRefusedError} when it has no address, or any that is not public
 */
export async function publicAddresses(
  host: string,
  signal: AbortSignal,
  resolve: Resolver = resolveHost,
): Promise<string[]> {
  const literal = host.replace(/^\[(.*)\]$/, "$1");
  const addresses = ipaddr.isValid(literal) ? [literal] : await resolve(host, signal);
  if (addresses.length === 0 || !addresses.every(isPublicAddress)) throw new AddressRefusedError();
  return addresses;
}

/** IPv4 first: not every network that functions run in has a way to IPv6. */
async function resolveHost(host: string, signal: AbortSignal): Promise<string[]> {
  const answers = await Promise.all(
    (["A", "AAAA"] as const).map((type) => Deno.resolveDns(host, type, { signal }).catch(() => [])),
  );
  return answers.flat();
}
