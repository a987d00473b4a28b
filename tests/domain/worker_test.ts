import assert from "node:assert/strict";
import { knownZone } from "../../functions/_shared/integrations/known_to_intl.ts";
import { contract } from "../support/http.ts";
import { startInstance } from "../support/instance.ts";
import { daysAhead, makeEvent, makePerson, makeProvider, type Person } from "../support/people.ts";
import { type Receiver, receiver } from "../support/receiver.ts";
import { type TestStack, testStack } from "../support/stack.ts";

let stack: TestStack;
let crm: Receiver;
let mail: Receiver;
let provider: Person;
Deno.test.beforeAll(async () => {
  crm = receiver({ status: "success", message: "", notification_id: "1" });
  mail = receiver({ id: "1" });
  stack = await testStack({
    env: {
      CRM_SERVICE_URL: crm.url,
      CRM_BEARER_TOKEN: "crm-token-of-the-test",
      RESEND_BASE_URL: mail.url,
    },
  });
  provider = await makeProvider(stack, { name: "John Doe" });
});
Deno.test.beforeEach(async () => {
  crm.behave("answer");
  mail.behave("answer");
  await stack.database.query(
    "update private.deliveries set status = 'skipped', settled_at = now() where status = 'pending'",
  );
  await stack.database.query("update private.outbox set fanned_out_at = now() where fanned_out_at is null");
});
Deno.test.afterAll(async () => {
  await stack.close();
  await Promise.all([crm.close(), mail.close()]);
});

async function someBooking(person?: Person) {
  const attendee = person ?? await makePerson(stack, { name: "Jane Smith" });
  const event = await makeEvent(provider, { location: "Wellness Center", price_minor: 2500 });
  const { data } = await attendee.client.rpc("book_event", { event_id: event.id, notes: "Looking forward" });
  assert.ok(data);
  return { attendee, event, booking: data };
}

const deliveries = (key: string, destination: string) =>
  stack.database.query<{ status: string; attempts: number; last_error: string | null }>(
    `select status, attempts, last_error from private.deliveries
     where key = $1 and destination = $2 order by outbox_id, target`,
    [key, destination],
  );

/** Makes failed deliveries due now. */
const hurry = () =>
  stack.database.query("update private.deliveries set due_at = now() where status = 'pending'");

const run = async () => {
  const response = await stack.runWorker();
  assert.equal(response.status, 200);
  return await response.json();
};

/** Puts off what failed: however long the test takes, it is not due. */
const putOff = () =>
  stack.database.query(
    "update private.deliveries set due_at = due_at + interval '1 hour' where status = 'pending'",
  );

/** Runs a worker that waits half a second for a vendor. */
async function runImpatiently(): Promise<void> {
  const instance = startInstance(stack, {
    CRM_SERVICE_URL: crm.url,
    RESEND_BASE_URL: mail.url,
    VENDOR_TIMEOUT_MS: "500",
  });
  try {
    const response = await fetch(`${instance.url}/functions/v1/worker/run`, {
      method: "POST",
      headers: { authorization: `Bearer ${stack.keys.workerToken}` },
    });
    assert.equal(response.status, 200);
    await response.body?.cancel();
  } finally {
    await instance.close();
  }
}

Deno.test("the CRM is told of a booking in its document's words, with its token", async () => {
  const { attendee, event, booking } = await someBooking();
  await run();
  const received = crm.accepted.find(({ body }) => body.booking_id === booking.id);
  assert.equal(received?.path, "/api/notify");
  assert.equal(received?.headers.get("authorization"), "Bearer crm-token-of-the-test");
  assert.deepEqual(received?.body, {
    booking_id: booking.id,
    user: { id: attendee.id, email: attendee.email, name: "Jane Smith", phone: "" },
    event: {
      id: event.id,
      title: "Some Session",
      type: "session",
      start_datetime: event.starts_at.slice(0, 19),
      location: "Wellness Center",
    },
    facilitator_id: provider.id,
    booking_date: new Date(booking.created_at).toISOString().slice(0, 19),
    notes: "Looking forward",
    booking_status: "confirmed",
    version: 1,
    change: "booking.created",
  });
});

