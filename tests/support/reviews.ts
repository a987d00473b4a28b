import assert from "node:assert/strict";
import type { Database } from "../../functions/_shared/database.types.ts";
import { makeEvent, makePerson, type Person } from "./people.ts";
import type { TestStack } from "./stack.ts";

type NewReview = Database["public"]["Functions"]["review_booking"]["Args"];
export type ReviewRow = Database["public"]["Tables"]["reviews"]["Row"];

/** A booking of a session that is over, completed by the worker. Answers its id. */
export async function makeCompletedBooking(
  stack: TestStack,
  provider: Person,
  attendee: Person,
): Promise<string> {
  const event = await makeEvent(provider);
  const { data, error } = await attendee.client.rpc("book_event", { event_id: event.id });
  assert.equal(error, null);
  await stack.database.query(
    "update public.events set starts_at = now() - interval '4 hours', ends_at = now() - interval '2 hours' where id = $1",
    [event.id],
  );
  assert.equal((await stack.runWorker()).status, 200);
  return data?.id ?? "";
}

/** A review of a new completed booking. */
export async function makeReview(
  stack: TestStack,
  provider: Person,
  options: Partial<NewReview> & { attendee?: Person } = {},
): Promise<ReviewRow> {
  const { attendee = await makePerson(stack, { name: "Jane Smith" }), ...review } = options;
  const { data, error } = await attendee.client.rpc("review_booking", {
    booking_id: await makeCompletedBooking(stack, provider, attendee),
    rating: 5,
    ...review,
  });
  assert.equal(error, null);
  assert.ok(data);
  return data;
}
