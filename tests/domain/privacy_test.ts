import assert from "node:assert/strict";
import { anonymousClient, makeEvent, makePerson, makeProvider, type Person } from "../support/people.ts";
import { type TestStack, testStack } from "../support/stack.ts";

let stack: TestStack;
Deno.test.beforeAll(async () => void (stack = await testStack()));
Deno.test.afterAll(() => stack.close());

const rows = (text: string, ...parameters: unknown[]) => stack.database.query(text, parameters);
const book = (person: Person, eventId: string) =>
  person.client.rpc("book_event", { event_id: eventId, notes: "My knee" });

Deno.test("export_my_data() gives a person everything that is kept about them, and nobody else's", async () => {
  const provider = await makeProvider(stack);
  const person = await makePerson(stack, { name: "Jane Smith" });
  const event = await makeEvent(provider);
  const { data: booking } = await book(person, event.id);
  await book(await makePerson(stack), event.id);

  const { data } = await person.client.rpc("export_my_data");
  const copy = data as Record<string, Record<string, unknown> & Record<string, unknown>[]>;
  assert.equal(copy.profile?.name, "Jane Smith");
  assert.equal(copy.contact?.email, person.email);
  assert.deepEqual(copy.bookings?.map((row) => row.id), [booking?.id]);
  await stack.runWorker();
  const later = (await person.client.rpc("export_my_data")).data as typeof copy;
  assert.deepEqual(later?.crm_records?.map((row) => row.booking_id), [booking?.id]);
  for (const area of ["webhook_endpoints", "calendar_feed", "provider_profile"]) {
    assert.ok(area in later!, area);
  }
  const own = (await provider.client.rpc("export_my_data")).data as typeof copy;
  assert.deepEqual(own?.events?.map((row) => row.id), [event.id]);
  assert.equal(own?.notifications?.length, 2);
  assert.doesNotMatch(JSON.stringify(own), new RegExp(person.email));
});

Deno.test("delete_my_account() leaves bookings without the person", async () => {
  const provider = await makeProvider(stack);
  const person = await makePerson(stack, { name: "Jane Smith" });
  const { data: booking } = await book(person, (await makeEvent(provider)).id);
  assert.equal((await person.client.rpc("delete_my_account")).error, null);

  const [kept] = await rows(
    "select status, notes, attendee_id from public.bookings where id = $1",
    booking?.id,
  );
  assert.deepEqual(kept, { status: "cancelled", notes: null, attendee_id: person.id });
  const [profile] = await rows(
    "select name, deleted_at is not null as deleted from public.profiles where id = $1",
    person.id,
  );
  assert.deepEqual(profile, { name: "", deleted: true });
  for (
    const table of [
      "public.contacts where profile_id",
      "public.notifications where recipient_id",
      "auth.users where id",
    ]
  ) {
    assert.deepEqual(await rows(`select 1 as found from ${table} = $1`, person.id), [], table);
  }
  const everything = await rows(
    "select to_jsonb(t)::text as row from private.audit_log as t where actor_id = $1",
    person.id,
  );
  assert.doesNotMatch(JSON.stringify(everything), new RegExp(person.email));
});

Deno.test("delete_my_account() of a provider cancels their events and tells who booked", async () => {
  const provider = await makeProvider(stack, { name: "John Doe" });
  const person = await makePerson(stack);
  const event = await makeEvent(provider);
  await book(person, event.id);
  await provider.client.rpc("delete_my_account");
  const [row] = await rows("select status from public.events where id = $1", event.id);
  assert.deepEqual(row, { status: "cancelled" });
  await stack.runWorker();
  await stack.inbox.wait((message) =>
    message.to === person.email && message.subject?.startsWith("Cancelled") === true
  );
  const { data } = await anonymousClient(stack).from("providers").select("display_name, bio").eq(
    "id",
    provider.id,
  );
  assert.deepEqual(data, [{ display_name: "", bio: null }]);
});

Deno.test("a deleted person's token no longer works for commands, and they cannot sign in", async () => {
  const person = await makePerson(stack);
  const event = await makeEvent(await makeProvider(stack));
  await person.client.rpc("delete_my_account");
  assert.equal((await book(person, event.id)).error?.message, "SIGN_IN_REQUIRED");
  const { error } = await anonymousClient(stack).auth.signInWithPassword(person);
  assert.equal(error?.code, "invalid_credentials");
});

Deno.test("the e-mail of a deleted account can be used again, by a new person", async () => {
  const person = await makePerson(stack);
  await person.client.rpc("delete_my_account");
  const { data, error } = await anonymousClient(stack).auth.signUp({
    email: person.email,
    password: "another password",
  });
  assert.equal(error, null);
  assert.notEqual(data.user?.id, person.id);
});

Deno.test("delete_my_account() is refused while a paid booking is still to take place", async () => {
  const provider = await makeProvider(stack);
  const person = await makePerson(stack);
  const { data: booking } = await book(person, (await makeEvent(provider, { price_minor: 500 })).id);
  await rows("update public.bookings set payment_status = 'paid' where id = $1", booking?.id);
  for (const who of [person, provider]) {
    const { error, status } = await who.client.rpc("delete_my_account");
    assert.deepEqual([error?.message, status], ["MONEY_IN_FLIGHT", 409]);
  }
});