for (
  const [behaviour, words] of [["fail", "answers 500"], ["garbage", "answers garbage"], [
    "hang",
    "hangs",
  ]] as const
) {
  Deno.test(`a CRM that ${words} gets the booking when it is well again, once`, async () => {
    crm.behave(behaviour);
    const { booking } = await someBooking();
    await runImpatiently();
    const [failed] = await deliveries(booking.id, "crm");
    assert.deepEqual([failed?.status, failed?.attempts], ["pending", 1]);
    assert.match(failed?.last_error ?? "", /^crm (answered|did not answer in time)/);
    await putOff();

    crm.behave("answer");
    await run();
    assert.equal(
      crm.accepted.some(({ body }) => body.booking_id === booking.id),
      false,
      "not before it is due",
    );
    await hurry();
    await run();
    await hurry();
    await run();
    assert.equal(crm.accepted.filter(({ body }) => body.booking_id === booking.id).length, 1);
    assert.equal((await deliveries(booking.id, "crm"))[0]?.status, "delivered");
  });
}

Deno.test("a later change waits for the earlier one of its booking, and holds up no other booking", async () => {
  crm.behave("fail");
  const { attendee, booking } = await someBooking();
  await run();
  await putOff();
  await attendee.client.rpc("cancel_booking", { booking_id: booking.id });
  crm.behave("answer");
  const other = await someBooking();
  await run();
  assert.deepEqual((await deliveries(booking.id, "crm")).map((row) => row.status), ["pending", "pending"]);
  assert.equal((await deliveries(other.booking.id, "crm"))[0]?.status, "delivered");

  await hurry();
  await run();
  const changes = crm.accepted.filter(({ body }) => body.booking_id === booking.id).map(({ body }) =>
    body.change
  );
  assert.deepEqual(changes, ["booking.created", "booking.cancelled"]);
});

Deno.test("what the vendor refuses for good is a dead letter at once, and an administrator can replay it", async () => {
  mail.behave("refuse");
  const { booking } = await someBooking();
  await run();
  const dead = await deliveries(booking.id, "email");
  assert.deepEqual(dead.map((row) => row.status), ["dead", "dead"]);
  const letters = await stack.database.query(
    "select destination, event, last_error from admin.dead_letters where key = $1",
    [
      booking.id,
    ],
  );
  assert.deepEqual(letters[0], {
    destination: "email",
    event: "booking.created",
    last_error: "mail answered 422",
  });

  mail.behave("answer");
  await stack.database.query("select admin.requeue_deliveries('dead', 'email')");
  await run();
  assert.deepEqual((await deliveries(booking.id, "email")).map((row) => row.status), [
    "delivered",
    "delivered",
  ]);
});

Deno.test("ten failures make a dead letter; the waits between them add up to about three days", async () => {
  crm.behave("fail");
  const { booking } = await someBooking();
  let waitedSeconds = 0;
  for (let attempt = 1; attempt <= 10; attempt++) {
    await run();
    const [row] = await stack.database.query<{ wait: number }>(
      `select extract(epoch from due_at - now())::float8 as wait from private.deliveries
       where key = $1 and destination = 'crm'`,
      [booking.id],
    );
    if (attempt < 10) waitedSeconds += row?.wait ?? 0;
    await hurry();
  }
  const [row] = await deliveries(booking.id, "crm");
  assert.deepEqual([row?.status, row?.attempts], ["dead", 10]);
  const days = waitedSeconds / 86_400;
  assert.ok(days > 2.4 && days < 4, `${days} days`);
});

