import { Webhook } from "standardwebhooks";
import { shutDown } from "./shut_down.ts";

/** One request that came, whatever was answered. */
export interface ReceivedWebhook {
  id: string;
  /** With the query. */
  path: string;
  text: string;
  headers: Record<string, string>;
  // deno-lint-ignore no-explicit-any -- whatever was sent; tests assert what they expect of it
  body: any;
}

/** Somebody's server that hears of domain events: keeps every request with its text, and answers as it is told. */
export interface WebhookReceiver {
  readonly url: string;
  readonly requests: ReceivedWebhook[];
  /** What it answered 2xx to, each message once, as a receiver that keeps the ids it has seen. */
  accepted(): ReceivedWebhook[];
  answer(next: Answer): void;
  close(): Promise<void>;
}

type Answer = (request: ReceivedWebhook) => Response | Promise<Response>;

/** Verifies as receivers do. Throws when the signature does not hold. */
export function verify(secret: string, { text, headers }: ReceivedWebhook): unknown {
  return new Webhook(secret).verify(text, headers);
}

export function webhookReceiver(): WebhookReceiver {
  let answer: Answer = () => new Response();
  const requests: ReceivedWebhook[] = [];
  const taken = new Map<string, ReceivedWebhook>();
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const text = await request.text();
    const headers = Object.fromEntries(request.headers);
    const { pathname, search } = new URL(request.url);
    const received = {
      id: headers["webhook-id"] ?? "",
      path: `${pathname}${search}`,
      text,
      headers,
      body: JSON.parse(text),
    };
    requests.push(received);
    const response = await answer(received);
    if (response.ok && !taken.has(received.id)) taken.set(received.id, received);
    return response;
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    requests,
    accepted: () => [...taken.values()],
    answer: (next) => void (answer = next),
    close: () => shutDown(server),
  };
}
