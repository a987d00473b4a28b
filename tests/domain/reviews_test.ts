import assert from "node:assert/strict";
import fc from "fast-check";
import { attachedUrl } from "../support/attached.ts";
import { anonymousClient, makeEvent, makePerson, makeProvider, type Person } from "../support/people.ts";
import { makeCompletedBooking, makeReview } from "../support/reviews.ts";
import { type TestStack, testStack } from "../support/stack.ts";

let stack: TestStack;
Deno.test.beforeAll(async () => void (stack = await testStack()));
Deno.test.afterAll(() => stack.close());

const query = <Row extends Record<string, unknown>>(text: string, ...parameters: unknown[]) =>
  stack.database.query<Row>(text, parameters);

/** The kept rating beside the one that the rows give. */
async function ratings(provider: Person) {
  const [row] = await query<{ kept: string | null; true: string | null; count: number; rows: number }>(
    `select p.rating_average::text as kept, p.rating_count as count,
       (select round(avg(r.rating), 2)::text from public.reviews as r where r.provider_id = p.id) as true,
       (select count(*)::integer from public.reviews as r where r.provider_id = p.id) as rows
     from public.providers as p where p.id = $1`,
    provider.id,
  );
  assert.ok(row);
  return row;
}

async function assertTrueRating(provider: Person, expected: { average: string | null; count: number }) {
  const { kept, true: actual, count, rows } = await ratings(provider);
  assert.deepEqual([kept, count], [actual, rows]);
  assert.deepEqual([kept, count], [expected.average, expected.count]);
}

Deno.test("review_booking() keeps what the attendee says of a completed booking, and tells the provider", async () => {
  const [provider, attendee] = [await makeProvider(stack), await makePerson(stack)];
  const bookingId = await makeCompletedBooking(stack, provider, attendee);
  const { data, error } = await attendee.client.rpc("review_booking", {
    booking_id: bookingId,
    rating: 4,
    text: " <b>Very</b> helpful ",
    value_for_money: 3,
    punctuality: 5,
  });
  assert.equal(error, null);
  assert.ok(data);
  const { id, created_at, updated_at: _, ...review } = data;
  assert.ok(Date.parse(created_at) > Date.now() - 60_000);
  assert.deepEqual(review, {
    booking_id: bookingId,
    provider_id: provider.id,
    attendee_id: attendee.id,
    rating: 4,
    professionalism: null,
    expertise: null,
    communication: null,
    value_for_money: 3,
    punctuality: 5,
    text: "<b>Very</b> helpful",
    response: null,
    responded_at: null,
  });
  const { data: told } = await provider.client.from("notifications").select("kind, subject_id, data").eq(
    "kind",
    "review.created",
  );
  assert.equal(told?.length, 1);
  assert.equal(told?.[0]?.subject_id, id);
  assert.equal((told?.[0]?.data as { rating?: number }).rating, 4);
});

Deno.test("review_booking() refuses a booking that is not completed, one of somebody else, and a second review", async () => {
  const [provider, attendee] = [await makeProvider(stack), await makePerson(stack)];
  const { data: ahead } = await attendee.client.rpc("book_event", {
    event_id: (await makeEvent(provider)).id,
  });
  const done = await makeCompletedBooking(stack, provider, attendee);
  const review = (person: Person, bookingId = "") =>
    person.client.rpc("review_booking", { booking_id: bookingId, rating: 5 });

  const answers = [
    await review(attendee, ahead?.id),
    await review(provider, done),
    await review(await makePerson(stack), done),
    await review(attendee, crypto.randomUUID()),
    await review(attendee, done),
    await review(attendee, done),
  ];
  assert.deepEqual(answers.map(({ error, status }) => [status, error?.message]), [
    [409, "BOOKING_NOT_COMPLETED"],
    [404, "BOOKING_NOT_FOUND"],
    [404, "BOOKING_NOT_FOUND"],
    [404, "BOOKING_NOT_FOUND"],
    [200, undefined],
    [409, "ALREADY_REVIEWED"],
  ]);
  await assertTrueRating(provider, { average: "5.00", count: 1 });
});

Deno.test("who reviewed a booking is no no-show any more, and a no-show reviews nothing", async () => {
  const [provider, attendee] = [await makeProvider(stack), await makePerson(stack)];
  const { booking_id } = await makeReview(stack, provider, { attendee });
  const refused = await provider.client.rpc("mark_no_show", { booking_id });
  assert.deepEqual([refused.status, refused.error?.message], [409, "NO_SHOW_NOT_ALLOWED"]);
  assert.equal(JSON.parse(refused.error?.details ?? "{}").is_reviewed, true);

  const missed = await makeCompletedBooking(stack, provider, attendee);
  assert.equal((await provider.client.rpc("mark_no_show", { booking_id: missed })).data?.status, "no_show");
  const { error } = await attendee.client.rpc("review_booking", { booking_id: missed, rating: 1 });
  assert.equal(error?.message, "BOOKING_NOT_COMPLETED");
  await assertTrueRating(provider, { average: "5.00", count: 1 });
});

