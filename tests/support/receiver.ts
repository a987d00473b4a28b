import { shutDown } from "./shut_down.ts";

/** How a receiver treats what it gets. */
export type Behaviour = "answer" | "fail" | "garbage" | "hang" | "refuse";

export interface Received {
  path: string;
  headers: Headers;
  // deno-lint-ignore no-explicit-any -- whatever was sent; tests assert what they expect of it
  body: any;
}

/** A vendor's HTTP API on this machine: keeps what it accepted, and can be down, slow or talk nonsense. */
export interface Receiver {
  readonly url: string;
  /** What it accepted, in the order of arrival. */
  readonly accepted: Received[];
  /** How many requests came, whatever became of them. */
  readonly requests: number;
  behave(behaviour: Behaviour): void;
  close(): Promise<void>;
}

export function receiver(answer: unknown): Receiver {
  let behaviour: Behaviour = "answer";
  let requests = 0;
  const accepted: Received[] = [];
  const hanging = new Set<() => void>();
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    requests++;
    const body = await request.json().catch(() => null);
    if (behaviour === "hang") {
      await new Promise<void>((resolve) => hanging.add(resolve));
      return new Response(null, { status: 503 });
    }
    if (behaviour === "fail") return Response.json({ error: "down" }, { status: 500 });
    if (behaviour === "refuse") return Response.json({ error: "no" }, { status: 422 });
    if (behaviour === "garbage") return new Response("<html>It works!</html>");
    accepted.push({ path: new URL(request.url).pathname, headers: request.headers, body });
    return Response.json(answer);
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    accepted,
    get requests() {
      return requests;
    },
    behave(next) {
      behaviour = next;
      for (const release of hanging) release();
      hanging.clear();
    },
    async close() {
      this.behave("answer");
      await shutDown(server);
    },
  };
}
