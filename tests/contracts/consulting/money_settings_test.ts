import assert from "node:assert/strict";
import { makePerson } from "../../support/people.ts";
import { bookAndPay, ledgerOf, onboard, paymentOf, settle } from "../../support/payments.ts";
import { testStack } from "../../support/stack.ts";
import { makeOpenProvider, moveToPast } from "../../support/times.ts";

Deno.test("PLATFORM_FEE_PERCENT is the platform's share, PAYOUT_DELAY_HOURS the wait after completion", async () => {
  await using stack = await testStack({ env: { PLATFORM_FEE_PERCENT: "7.5", PAYOUT_DELAY_HOURS: "72" } });
  await settle(stack);
  const provider = await makeOpenProvider(stack, { hourlyRateMinor: 10_000 });
  await onboard(stack, provider);
  const { booking } = await bookAndPay(stack, await makePerson(stack), provider.id);
  const { id, fee_minor: fee, payout_minor: payout } = await paymentOf(stack, booking.id);
  assert.deepEqual([fee, payout], [750, 9250]);
  await moveToPast(stack, booking.id, 72);
  await settle(stack);
  assert.equal((await ledgerOf(stack, id)).provider_payable, -9250);
  await moveToPast(stack, booking.id, 74);
  await settle(stack);
  assert.equal((await ledgerOf(stack, id)).provider_payable, undefined);
});
