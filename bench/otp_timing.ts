import assert from "node:assert/strict";
import { contract } from "../tests/support/http.ts";
import { codeOf, otherCode, PhonePerson, somePhone } from "../tests/support/phones.ts";
import { testStack } from "../tests/support/stack.ts";
import type { Benchmark } from "./measure.ts";

const requests = 12;

export const otpTiming: Benchmark = {
  name: "otp_timing",
  says: "median ms of an answer about a facilitator's phone, against one that nobody has",
  target: { between: [0.9, 1.1] },
  async run(compare) {
    await using stack = await testStack({
      env: { CODE_INTERVAL_SECONDS: "0" },
      auth: { sms: { maxFrequencyMs: 0 } },
    });
    const facilitator = new PhonePerson(stack);
    await facilitator.onboard();
    const known = () => facilitator.phone;
    const call = contract(stack, "facilitator");
    const send = async (phone: string) => {
      const { status } = await call("POST", "/api/auth/send-otp", { body: { phone_number: phone } });
      assert.equal(status, 200);
    };
    const verifyWrong = async (phone: string, otp: string) => {
      const { status } = await call("POST", "/api/auth/verify-otp", { body: { phone_number: phone, otp } });
      assert.equal(status, 401);
    };
    const sending = (phone: () => string) => () => medianOf(async () => await timed(() => send(phone())));
    const verifying = (phone: () => string) => () =>
      medianOf(async () => {
        const asked = phone();
        await send(asked);
        const wrong = otherCode(await codeOf(stack, asked));
        return await timed(() => verifyWrong(asked, wrong));
      });
    await compare(sending(known), sending(somePhone), "send");
    await compare(verifying(known), verifying(somePhone), "wrong code");
  },
};

async function timed(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

async function medianOf(measure: () => Promise<number>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < requests; i++) times.push(await measure());
  return times.sort((a, b) => a - b)[requests / 2] ?? NaN;
}
