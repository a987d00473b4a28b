import { shutDown } from "./shut_down.ts";

/** A request as a vendor's peer got it. */
export interface Asked {
  method: string;
  /** With its query. */
  path: string;
  headers: Headers;
  // deno-lint-ignore no-explicit-any -- whatever was sent; tests assert what they expect of it
  body: any;
}

/** A vendor's HTTP API on this machine, which answers as the test says. */
export interface Vendor extends AsyncDisposable {
  readonly url: string;
  readonly asked: Asked[];
}

export function vendor(answer: (asked: Asked) => Response | Promise<Response>): Vendor {
  const asked: Asked[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const { pathname, search } = new URL(request.url);
    const text = await request.text();
    const isJson = request.headers.get("content-type")?.includes("json") && text !== "";
    const one = {
      method: request.method,
      path: `${pathname}${search}`,
      headers: request.headers,
      body: isJson ? JSON.parse(text) : text,
    };
    asked.push(one);
    return await answer(one);
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    asked,
    [Symbol.asyncDispose]: () => shutDown(server),
  };
}
