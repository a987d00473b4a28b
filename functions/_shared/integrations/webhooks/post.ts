import { publicAddresses, type Resolver } from "./addresses.ts";

/** How much of an answer is read: its first line counts, the rest only lets the receiver finish. */
const maxAnswerBytes = 4096;

export interface PostOptions {
  headers: Record<string, string>;
  body: string;
  /** Ends everything: look-up, connection, answer. */
  signal: AbortSignal;
  /** The one host that may have any address, and that http may reach. */
  privateHost?: string | null;
  resolve?: Resolver;
  /** Trusted beside the runtime's own certificates. */
  caCerts?: string[];
}

/**
 * Posts to an address that a stranger has chosen, and answers the status.
 *
 * `fetch` looks the name up by itself, so what was checked and what is reached could differ. Here the connection goes
 * to the checked address, and TLS proves the name. Redirects are not followed: a status is all that is read.
 *
 * @throws {AddressRefusedError} when the host is not public
 * @throws {Error} when it cannot be reached, is not who it should be, or does not speak HTTP
 */
export async function postPinned(address: string, options: PostOptions): Promise<number> {
  const url = new URL(address);
  const isPrivate = options.privateHost === url.hostname;
  if (url.protocol !== "https:" && !(isPrivate && url.protocol === "http:")) {
    throw new TypeError("A webhook goes to https");
  }
  options.signal.throwIfAborted();
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const addresses = isPrivate ? [host] : await publicAddresses(url.hostname, options.signal, options.resolve);
  const tcp = await connect(addresses, portOf(url), options.signal);
  const connections: Deno.Conn[] = [tcp];
  const close = () => connections.forEach(closeQuietly);
  options.signal.addEventListener("abort", close);
  try {
    if (url.protocol === "https:") {
      const { caCerts = [] } = options;
      connections.unshift(await Deno.startTls(tcp, { hostname: host, caCerts, alpnProtocols: ["http/1.1"] }));
      options.signal.throwIfAborted();
    }
    return await exchange(connections[0]!, requestBytes(url, options));
  } catch (error) {
    options.signal.throwIfAborted();
    throw error;
  } finally {
    options.signal.removeEventListener("abort", close);
    close();
  }
}

function portOf({ port, protocol }: URL): number {
  return Number(port) || (protocol === "https:" ? 443 : 80);
}

/** The first of the addresses that answers. `Deno.connect` takes no signal on hosted's Deno: a late one is closed. */
async function connect(addresses: string[], port: number, signal: AbortSignal): Promise<Deno.TcpConn> {
  const late = Promise.withResolvers<never>();
  const abort = () => late.reject(signal.reason);
  signal.addEventListener("abort", abort);
  try {
    for (const [index, hostname] of addresses.entries()) {
      const connecting = Deno.connect({ hostname, port });
      try {
        return await Promise.race([connecting, late.promise]);
      } catch (error) {
        connecting.then(closeQuietly, () => {});
        if (signal.aborted || index === addresses.length - 1) throw error;
      }
    }
    throw new TypeError("There is no address");
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

function requestBytes(url: URL, { headers, body }: PostOptions): Uint8Array {
  const encoder = new TextEncoder();
  const content = encoder.encode(body);
  const head = new Headers({ ...headers, "content-length": String(content.length), connection: "close" });
  const lines = [`POST ${url.pathname}${url.search} HTTP/1.1`, `host: ${url.host}`];
  for (const [name, value] of head) lines.push(`${name}: ${value}`);
  const start = encoder.encode(`${lines.join("\r\n")}\r\n\r\n`);
  const bytes = new Uint8Array(start.length + content.length);
  bytes.set(start);
  bytes.set(content, start.length);
  return bytes;
}

/** Writes the request while it reads the answer: a receiver may refuse before it has read everything. */
async function exchange(connection: Deno.Conn, request: Uint8Array): Promise<number> {
  const written = writeAll(connection, request).then(() => null, (error: unknown) => error);
  const status = await readStatus(connection);
  if (status === null) throw await written ?? new TypeError("The answer is not HTTP");
  return status;
}

async function writeAll(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let sent = 0; sent < bytes.length;) sent += await connection.write(bytes.subarray(sent));
}

/** The status of the first answer that is not informational, or null. */
async function readStatus(connection: Deno.Conn): Promise<number | null> {
  const decoder = new TextDecoder("latin1");
  const buffer = new Uint8Array(1024);
  let text = "";
  let status: number | null = null;
  while (text.length < maxAnswerBytes) {
    const count = await connection.read(buffer).catch((error: unknown) => {
      if (status === null) throw error;
      return null;
    });
    if (count === null) break;
    text += decoder.decode(buffer.subarray(0, count), { stream: true });
    status ??= finalStatus(text);
  }
  return status;
}

const statusLine = /HTTP\/1\.[01] ([1-5]\d\d)[^\r\n]*\r\n/y;

/** In one pass: a stranger answers, and a pattern that fits in many ways would be tried in all of them. */
function finalStatus(text: string): number | null {
  for (let at = 0;;) {
    statusLine.lastIndex = at;
    const [, status = ""] = statusLine.exec(text) ?? [];
    if (!status.startsWith("1")) return status ? Number(status) : null;
    const end = text.indexOf("\r\n\r\n", at);
    if (end < 0) return null;
    at = end + 4;
  }
}

function closeQuietly(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch {
    // It is closed already: TLS took it over, or the other side ended it.
  }
}
