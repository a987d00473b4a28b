import { type Answer, type Call, contract } from "../../support/http.ts";
import { makeProvider, type Person } from "../../support/people.ts";
import { type TestStack, testStack } from "../../support/stack.ts";

/** Facilitators and their offerings on a stack of their own, over HTTP. */
export class Offerings {
  private constructor(readonly stack: TestStack & AsyncDisposable) {}

  static async start(): Promise<Offerings> {
    return new Offerings(await testStack());
  }

  call(method: string, path: string, call?: Call): Promise<Answer> {
    return contract(this.stack, "facilitator")(method, path, call);
  }

  facilitator(name?: string): Promise<Person> {
    return makeProvider(this.stack, name === undefined ? {} : { name });
  }

  /** Creates an offering and answers it. */
  async create(facilitator: Person, offering: Record<string, unknown> = {}) {
    const { body } = await this.call("POST", "/api/offerings/", {
      token: facilitator.token,
      body: { ...someOffering(), ...offering },
    });
    return body.offering;
  }

  async search(query: Record<string, string>): Promise<Answer> {
    return await this.call("GET", `/api/facilitator/offerings/search?${new URLSearchParams(query)}`);
  }

  /** Titles that a search finds, in its order. */
  async found(query: Record<string, string>): Promise<string[]> {
    const { body } = await this.search({ limit: "100", ...query });
    return body.offerings.map((offering: { title: string }) => offering.title);
  }

  close(): Promise<void> {
    return this.stack.close();
  }
}

/** The document's own example. */
export function someOffering() {
  return {
    title: "Yoga for Beginners",
    description: "A comprehensive yoga course for beginners",
    category: "Fitness",
    basic_info: { level: "beginner" },
    details: { bring: ["mat", "water"] },
    price_schedule: { price: 25.5, currency: "USD" },
  };
}
