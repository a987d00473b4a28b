import assert from "node:assert/strict";
import type { Stack } from "../../local/stack.ts";
import { BrowserClient } from "./browser_client.ts";

let [lastPhone = 0] = crypto.getRandomValues(new Uint32Array(1));

/** A mobile number that nobody else has. */
export function somePhone(): string {
  lastPhone++;
  return `+49151${String(lastPhone).padStart(10, "0").slice(-8)}`;
}

/** The last code that arrived at a number. */
export async function codeOf(stack: Pick<Stack, "inbox">, phone: string): Promise<string> {
  const { text } = await stack.inbox.wait(({ kind, to }) => kind === "sms" && to === phone);
  return /\d{6}/.exec(text)?.[0] ?? "";
}

/** A code that is not this one. */
export function otherCode(code: string): string {
  return code === "123456" ? "654321" : "123456";
}

/** Lets the next code be sent at once: Auth's own clock and ours both see the last one a minute ago. */
export async function forgetInterval(stack: Pick<Stack, "database">, phone: string): Promise<void> {
  await stack.database.query(
    "update private.phone_codes set sent_at = sent_at - interval '61 seconds' where phone_hash = private.phone_hash($1)",
    [phone],
  );
  await stack.database.query(
    "update auth.users set confirmation_sent_at = confirmation_sent_at - interval '61 seconds' where phone = $1",
    [phone.slice(1)],
  );
}

/** Somebody with a phone and a browser on the contract's own site. */
export class PhonePerson extends BrowserClient {
  readonly phone = somePhone();
  /** The access token of the last sign-in. */
  token = "";
  refreshToken = "";

  constructor(override readonly stack: Pick<Stack, "url" | "inbox" | "database">) {
    super(stack, "facilitator");
  }

  sendCode() {
    return this.call("POST", "/api/auth/send-otp", { body: { phone_number: this.phone } });
  }

  async enterCode(otp?: string) {
    otp ??= await codeOf(this.stack, this.phone);
    const answer = await this.call("POST", "/api/auth/verify-otp", {
      body: { phone_number: this.phone, otp },
    });
    if (answer.status === 200) {
      this.token = answer.body.access_token;
      this.refreshToken = answer.body.refresh_token;
    }
    return answer;
  }

  async signIn() {
    const sent = await this.sendCode();
    assert.equal(sent.status, 200, JSON.stringify(sent.body));
    return await this.enterCode();
  }

  /** Signs in and completes the onboarding. */
  async onboard(profile: Record<string, unknown> = {}) {
    await this.signIn();
    const answer = await this.call("POST", "/api/auth/complete-onboarding", {
      body: { name: "John Doe", email: "john@example.com", ...profile },
    });
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return answer.body.facilitator;
  }
}
