import type { Stack } from "../../local/stack.ts";
import { type Answer, type Call, contract } from "./http.ts";

/** Calls a contract as a browser does that is on its site: keeps the cookies that it is given and sends them along. */
export class BrowserClient {
  readonly cookies = new Map<string, string>();

  constructor(readonly stack: Pick<Stack, "url">, readonly name: string) {}

  async call(method: string, path: string, call: Call = {}): Promise<Answer> {
    const answer = await contract(this.stack, this.name)(method, path, {
      ...call,
      headers: { ...(this.cookies.size > 0 ? { cookie: this.header } : {}), ...call.headers },
    });
    for (const cookie of answer.headers.getSetCookie()) this.#keep(cookie);
    return answer;
  }

  get header(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  #keep(cookie: string): void {
    const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
    if (/; Max-Age=0(;|$)/.test(cookie)) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}
