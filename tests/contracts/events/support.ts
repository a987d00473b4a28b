import { type Answer, type Call, contract } from "../../support/http.ts";
import { makeEvent, makeProvider, type Person } from "../../support/people.ts";
import { type TestStack, testStack } from "../../support/stack.ts";
import type { StackOptions } from "../../../local/stack.ts";

/** Somebody who registered and signed in through this contract. */
export interface Member {
  id: string;
  email: string;
  token: string;
  refreshToken: string;
}

export const password = "securepassword123";

/** The events contract on a stack of its own, with its document's words. */
export class Events {
  private constructor(readonly stack: TestStack & AsyncDisposable) {}

  static async start(options: Partial<StackOptions> = {}): Promise<Events> {
    return new Events(await testStack(options));
  }

  call(method: string, path: string, call?: Call): Promise<Answer> {
    return contract(this.stack, "events")(method, path, call);
  }

  register(account: Record<string, unknown> = {}): Promise<Answer> {
    return this.call("POST", "/api/auth/register", {
      body: {
        email: `${crypto.randomUUID()}@example.com`,
        password,
        first_name: "John",
        last_name: "Doe",
        phone: "+1 (202) 555-0123",
        ...account,
      },
    });
  }

  async member(account: Record<string, unknown> = {}): Promise<Member> {
    const { body: { user } } = await this.register(account);
    const { body } = await this.call("POST", "/api/auth/login", { body: { email: user.email, password } });
    return { id: user.id, email: user.email, token: body.access_token, refreshToken: body.refresh_token };
  }

  provider(name = "Amara Nwosu"): Promise<Person> {
    return makeProvider(this.stack, { name });
  }

  /** Publishes an event of a provider through supabase-js, as this document has no way to. */
  async event(provider: Person, event: Parameters<typeof makeEvent>[1] = {}): Promise<string> {
    return (await makeEvent(provider, event)).id;
  }

  book(member: { token: string }, eventId: string, call: Call = {}): Promise<Answer> {
    return this.call("POST", "/api/bookings/", {
      token: member.token,
      body: { event_id: eventId, notes: "Looking forward to this session" },
      ...call,
    });
  }

  close(): Promise<void> {
    return this.stack.close();
  }
}