Deno.test("two workers at once deliver nothing twice", async () => {
  const bookings = [];
  for (let i = 0; i < 12; i++) bookings.push((await someBooking()).booking.id);
  await Promise.all([run(), run(), run()]);
  for (const id of bookings) {
    assert.equal(crm.accepted.filter(({ body }) => body.booking_id === id).length, 1);
  }
});

Deno.test("an acknowledgement of a lease that has ended is ignored", async () => {
  const { booking } = await someBooking();
  const lease = async () => {
    await stack.database.query("update private.deliveries set leased_until = now() where status = 'pending'");
    const rows = await stack.database.query<
      { id: number; lease_token: string; key: string; destination: string }
    >(
      "select id::int, lease_token, key, destination from private.lease_deliveries(50, 60)",
    );
    const row = rows.find((each) => each.key === booking.id && each.destination === "crm");
    assert.ok(row);
    return row;
  };
  const settle = async ({ id, lease_token }: { id: number; lease_token: string }) => {
    const [row] = await stack.database.query<{ settled: number }>(
      "select private.settle_deliveries($1::text::jsonb) as settled",
      [JSON.stringify([{ id, lease_token, outcome: "delivered" }])],
    );
    return row?.settled;
  };
  const [first, second] = [await lease(), await lease()];
  assert.equal(await settle(first), 0);
  assert.equal((await deliveries(booking.id, "crm"))[0]?.status, "pending");
  assert.equal(await settle(second), 1);
});

Deno.test("a delivery of a form that the worker does not know is a dead letter and holds nothing up", async () => {
  const { booking } = await someBooking();
  await stack.database.query("update private.outbox set payload = '{\"attendee_id\": null}' where key = $1", [
    booking.id,
  ]);
  const other = await someBooking();
  await run();
  const dead = await deliveries(booking.id, "crm");
  assert.deepEqual(dead.map((row) => row.status), ["dead"]);
  assert.equal((await deliveries(other.booking.id, "crm"))[0]?.status, "delivered");
});

Deno.test("e-mails are written in the recipient's language and time zone", async () => {
  const attendee = await makePerson(stack, { name: "Jürgen", locale: "de-DE", timezone: "Europe/Berlin" });
  const event = await makeEvent(provider, {
    title: "Ton <b>&</b> Töpfern",
    starts_at: "2035-01-15T23:30:00Z",
    ends_at: "2035-01-16T01:00:00Z",
    price_minor: 1050,
  });
  await attendee.client.rpc("book_event", { event_id: event.id });
  await run();
  const letter = mail.accepted.find(({ body }) => body.to === attendee.email)?.body;
  assert.equal(letter?.subject, "Ihre Buchung: Ton <b>&</b> Töpfern");
  assert.match(letter?.text, /Guten Tag Jürgen,/);
  assert.match(letter?.text, /Dienstag, 16\. Januar 2035/);
  assert.match(letter?.text, /00:30.*02:00.*MEZ/);
  assert.match(letter?.text, /10,50\s\$/);
  assert.doesNotMatch(letter?.html, /<b>/);
});

Deno.test("a language that Intl does not know keeps no e-mail back, nor would a zone", async () => {
  const attendee = await makePerson(stack, { name: "Ana" });
  await stack.database.query("update public.profiles set locale = 'en-12' where id = $1", [attendee.id]);
  const event = await makeEvent(provider);
  await attendee.client.rpc("book_event", { event_id: event.id });
  await run();
  assert.ok(mail.accepted.some(({ body }) => body.to === attendee.email));
  assert.deepEqual(["Asia/Kathmandu", "posix/Europe/Berlin"].map(knownZone), ["Asia/Kathmandu", "UTC"]);
});

