import { type Answer, type Call, contract } from "../../support/http.ts";
import { type TestStack, testStack } from "../../support/stack.ts";

/** The CRM contract on a stack of its own, with its document's words. */
export class Crm {
  private constructor(readonly stack: TestStack & AsyncDisposable) {}

  static async start(env: Record<string, string> = {}): Promise<Crm> {
    return new Crm(await testStack({ env }));
  }

  call(method: string, path: string, call: Call = {}): Promise<Answer> {
    return contract(this.stack, "crm")(method, path, { token: this.stack.keys.workerToken, ...call });
  }

  notify(notification: unknown): Promise<Answer> {
    return this.call("POST", "/api/notify", { body: notification });
  }

  close(): Promise<void> {
    return this.stack.close();
  }
}

/** A notification as the document shows one. */
export function someNotification() {
  return {
    booking_id: crypto.randomUUID(),
    user: { id: crypto.randomUUID(), email: "user@example.com", name: "John Doe", phone: "+1234567890" },
    event: {
      id: crypto.randomUUID(),
      title: "Morning Meditation Session",
      type: "session",
      start_datetime: "2030-01-15T07:00:00",
      location: "Wellness Center",
    },
    facilitator_id: crypto.randomUUID(),
    booking_date: "2030-01-01T12:00:00",
    notes: "Looking forward to this session",
  };
}
