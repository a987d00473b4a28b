import assert from "node:assert/strict";
import type { Person } from "../../support/people.ts";
import { lapse } from "../../support/times.ts";
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

Deno.test("before any sweep an offer that lapsed is no booking any more, and its seat is free unless others wait", async () => {
  const id = await events.event(provider, { capacity: 1, price_minor: 1500 });
  const [holder, late, next] = [await events.member(), await events.member(), await events.member()];
  const { body: { booking } } = await events.book(holder, id);
  await wait(late.token, id);
  await events.call("PUT", `/api/bookings/${booking.id}/cancel`, { token: holder.token });
  const listed = async (query = "") => {
    const { body } = await events.call("GET", `/api/bookings/${query}`, { token: late.token });
    return [body.bookings.map(({ status }: { status: string }) => status), body.pagination.total];
  };
  const spots = async () => {
    const { body: { event } } = await events.call("GET", `/api/events/${id}`, { token: next.token });
    return [event.current_participants, event.available_spots, event.is_full];
  };
  assert.deepEqual([await listed("?status=pending"), await spots()], [[["PENDING"], 1], [1, 0, true]]);
  await wait(next.token, id);

  const { body: { bookings: [offer] } } = await events.call("GET", "/api/bookings/", { token: late.token });
  await lapse(events.stack, offer.id);
  assert.deepEqual(await listed(), [["CANCELLED"], 1]);
  assert.deepEqual(await listed("?status=pending"), [[], 0]);
  assert.deepEqual(await listed("?status=cancelled"), [["CANCELLED"], 1]);
  const read = await events.call("GET", `/api/bookings/${offer.id}`, { token: late.token });
  assert.equal(read.body.booking.status, "CANCELLED");
  assert.deepEqual(await spots(), [1, 0, true], "it will be offered to who waits");

  const { body: { entries: [entry] } } = await events.call("GET", "/api/waiting-list", { token: next.token });
  await events.call("DELETE", `/api/waiting-list/${entry.id}`, { token: next.token });
  assert.deepEqual(await spots(), [0, 1, false]);
  const { status, body } = await events.book(await events.member(), id);
  assert.deepEqual([status, body.booking.status], [201, "CONFIRMED"]);
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