Deno.test("a repeated try of one e-mail carries the same Idempotency-Key", async () => {
  mail.behave("garbage");
  const { attendee } = await someBooking();
  await run();
  const key = mail.accepted.find(({ body }) => body.to === attendee.email)?.headers.get("idempotency-key");
  assert.equal(key, undefined);
  mail.behave("answer");
  await hurry();
  await run();
  assert.match(
    mail.accepted.find(({ body }) => body.to === attendee.email)?.headers.get("idempotency-key") ?? "",
    /^delivery-\d+$/,
  );
});

Deno.test("a command through a function wakes the worker; with WAKE_WORKER=false the schedule delivers", async () => {
  for (const [wakes, expected] of [["true", "delivered"], ["false", undefined]] as const) {
    const instance = startInstance(stack, { WAKE_WORKER: wakes });
    try {
      const attendee = await makePerson(stack);
      const event = await makeEvent(provider);
      const { status, body } = await contract(instance, "sessions")("POST", "/api/bookings", {
        token: attendee.token,
        body: { session_id: event.id },
      });
      assert.equal(status, 201);
      await instance.settle();
      const [letter] = await deliveries(body.booking_id, "email");
      assert.equal(letter?.status, expected, wakes);
    } finally {
      await instance.close();
    }
  }
});

Deno.test("the worker refuses callers without its token", async () => {
  for (
    const headers of [{}, { authorization: "Bearer wrong" }, { authorization: `Bearer ${provider.token}` }]
  ) {
    const response = await fetch(`${stack.url}/functions/v1/worker/run`, { method: "POST", headers });
    await response.body?.cancel();
    assert.equal(response.status, 401);
  }
});

Deno.test("worker/health answers 503 when the oldest due delivery waits for more than five minutes", async () => {
  const health = async () => (await fetch(`${stack.url}/functions/v1/worker/health`)).json();
  assert.equal((await health()).status, "healthy");
  await someBooking();
  await stack.database.query(
    "update private.outbox set created_at = now() - interval '301 seconds' where fanned_out_at is null",
  );
  const { status, oldest_due_seconds } = await health();
  assert.equal(status, "unhealthy");
  assert.ok(oldest_due_seconds >= 301);
  await run();
  assert.equal((await health()).status, "healthy");
});

Deno.test("what waits for an older delivery's retry is not late", async () => {
  crm.behave("fail");
  const { attendee, booking } = await someBooking();
  await run();
  await putOff();
  await attendee.client.rpc("cancel_booking", { booking_id: booking.id });
  await run();
  await stack.database.query(
    "update private.deliveries set due_at = now() - interval '1 hour' where key = $1 and attempts = 0",
    [booking.id],
  );
  assert.deepEqual((await deliveries(booking.id, "crm")).map(({ attempts }) => attempts), [1, 0]);
  const health = await fetch(`${stack.url}/functions/v1/worker/health`);
  assert.equal((await health.json()).status, "healthy");
});

Deno.test("a chore of the worker that fails holds up no delivery, and is in the log", async () => {
  await using broken = await testStack();
  await broken.database.script(`
    create or replace function private.sweep() returns jsonb language plpgsql set search_path = '' as $$
    begin
      raise exception 'broken';
    end;
    $$`);
  const attendee = await makePerson(broken);
  await attendee.client.rpc("book_event", { event_id: (await makeEvent(await makeProvider(broken))).id });
  assert.equal((await broken.runWorker()).status, 200);
  assert.equal(broken.inbox.list(attendee.email).length, 1);
  assert.ok(broken.log.some((line) => line.includes("chore failed") && line.includes("sweep")));
});

Deno.test("a moved event's old hour is not in later mail", async () => {
  const { attendee, event } = await someBooking();
  await provider.client.rpc("update_event", {
    event_id: event.id,
    starts_at: daysAhead(3),
    ends_at: daysAhead(3, 1),
  });
  await run();
  const subjects = mail.accepted.filter(({ body }) => body.to === attendee.email).map(({ body }) =>
    body.subject
  );
  assert.deepEqual(subjects, ["Your booking: Some Session", "New time: Some Session"]);
});
