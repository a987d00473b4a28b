import assert from "node:assert/strict";
import type { Person } from "../../support/people.ts";
import { Events } from "./support.ts";

let events: Events;
let provider: Person;
Deno.test.beforeAll(async () => {
  events = await Events.start();
  provider = await events.provider();
});
Deno.test.afterAll(() => events.close());

const wait = (token: string, eventId: string) =>
  events.call("POST", `/api/events/${eventId}/waiting-list`, { token });

Deno.test("a full event is waited for; the seat that becomes free is booked as any other, and the CRM has it", async () => {
  const id = await events.event(provider, { title: "Breathing", capacity: 1 });
  const [holder, member] = [await events.member(), await events.member()];
  const { body: { booking } } = await events.book(holder, id);

  const { status, body } = await wait(member.token, id);
  assert.equal(status, 201, JSON.stringify(body));
  const { id: entryId, start_time, ...entry } = body.entry;
  assert.deepEqual(entry, {
    event_id: id,
    event_title: "Breathing",
    status: "waiting",
    position: 1,
    booking_id: null,
    offer_expires_at: null,
  });
  assert.match(start_time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
  assert.equal((await wait(member.token, id)).body.entry.id, entryId);

  await events.call("PUT", `/api/bookings/${booking.id}/cancel`, { token: holder.token });
  const { body: { entries: [offer] } } = await events.call("GET", "/api/waiting-list", {
    token: member.token,
  });
  assert.deepEqual([offer.status, offer.position], ["offered", null]);
  const { body: { event } } = await events.call("GET", `/api/events/${id}`, { token: member.token });
  assert.equal(event.is_full, true, "what is offered is not free");

  const taken = await events.book(member, id);
  assert.deepEqual(
    [taken.status, taken.body.booking.id, taken.body.booking.status, taken.body.crm_notified],
    [
      201,
      offer.booking_id,
      "CONFIRMED",
      true,
    ],
  );
});

Deno.test("who need not or may not wait is told why, in the document's shape", async () => {
  const member = await events.member();
  const open = await events.event(provider);
  const refused = await wait(member.token, open);
  assert.deepEqual([refused.status, Object.keys(refused.body)], [409, ["error"]]);
  assert.equal((await wait(member.token, crypto.randomUUID())).status, 404);
  assert.equal((await events.call("POST", `/api/events/${open}/waiting-list`)).status, 401);
  const full = await events.event(provider, { capacity: 1 });
  await events.book(member, full);
  assert.equal((await wait(member.token, full)).status, 409);
  const other = await events.member();
  const { body: { entry } } = await wait(other.token, full);
  const leave = (token: string) => events.call("DELETE", `/api/waiting-list/${entry.id}`, { token });
  assert.equal((await leave(member.token)).status, 404);
  const left = await leave(other.token);
  assert.deepEqual([left.status, left.body.entry.status], [200, "left"]);
});
