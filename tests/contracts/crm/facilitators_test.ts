import assert from "node:assert/strict";
import { Crm, someNotification } from "./support.ts";

let crm: Crm;
Deno.test.beforeAll(async () => void (crm = await Crm.start()));
Deno.test.afterAll(() => crm.close());

/** A facilitator with a session that two people booked, one of them also a retreat, and a cancelled booking. */
async function story() {
  const facilitatorId = crypto.randomUUID();
  const session = { ...someNotification(), facilitator_id: facilitatorId };
  const again = { ...someNotification(), facilitator_id: facilitatorId, event: session.event };
  const retreat = {
    ...someNotification(),
    facilitator_id: facilitatorId,
    user: again.user,
    event: { ...someNotification().event, title: "Mountain Retreat", type: "retreat" },
  };
  const off = { ...someNotification(), facilitator_id: facilitatorId, booking_status: "cancelled" };
  for (const notification of [session, again, retreat, off]) await crm.notify(notification);
  return { facilitatorId, session, again, retreat, off };
}

const figures = {
  total_bookings: 3,
  session_bookings: 2,
  retreat_bookings: 1,
  unique_users: 2,
  unique_events: 2,
};

Deno.test("GET /api/facilitators/{id}/bookings lists with statistics of all, whatever the filters", async () => {
  const { facilitatorId, retreat, again, session, off } = await story();
  const list = (query = "") => crm.call("GET", `/api/facilitators/${facilitatorId}/bookings${query}`);
  const { status, body } = await list();
  assert.equal(status, 200);
  assert.equal(body.facilitator_id, facilitatorId);
  assert.deepEqual(
    body.bookings.map((each: { booking_id: string }) => each.booking_id),
    [off, retreat, again, session].map((each) => each.booking_id),
  );
  assert.deepEqual(body.bookings[3].user, {
    id: session.user.id,
    email: session.user.email,
    name: "John Doe",
  });
  assert.deepEqual(body.statistics, { ...figures, recent_bookings: 3 });
  const filtered = await list("?event_type=retreat&crm_status=new&status=received");
  assert.deepEqual(filtered.body.bookings.map((each: { booking_id: string }) => each.booking_id), [
    retreat.booking_id,
  ]);
  assert.equal(filtered.body.pagination.total, 1);
  assert.deepEqual(filtered.body.statistics, body.statistics);
  assert.equal((await list("?event_type=workshop")).status, 400);
});

Deno.test("the pages of GET /api/facilitators/{id}/bookings follow one another, and the one after the last is empty", async () => {
  const { facilitatorId, retreat, again, session, off } = await story();
  const pages = [];
  for (const page of [1, 2, 3]) {
    const { body } = await crm.call(
      "GET",
      `/api/facilitators/${facilitatorId}/bookings?per_page=2&page=${page}`,
    );
    const { has_next, has_prev, total } = body.pagination;
    pages.push([
      body.bookings.map((each: { booking_id: string }) => each.booking_id),
      [has_prev, has_next, total],
    ]);
  }
  assert.deepEqual(pages, [
    [[off.booking_id, retreat.booking_id], [false, true, 4]],
    [[again.booking_id, session.booking_id], [true, false, 4]],
    [[], [true, false, 4]],
  ]);
});

Deno.test("recent bookings are those received within 30 days", async () => {
  const { facilitatorId, session } = await story();
  await crm.stack.database.query(
    "update public.crm_records set received_at = now() - interval '31 days' where booking_id = $1",
    [session.booking_id],
  );
  const { body } = await crm.call("GET", `/api/facilitators/${facilitatorId}/dashboard`);
  assert.deepEqual([body.summary.total_bookings, body.summary.recent_bookings_count], [3, 2]);
});

Deno.test("GET /api/facilitators/{id}/dashboard answers summary, popular events, recent bookings and trends", async () => {
  const { facilitatorId, session, retreat } = await story();
  const { status, body } = await crm.call("GET", `/api/facilitators/${facilitatorId}/dashboard`);
  assert.equal(status, 200);
  assert.deepEqual(body.summary, { ...figures, recent_bookings_count: 3 });
  assert.deepEqual(body.popular_events, [
    { event_id: session.event.id, event_title: session.event.title, event_type: "session", booking_count: 2 },
    { event_id: retreat.event.id, event_title: "Mountain Retreat", event_type: "retreat", booking_count: 1 },
  ]);
  assert.equal(body.recent_bookings.length, 4);
  const { id, received_at, ...recent } = body.recent_bookings[1];
  assert.ok(id && received_at);
  assert.deepEqual(recent, {
    booking_id: retreat.booking_id,
    user: { id: retreat.user.id, name: retreat.user.name, email: retreat.user.email },
    event: { id: retreat.event.id, title: "Mountain Retreat" },
  });
  assert.deepEqual(body.booking_trends, { sessions_vs_retreats: { sessions: 2, retreats: 1 } });
  assert.match(body.generated_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
});

Deno.test("a facilitator of whom nothing was told has zeros, and what is no id is not found", async () => {
  const { status, body } = await crm.call("GET", `/api/facilitators/${crypto.randomUUID()}/dashboard`);
  assert.deepEqual([status, body.summary.total_bookings, body.popular_events], [200, 0, []]);
  assert.equal((await crm.call("GET", "/api/facilitators/1/dashboard")).status, 404);
});

Deno.test("GET /health tells counts to everybody, and nothing of what is counted", async () => {
  await story();
  const { status, body } = await crm.call("GET", "/health", { token: undefined });
  assert.equal(status, 200);
  assert.deepEqual([body.status, body.service, body.port], ["healthy", "CRM Notification Service", 8003]);
  assert.ok(body.notifications_received >= 4 && body.unique_facilitators >= 1 && body.unique_events >= 3);
  assert.ok(body.endpoints.includes("/api/facilitators/{id}/dashboard"));
  assert.ok(!JSON.stringify(body).includes("@"));
});

Deno.test("GET /health counts no more than 10,000 records, for anybody may ask for it", async () => {
  await crm.stack.database.query(`
    insert into public.crm_records (source, booking_id, user_id, event_id, event_kind, provider_id)
    select 'many', gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'session', gen_random_uuid()
    from generate_series(1, 10001)
  `);
  const { body } = await crm.call("GET", "/health", { token: undefined });
  assert.equal(body.notifications_received, 10_000);
  assert.ok(body.unique_facilitators <= 10_000 && body.unique_events <= 10_000);
});
