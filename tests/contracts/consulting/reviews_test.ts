import assert from "node:assert/strict";
import { makeEvent, makePerson, makeProvider, type Person } from "../../support/people.ts";
import { makeCompletedBooking, makeReview } from "../../support/reviews.ts";
import { People, refusal, refused } from "./people_support.ts";

let people: People;
Deno.test.beforeAll(async () => void (people = await People.start()));
Deno.test.afterAll(() => people.close());

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const review = ({ token }: Person, body: Record<string, unknown>, headers = {}) =>
  people.call("POST", "/reviews", { token, body, headers });
const read = (provider: Person, query = "") =>
  people.call("GET", `/reviews/specialist/${provider.id}${query}`);

Deno.test("POST /reviews answers, and the review is read by everybody as it was written", async () => {
  const provider = await makeProvider(people.stack);
  const jane = await makePerson(people.stack, { name: "Jane Smith" });
  const bookingId = await makeCompletedBooking(people.stack, provider, jane);
  const reviewText = `<script>alert("1")</script> & 'helpful'`;
  const aspects = { professionalism: 5, expertise: 5, communication: 4, valueForMoney: 3, punctuality: 5 };
  const { status, body } = await review(jane, { bookingId, rating: 4, reviewText, aspects });
  assert.equal(status, 200);
  const { data: { _id, createdAt, ...data }, ...rest } = body;
  assert.deepEqual(rest, { success: true, message: "Review submitted" });
  assert.deepEqual(data, { bookingId, rating: 4 });
  assert.match(createdAt, instant);
  assert.deepEqual((await read(provider)).body, {
    success: true,
    data: {
      reviews: [{
        _id,
        rating: 4,
        reviewText,
        customerName: "Jane S.",
        aspects,
        createdAt,
        specialistResponse: null,
      }],
      summary: {
        averageRating: 4,
        totalReviews: 1,
        ratingDistribution: { 5: 0, 4: 1, 3: 0, 2: 0, 1: 0 },
      },
      total: 1,
      page: 1,
    },
    pagination: { page: 1, limit: 20, total: 1, totalPages: 1, hasNext: false, hasPrev: false },
  });
});

Deno.test("POST /reviews needs a rating only, and answers equal requests with one key once", async () => {
  const provider = await makeProvider(people.stack);
  const jane = await makePerson(people.stack);
  const bookingId = await makeCompletedBooking(people.stack, provider, jane);
  const headers = { "idempotency-key": crypto.randomUUID() };
  const first = await review(jane, { bookingId, rating: 3 }, headers);
  const again = await review(jane, { bookingId, rating: 3 }, headers);
  assert.deepEqual([first.status, again.status, again.body], [200, 200, first.body]);
  assert.equal((await review(jane, { bookingId, rating: 4 }, headers)).status, 422);
  const { body: { data } } = await read(provider);
  assert.deepEqual([data.total, data.reviews[0].reviewText, data.reviews[0].aspects.expertise], [
    1,
    "",
    null,
  ]);
});

Deno.test("POST /reviews refuses what is not completed, not one's own, not known, not once or not valid", async () => {
  const provider = await makeProvider(people.stack);
  const jane = await makePerson(people.stack);
  const done = await makeCompletedBooking(people.stack, provider, jane);
  const { data: ahead } = await jane.client.rpc("book_event", {
    event_id: (await makeEvent(provider)).id,
  });
  const answers = [
    await review(jane, { bookingId: ahead?.id, rating: 5 }),
    await review(provider, { bookingId: done, rating: 5 }),
    await review(await makePerson(people.stack), { bookingId: done, rating: 1 }),
    await review(jane, { bookingId: crypto.randomUUID(), rating: 5 }),
    await review(jane, { bookingId: done, rating: 6 }),
    await review(jane, { bookingId: done, rating: 4.5 }),
    await review(jane, { bookingId: done, rating: 5, aspects: { valueForMoney: 0 } }),
    await review(jane, { bookingId: done, rating: 5, reviewText: "x".repeat(5001) }),
    await review(jane, { bookingId: "1", rating: 5 }),
  ];
  assert.deepEqual(answers.map(refusal), [
    refused(409, "CONFLICT"),
    refused(404, "NOT_FOUND"),
    refused(404, "NOT_FOUND"),
    refused(404, "NOT_FOUND"),
    refused(400, "VALIDATION_ERROR", { rating: "must be at most 5" }),
    refused(400, "VALIDATION_ERROR", { rating: "must be a whole number" }),
    refused(400, "VALIDATION_ERROR", { "aspects.valueForMoney": "must be at least 1" }),
    refused(400, "VALIDATION_ERROR", { reviewText: "must have at most 5000 characters" }),
    refused(400, "VALIDATION_ERROR", { bookingId: "must be a UUID" }),
  ]);
  assert.equal((await review(jane, { bookingId: done, rating: 5 })).status, 200);
  assert.deepEqual(
    refusal(await review(jane, { bookingId: done, rating: 1 })),
    refused(409, "CONFLICT"),
  );
});

