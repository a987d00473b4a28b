import assert from "node:assert/strict";
import { Crm, someNotification } from "./support.ts";

let crm: Crm;
Deno.test.beforeAll(async () => void (crm = await Crm.start()));
Deno.test.afterAll(() => crm.close());

// deno-lint-ignore no-explicit-any -- the body of an answer
const ids = (body: any) => body.bookings.map((booking: { booking_id: string }) => booking.booking_id);

Deno.test("GET /api/bookings filters, echoes the filters and counts", async () => {
  const [one, two] = [someNotification(), someNotification()];
  two.facilitator_id = one.facilitator_id;
  for (const notification of [one, two, someNotification()]) await crm.notify(notification);
  await crm.call("PUT", `/api/bookings/${two.booking_id}/status`, { body: { crm_status: "reviewed" } });

  const of = `facilitator_id=${one.facilitator_id}`;
  const { status, body } = await crm.call("GET", `/api/bookings?${of}`);
  assert.equal(status, 200);
  assert.deepEqual(ids(body), [two.booking_id, one.booking_id]);
  assert.deepEqual(body.filters_applied, {
    facilitator_id: one.facilitator_id,
    event_id: null,
    user_id: null,
    status: null,
    crm_status: null,
  });
  assert.equal(body.summary.filtered_results, 2);
  assert.ok(body.summary.total_notifications >= 3);
  assert.deepEqual(body.pagination, {
    page: 1,
    pages: 1,
    per_page: 10,
    total: 2,
    has_next: false,
    has_prev: false,
  });
  const { user, event } = body.bookings[1];
  assert.deepEqual(user, one.user);
  assert.deepEqual(event, { id: one.event.id, title: one.event.title, type: "session" });

  assert.deepEqual(ids((await crm.call("GET", `/api/bookings?${of}&crm_status=REVIEWED`)).body), [
    two.booking_id,
  ]);
  assert.deepEqual(ids((await crm.call("GET", `/api/bookings?event_id=${one.event.id}`)).body), [
    one.booking_id,
  ]);
  assert.deepEqual(ids((await crm.call("GET", `/api/bookings?user_id=${two.user.id}`)).body), [
    two.booking_id,
  ]);
  assert.deepEqual(ids((await crm.call("GET", `/api/bookings?${of}&status=cancelled`)).body), []);
});

Deno.test("GET /api/bookings answers 400 to words and numbers that it does not know", async () => {
  for (const query of ["crm_status=lost", "status=maybe", "per_page=0", "page=-1", "user_id=1"]) {
    assert.equal((await crm.call("GET", `/api/bookings?${query}`)).status, 400, query);
  }
  assert.equal((await crm.call("GET", "/api/bookings?per_page=100000")).body.pagination.per_page, 100);
});

Deno.test("page 2 of GET /api/bookings goes on where page 1 ended; a page that nobody reaches is empty", async () => {
  const facilitatorId = crypto.randomUUID();
  const told = Array.from({ length: 3 }, () => ({ ...someNotification(), facilitator_id: facilitatorId }));
  for (const notification of told) await crm.notify(notification);
  const list = async (page: number) => {
    const query = `facilitator_id=${facilitatorId}&per_page=2&page=${page}`;
    return (await crm.call("GET", `/api/bookings?${query}`)).body;
  };
  const newestFirst = told.map(({ booking_id }) => booking_id).reverse();
  assert.deepEqual(ids(await list(1)), newestFirst.slice(0, 2));
  assert.deepEqual(ids(await list(2)), newestFirst.slice(2));
  const beyond = await list(1_000_000);
  assert.deepEqual([ids(beyond), beyond.pagination.total, beyond.pagination.has_next], [[], 3, false]);
});

Deno.test("a total beyond 10,000 says that it is not exact", async () => {
  const facilitatorId = crypto.randomUUID();
  const list = (path: string) => crm.call("GET", `${path}per_page=1`);
  await crm.stack.database.query(
    `insert into public.crm_records (booking_id, source, provider_id, user_id, event_id, event_kind, event_title,
       user_name, user_email)
     select gen_random_uuid(), 'convene', $1, gen_random_uuid(), gen_random_uuid(), 'session', 'Many', 'Somebody', ''
     from generate_series(1, 10001)`,
    [facilitatorId],
  );
  for (
    const path of [
      `/api/bookings?facilitator_id=${facilitatorId}&`,
      `/api/facilitators/${facilitatorId}/bookings?`,
    ]
  ) {
    const { body, headers } = await list(path);
    assert.deepEqual([body.pagination.total, body.pagination.has_next], [10_000, true], path);
    assert.equal(headers.get("x-total-count-exact"), "false", path);
  }
  const { headers } = await list(`/api/bookings?facilitator_id=${crypto.randomUUID()}&`);
  assert.equal(headers.get("x-total-count-exact"), "true");
});

Deno.test("PUT /api/bookings/{booking_id}/status moves the status and keeps who, when and why", async () => {
  const notification = someNotification();
  await crm.notify(notification);
  const move = (body: unknown) =>
    crm.call("PUT", `/api/bookings/${notification.booking_id}/status`, { body });
  const { status, body } = await move({
    crm_status: "contacted",
    notes: "Called customer to confirm attendance",
    changed_by: "Dana",
  });
  assert.equal(status, 200);
  const { updated_at, ...answer } = body;
  assert.match(updated_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
  assert.deepEqual(answer, {
    message: "Booking status updated successfully",
    booking_id: notification.booking_id,
    old_status: "new",
    new_status: "contacted",
  });
  await move({ crm_status: "confirmed" });
  const { body: { booking } } = await crm.call("GET", `/api/bookings/${notification.booking_id}`);
  assert.deepEqual([booking.crm_status, booking.notes], ["confirmed", notification.notes]);
  assert.deepEqual(
    booking.status_history.map(({ changed_at: _, ...change }: Record<string, unknown>) => change),
    [
      {
        old_status: "new",
        new_status: "contacted",
        notes: "Called customer to confirm attendance",
        changed_by: "Dana",
      },
      { old_status: "contacted", new_status: "confirmed", notes: null, changed_by: null },
    ],
  );
});

Deno.test("a status that is none answers 400, an unknown booking 404", async () => {
  const notification = someNotification();
  await crm.notify(notification);
  const path = `/api/bookings/${notification.booking_id}/status`;
  assert.equal((await crm.call("PUT", path, { body: { crm_status: "lost" } })).status, 400);
  assert.equal((await crm.call("PUT", path, { body: {} })).status, 400);
  for (const id of [crypto.randomUUID(), "12"]) {
    const { status, body } = await crm.call("PUT", `/api/bookings/${id}/status`, {
      body: { crm_status: "new" },
    });
    assert.deepEqual([status, body], [404, { error: "Booking not found" }]);
    assert.equal((await crm.call("GET", `/api/bookings/${id}`)).status, 404);
  }
});
