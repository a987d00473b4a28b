import { type Answer, type Call, contract } from "../../support/http.ts";
import { daysAhead } from "../../support/people.ts";
import { type TestStack, testStack } from "../../support/stack.ts";

/** Somebody who registered through this contract. */
export interface Member {
  id: string;
  email: string;
  name: string;
  token: string;
}

/** The sessions contract on a stack of its own, with its document's words. */
export class Sessions {
  private constructor(readonly stack: TestStack & AsyncDisposable) {}

  static async start(): Promise<Sessions> {
    return new Sessions(await testStack());
  }

  call(method: string, path: string, call?: Call): Promise<Answer> {
    return contract(this.stack, "sessions")(method, path, call);
  }

  async register(
    role: "user" | "facilitator",
    name = role === "user" ? "Jane Smith" : "John Doe",
  ): Promise<Member> {
    const email = `${crypto.randomUUID()}@example.com`;
    const { body } = await this.call("POST", "/api/auth/register", {
      body: { email, password: "password123", name, role },
    });
    return { id: body.user.id, email, name, token: body.access_token };
  }

  /** Creates a session of the facilitator and answers its id. */
  async createSession(facilitator: Member, session: Record<string, unknown> = {}): Promise<string> {
    const { body } = await this.call("POST", "/api/sessions", {
      token: facilitator.token,
      body: { ...someSession(), ...session },
    });
    return body.session_id;
  }

  book(member: Member, sessionId: string, call: Call & { notes?: string } = {}): Promise<Answer> {
    const { notes, ...rest } = call;
    return this.call("POST", "/api/bookings", {
      token: member.token,
      body: { session_id: sessionId, ...(notes === undefined ? {} : { notes }) },
      ...rest,
    });
  }

  async cancelSession(facilitator: Member, sessionId: string): Promise<Answer> {
    return await this.call("POST", `/api/sessions/${sessionId}/cancel`, { token: facilitator.token });
  }

  close(): Promise<void> {
    return this.stack.close();
  }
}

/** A date-time as the document writes it, so many days ahead. */
export function documentTime(days: number, hours = 0): string {
  return daysAhead(days, hours).slice(0, 19);
}

/** The body of a session that can be created. */
export function someSession() {
  return {
    title: "Evening Yoga",
    description: "Relaxing yoga session",
    session_type: "session",
    start_time: documentTime(7),
    end_time: documentTime(7, 1),
    capacity: 15,
    price: 30.0,
  };
}
