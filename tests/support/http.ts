import type { Stack } from "../../local/stack.ts";

export interface Answer {
  status: number;
  headers: Headers;
  // deno-lint-ignore no-explicit-any -- tests read documented fields; what they expect is asserted
  body: any;
}

export interface Call {
  token?: string | undefined;
  body?: unknown;
  headers?: Record<string, string>;
}

/** Calls a contract over HTTP as a client of its document does. */
export function contract(stack: Pick<Stack, "url">, name: string) {
  return async (method: string, path: string, { token, body, headers = {} }: Call = {}): Promise<Answer> => {
    const response = await fetch(`${stack.url}/functions/v1/${name}${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
      body: body === undefined || typeof body === "string" ? body as string ?? null : JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: parse(text) };
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
