import assert from "node:assert/strict";
import { Events, type Member } from "../contracts/events/support.ts";
import { startProxy } from "../support/proxy.ts";
import { type Behaviour, receiver } from "../support/receiver.ts";
import type { TestStack } from "../support/stack.ts";
import { within } from "../support/time_limit.ts";

/** Makes every pending delivery due and ends its lease, as time would. */
const makeDue = (stack: TestStack) =>
  stack.database.query(
    "update private.deliveries set due_at = now(), leased_until = null, lease_token = null where status = 'pending'",
  );

const bookingId = ({ body }: { body: { booking: { id: string } } }) => body.booking.id;

Deno.test("a CRM that is down, slow or talks nonsense delays no booking, and hears of it once it is back", async () => {
  const crm = receiver({ message: "ok", notification_id: "1", status: "success" });
  const events = await Events.start({
    env: {
      CRM_SERVICE_URL: crm.url,
      CRM_WAIT_MS: "1000",
      VENDOR_TIMEOUT_MS: "10000",
      WAKE_WORKER: "true",
    },
  });
  try {
    const provider = await events.provider();
    for (const behaviour of ["fail", "garbage", "hang"] satisfies Behaviour[]) {
      const event = await events.event(provider);
      const members = [await events.member(), await events.member(), await events.member()];
      crm.behave(behaviour);
      const answer = await within(1500, () => events.book(members.pop()!, event));
      assert.deepEqual([answer.status, answer.body.crm_notified], [201, false], behaviour);

      crm.behave("answer");
      await events.stack.functions.settle();
      await makeDue(events.stack);
      await events.stack.runWorker();
      const heard = crm.accepted.filter(({ body }) => body.booking_id === bookingId(answer));
      assert.equal(heard.length, 1, behaviour);
    }
  } finally {
    await events.close();
    await crm.close();
  }
});

Deno.test("200 bookings while the CRM is killed and restarted leave 200 records, none twice", async () => {
  // The stack's port is known only once it runs.
  const target = new URL("http://127.0.0.1:1");
  const proxy = startProxy(target);
  const events = await Events.start({
    env: { CRM_SERVICE_URL: `http://127.0.0.1:${proxy.port}/functions/v1/crm` },
  });
  try {
    target.port = new URL(events.stack.url).port;
    const provider = await events.provider();
    const eventIds = await Promise.all(Array.from({ length: 20 }, () => events.event(provider)));
    const members: Member[] = [];
    for (let n = 0; n < 10; n++) members.push(await events.member());

    const notified: string[] = [];
    for (const [turn, member] of members.entries()) {
      proxy.behave(turn % 2 === 0 ? "forward" : "refuse");
      const answers = await Promise.all(eventIds.map((id) => events.book(member, id)));
      assert.ok(answers.every(({ status }) => status === 201));
      notified.push(...answers.filter(({ body }) => body.crm_notified).map(bookingId));
    }
    proxy.behave("forward");
    await events.stack.functions.settle();
    const known = await events.stack.database.query<{ booking_id: string }>(
      "select booking_id from public.crm_records",
    );
    assert.ok(known.length < 200, "some were missed");
    const isKnown = new Set(known.map((each) => each.booking_id));
    assert.ok(notified.length > 0);
    assert.deepEqual(notified.filter((id) => !isKnown.has(id)), [], "crm_notified tells the truth");

    const pending = async () => {
      const rows = await events.stack.database.query(
        "select from private.deliveries where destination = 'crm' and status = 'pending' limit 1",
      );
      return rows.length > 0;
    };
    for (let run = 0; run < 20 && await pending(); run++) {
      await makeDue(events.stack);
      await events.stack.runWorker();
    }
    const records = await events.stack.database.query<{ booking_id: string }>(
      "select booking_id from public.crm_records",
    );
    assert.equal(records.length, 200);
    assert.equal(new Set(records.map((each) => each.booking_id)).size, 200);
  } finally {
    await events.close();
    proxy.close();
  }
});
