/** A TCP proxy before a server: forwards, refuses, or takes connections and says nothing. */
export interface Proxy {
  readonly port: number;
  behave(behaviour: "forward" | "refuse" | "hang"): void;
  close(): void;
}

export function startProxy(server: URL): Proxy {
  let behaviour: "forward" | "refuse" | "hang" = "forward";
  const open = new Set<Deno.Conn>();
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const cut = () => {
    for (const connection of open) {
      try {
        connection.close();
      } catch {
        // It has ended by itself.
      }
    }
    open.clear();
  };
  const serve = async (client: Deno.Conn) => {
    if (behaviour === "refuse") return client.close();
    open.add(client);
    if (behaviour === "hang") return;
    const upstream = await Deno.connect({ hostname: server.hostname, port: Number(server.port) });
    open.add(upstream);
    const pump = (from: Deno.Conn, to: Deno.Conn) => from.readable.pipeTo(to.writable).catch(() => {});
    await Promise.all([pump(client, upstream), pump(upstream, client)]);
  };
  (async () => {
    for await (const client of listener) serve(client).catch(() => {});
  })().catch(() => {});
  return {
    port: listener.addr.port,
    behave(next) {
      behaviour = next;
      cut();
    },
    close() {
      listener.close();
      cut();
    },
  };
}

/** The same server, reached through a proxy. */
export function atPort(databaseUrl: string, port: number): string {
  const url = new URL(databaseUrl);
  url.port = String(port);
  return url.href;
}