Deno.test("review_booking() names the field that is out of range", async () => {
  const [provider, attendee] = [await makeProvider(stack), await makePerson(stack)];
  const booking_id = await makeCompletedBooking(stack, provider, attendee);
  for (
    const [field, given] of [
      ["rating", { rating: 0 }],
      ["rating", { rating: 6 }],
      ["rating", { rating: 100_000 }],
      ["expertise", { rating: 5, expertise: 0 }],
      ["value_for_money", { rating: 5, value_for_money: 6 }],
      ["text", { rating: 5, text: "x".repeat(5001) }],
    ] as const
  ) {
    const { error, status } = await attendee.client.rpc("review_booking", { booking_id, ...given });
    assert.deepEqual([status, error?.message], [400, "INVALID_INPUT"]);
    assert.equal(JSON.parse(error?.details ?? "{}").field, field);
  }
});

Deno.test("a provider's rating is the average of their reviews whatever is done to these", async () => {
  const [provider, other] = [await makeProvider(stack), await makeProvider(stack)];
  await assertTrueRating(provider, { average: null, count: 0 });
  const reviews = [];
  for (const rating of [5, 4, 4]) reviews.push(await makeReview(stack, provider, { rating }));
  await assertTrueRating(provider, { average: "4.33", count: 3 });
  await query("update public.reviews set rating = 1 where id = $1", reviews[0]?.id);
  await assertTrueRating(provider, { average: "3.00", count: 3 });
  await query("update public.reviews set rating = 6 - rating where provider_id = $1", provider.id);
  await assertTrueRating(provider, { average: "3.00", count: 3 });
  await query("update public.reviews set provider_id = $2 where id = $1", reviews[1]?.id, other.id);
  await assertTrueRating(provider, { average: "3.50", count: 2 });
  await assertTrueRating(other, { average: "2.00", count: 1 });
  await query("delete from public.reviews where provider_id = $1", provider.id);
  await assertTrueRating(provider, { average: null, count: 0 });
  await query("truncate public.reviews");
  await assertTrueRating(other, { average: null, count: 0 });
});

Deno.test("any sequence of ratings gives their average to two decimals", async () => {
  const provider = await makeProvider(stack);
  const attendee = await makePerson(stack);
  const bookings: string[] = [];
  for (let n = 0; n < 6; n++) bookings.push(await makeCompletedBooking(stack, provider, attendee));
  const insert = (bookingId: string, rating: number) =>
    query(
      "insert into public.reviews (booking_id, provider_id, attendee_id, rating) values ($1, $2, $3, $4)",
      bookingId,
      provider.id,
      attendee.id,
      rating,
    );
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 6 }),
      async (given) => {
        await query("delete from public.reviews where provider_id = $1", provider.id);
        for (const [n, rating] of given.entries()) await insert(bookings[n] ?? "", rating);
        const { kept, true: actual, count } = await ratings(provider);
        assert.deepEqual([kept, count], [actual, given.length]);
        const mean = given.reduce((sum, rating) => sum + rating, 0) / given.length;
        assert.ok(Math.abs(Number(kept) - mean) <= 0.005 + 1e-9);
      },
    ),
    { numRuns: 20 },
  );
});

/** Who applies migrations, and is no superuser. */
const migrationRole = attachedUrl ? "postgres" : "migrator";

Deno.test("nobody writes a rating itself, an administrator neither", async () => {
  const provider = await makeProvider(stack);
  await makeReview(stack, provider, { rating: 2 });
  const asAdministrator = (statement: string) =>
    stack.database.transaction(async (sql) => {
      await sql.script(`set local role ${migrationRole}`);
      await sql.query(statement, [provider.id]);
    });
  await assert.rejects(
    asAdministrator("update public.providers set rating_counts = '{0,0,0,0,9}' where id = $1"),
    /COMMAND_REQUIRED/,
  );
  await assert.rejects(asAdministrator("update public.providers set rating_average = 5 where id = $1"));
  await asAdministrator("update public.reviews set rating = 3 where provider_id = $1");
  // deno-lint-ignore no-explicit-any -- what the types forbid is what the database must refuse
  const rating: any = { rating_counts: [0, 0, 0, 0, 9] };
  const { error } = await provider.client.from("providers").update(rating).eq("id", provider.id);
  assert.equal(error?.code, "42501");
  await assertTrueRating(provider, { average: "3.00", count: 1 });
});