Deno.test("GET /reviews/specialist/{specialistId} sorts, filters and pages, and sums up all reviews", async () => {
  const provider = await makeProvider(people.stack);
  const ids: string[] = [];
  for (const rating of [3, 5, 1, 5]) ids.push((await makeReview(people.stack, provider, { rating })).id);
  const [three, five, one, second] = ids;
  const listed = async (query: string) =>
    (await read(provider, query)).body.data.reviews.map((each: { _id: string }) => each._id);
  assert.deepEqual(await listed(""), [second, one, five, three]);
  assert.deepEqual(await listed("?sort=newest"), [second, one, five, three]);
  assert.deepEqual(await listed("?sort=oldest"), [three, five, one, second]);
  assert.deepEqual(await listed("?sort=highest"), [second, five, three, one]);
  assert.deepEqual(await listed("?sort=lowest"), [one, three, second, five]);
  assert.deepEqual(await listed("?sort=oldest&limit=3&page=2"), [second]);
  const { body: { data, pagination } } = await read(provider, "?rating=5&limit=1");
  assert.deepEqual(data.reviews.map((each: { _id: string }) => each._id), [second]);
  assert.deepEqual(data.summary, {
    averageRating: 3.5,
    totalReviews: 4,
    ratingDistribution: { 5: 2, 4: 0, 3: 1, 2: 0, 1: 1 },
  });
  assert.deepEqual([data.total, data.page], [2, 1]);
  assert.deepEqual(pagination, { page: 1, limit: 1, total: 2, totalPages: 2, hasNext: true, hasPrev: false });
  assert.deepEqual((await read(provider, "?rating=2")).body.data.reviews, []);
  for (const query of ["?rating=0", "?rating=x", "?sort=best", "?page=0", "?limit=-1"]) {
    assert.deepEqual([(await read(provider, query)).status, query], [400, query]);
  }
});

Deno.test("GET /reviews/specialist/{specialistId} answers zeros without reviews, and 404 for nobody", async () => {
  const { body: { data } } = await read(await makeProvider(people.stack));
  assert.deepEqual([data.reviews, data.summary.averageRating, data.summary.totalReviews], [[], 0, 0]);
  for (const id of [crypto.randomUUID(), "1", (await makePerson(people.stack)).id]) {
    const { status, body } = await people.call("GET", `/reviews/specialist/${id}`);
    assert.deepEqual([status, body.code], [404, "NOT_FOUND"]);
  }
});

Deno.test("POST /reviews/{reviewId}/respond publishes the specialist's answer, which a later one replaces", async () => {
  const provider = await makeProvider(people.stack);
  const { id } = await makeReview(people.stack, provider);
  const respond = ({ token }: Person, response: unknown, reviewId = id) =>
    people.call("POST", `/reviews/${reviewId}/respond`, { token, body: { response } });
  const { status, body } = await respond(provider, "Thank you");
  assert.deepEqual([status, body.success, body.message], [200, true, "Response added"]);
  assert.deepEqual([body.data._id, body.data.specialistResponse], [id, "Thank you"]);
  assert.match(body.data.respondedAt, instant);
  await respond(provider, "Thank you, Jane");
  assert.equal((await read(provider)).body.data.reviews[0].specialistResponse, "Thank you, Jane");

  const answers = [
    await respond(await makePerson(people.stack), "Mine"),
    await respond(await makeProvider(people.stack), "Mine"),
    await respond(provider, "None", crypto.randomUUID()),
    await respond(provider, " "),
  ];
  assert.deepEqual(answers.map(refusal), [
    refused(403, "FORBIDDEN"),
    refused(403, "FORBIDDEN"),
    refused(404, "NOT_FOUND"),
    refused(400, "VALIDATION_ERROR", { response: "must not be empty" }),
  ]);
});