Deno.test("respond_to_review() publishes the provider's answer, replaces it, and tells the attendee once", async () => {
  const provider = await makeProvider(stack);
  const attendee = await makePerson(stack, { name: "Jane Smith" });
  const { id } = await makeReview(stack, provider, { attendee });
  const respond = (person: Person, response: string, reviewId = id) =>
    person.client.rpc("respond_to_review", { review_id: reviewId, response });
  assert.equal((await respond(provider, "Thank you")).error, null);
  const { data } = await respond(provider, "Thank you, Jane");
  assert.equal(data?.response, "Thank you, Jane");
  assert.ok(data?.responded_at);
  const { data: told } = await attendee.client.from("notifications").select("subject_id").eq(
    "kind",
    "review.answered",
  );
  assert.deepEqual(told, [{ subject_id: id }]);

  const answers = [
    await respond(await makeProvider(stack), "Mine"),
    await respond(attendee, "Mine"),
    await respond(provider, "None", crypto.randomUUID()),
    await respond(provider, "  "),
    await respond(provider, "x".repeat(5001)),
  ];
  assert.deepEqual(answers.map(({ error, status }) => [status, error?.message]), [
    [403, "NOT_YOUR_REVIEW"],
    [403, "NOT_A_PROVIDER"],
    [404, "REVIEW_NOT_FOUND"],
    [400, "INVALID_INPUT"],
    [400, "INVALID_INPUT"],
  ]);
});

Deno.test("everybody reads reviews with first name and initial, and no id of booking or person", async () => {
  const provider = await makeProvider(stack);
  const jane = await makePerson(stack, { name: "Jane Mary Smith" });
  const { id } = await makeReview(stack, provider, { attendee: jane, rating: 4 });
  await makeReview(stack, provider, {
    attendee: await makePerson(stack, { name: "joe@example.com" }),
    rating: 2,
  });
  const visitor = anonymousClient(stack);
  const read = async () => {
    const { data, error } = await visitor.rpc("list_reviews", { provider_id: provider.id, sort: "highest" });
    assert.equal(error, null);
    return data;
  };
  const page = await read();
  const items = page?.items as Record<string, unknown>[];
  assert.deepEqual(items.map((item) => item.reviewer_name), ["Jane S.", "joe"]);
  assert.equal(items[0]?.id, id);
  assert.doesNotMatch(JSON.stringify(page), new RegExp(jane.id));
  assert.doesNotMatch(JSON.stringify(page), /example\.com|Mary|booking_id/);
  assert.deepEqual([page?.total, page?.rating_average, page?.rating_counts], [2, 3, [0, 1, 0, 1, 0]]);
  assert.equal((await visitor.from("reviews").select("id")).error?.code, "42501");

  assert.equal((await jane.client.rpc("delete_my_account")).error, null);
  const after = (await read())?.items as Record<string, unknown>[];
  assert.deepEqual(after.map((item) => [item.reviewer_name, item.rating]), [["", 4], ["joe", 2]]);
});

Deno.test("a review's row is read by its two people alone", async () => {
  const provider = await makeProvider(stack);
  const attendee = await makePerson(stack);
  const { id } = await makeReview(stack, provider, { attendee });
  for (
    const [person, seen] of [
      [provider, 1],
      [attendee, 1],
      [await makeProvider(stack), 0],
      [await makePerson(stack), 0],
    ] as const
  ) {
    const { data } = await person.client.from("reviews").select("id").eq("id", id);
    assert.equal(data?.length, seen);
  }
});

Deno.test("export_my_data() holds the reviews that a person wrote and received, without the others' ids", async () => {
  const provider = await makeProvider(stack);
  const attendee = await makePerson(stack);
  const { id } = await makeReview(stack, provider, { attendee, text: "Good" });
  await makeReview(stack, provider);
  const copyOf = async (person: Person) =>
    (await person.client.rpc("export_my_data")).data as Record<string, Record<string, unknown>[]>;
  const written = await copyOf(attendee);
  assert.deepEqual(written.reviews?.map((row) => [row.id, row.text]), [[id, "Good"]]);
  assert.deepEqual(written.reviews_received, []);
  const received = await copyOf(provider);
  assert.deepEqual([received.reviews?.length, received.reviews_received?.length], [0, 2]);
  assert.doesNotMatch(JSON.stringify(received.reviews_received), new RegExp(attendee.id));
});

Deno.test("a provider who deletes their account takes back their answers, not what others wrote", async () => {
  const provider = await makeProvider(stack);
  const { id } = await makeReview(stack, provider, { text: "Good" });
  await provider.client.rpc("respond_to_review", { review_id: id, response: "Thank you" });
  assert.equal((await provider.client.rpc("delete_my_account")).error, null);
  assert.deepEqual(
    await query("select rating, text, response, responded_at from public.reviews where id = $1", id),
    [{ rating: 5, text: "Good", response: null, responded_at: null }],
  );
});
