import assert from "node:assert/strict";
import { daysAhead, type Person } from "../../support/people.ts";
import { Events, type Member } from "./support.ts";

let events: Events;
let reader: Member;
let provider: Person;
Deno.test.beforeAll(async () => {
  events = await Events.start();
  [reader, provider] = [await events.member(), await events.provider()];
});
Deno.test.afterAll(() => events.close());

const list = (query: string) => events.call("GET", `/api/events/${query}`, { token: reader.token });
// deno-lint-ignore no-explicit-any -- the body of an answer
const titles = (body: any) => body.events.map((event: { title: string }) => event.title);

Deno.test("GET /api/events/{event_id} answers the event as written", async () => {
  const [startsAt, endsAt] = [daysAhead(9), daysAhead(12)];
  const id = await events.event(provider, {
    kind: "retreat",
    title: "Mountain Retreat",
    description: "Three days of quiet",
    location: "Wellness Center",
    starts_at: startsAt,
    ends_at: endsAt,
    capacity: 20,
    price_minor: 2500,
  });
  await provider.client.rpc("describe_event", { event_id: id, requirements: "A mat" });
  await events.book(await events.member(), id);
  const { status, body } = await events.call("GET", `/api/events/${id}`, { token: reader.token });
  assert.equal(status, 200);
  const { created_at, ...event } = body.event;
  assert.match(created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
  assert.deepEqual(event, {
    id,
    title: "Mountain Retreat",
    description: "Three days of quiet",
    event_type: "RETREAT",
    facilitator: { id: provider.id, name: provider.name, bio: "" },
    start_datetime: startsAt.slice(0, 19),
    end_datetime: endsAt.slice(0, 19),
    location: "Wellness Center",
    virtual_link: null,
    max_participants: 20,
    current_participants: 1,
    available_spots: 19,
    price: 25,
    status: "ACTIVE",
    requirements: "A mat",
    is_full: false,
  });
});

Deno.test("virtual_link is shown to those who have a seat, and not after they cancel", async () => {
  const id = await events.event(provider);
  const link = "https://meet.example.com/room";
  const { error } = await provider.client.rpc("describe_event", { event_id: id, virtual_link: link });
  assert.equal(error, null);
  const linkFor = async (token: string) =>
    (await events.call("GET", `/api/events/${id}`, { token })).body.event.virtual_link;
  assert.equal(await linkFor(reader.token), null);
  assert.equal(await linkFor(provider.token), link);
  const attendee = await events.member();
  const { body } = await events.book(attendee, id);
  assert.equal(await linkFor(attendee.token), link);
  await events.call("PUT", `/api/bookings/${body.booking.id}/cancel`, { token: attendee.token });
  assert.equal(await linkFor(attendee.token), null);
});

Deno.test("describe_event is a change of the event: its version rises, and the audit log says what", async () => {
  const id = await events.event(provider);
  const describe = async (change: { requirements?: string; virtual_link?: string }) => {
    const { data } = await provider.client.rpc("describe_event", { event_id: id, ...change });
    return [data?.version, data?.requirements];
  };
  assert.deepEqual(await describe({ requirements: "A mat" }), [2, "A mat"]);
  assert.deepEqual(await describe({ virtual_link: "https://meet.example.com/room" }), [3, "A mat"]);
  assert.deepEqual(await describe({ requirements: "" }), [4, ""]);
  assert.deepEqual(await describe({ requirements: "", virtual_link: "https://meet.example.com/room" }), [
    4,
    "",
  ]);
  const [outbox] = await events.stack.database.query<{ n: number }>(
    "select count(*)::int as n from private.outbox where key = $1 and event = 'event.updated'",
    [id],
  );
  assert.equal(outbox?.n, 3, "what changes nothing is told to nobody");
  const told = await events.stack.database.query<{ requirements: string | null }>(
    `select detail ->> 'requirements' as requirements from private.audit_log
     where subject_id = $1 and command = 'describe_event' order by id`,
    [id],
  );
  assert.deepEqual(told.map(({ requirements }) => requirements), ["A mat", null, "", ""]);
  const leaked = await events.stack.database.query(
    "select 1 as found from private.audit_log where detail::text like '%meet.example.com%'",
  );
  assert.deepEqual(leaked, [], "the link is for those who have a seat");
});

Deno.test("lists tell whether their total is exact, and a page that nobody reaches is empty", async () => {
  const host = await events.provider();
  const member = await events.member();
  await events.book(member, await events.event(host));
  for (
    const [path, key, total] of [
      [`/api/events/?facilitator_id=${host.id}&`, "events", 1],
      [`/api/facilitators/${host.id}/events?`, "events", 1],
      ["/api/bookings/?", "bookings", 1],
      ["/api/facilitators/?", "facilitators", null],
    ] as const
  ) {
    const headers = { origin: "https://app.example.com" };
    const list = (page: number) =>
      events.call("GET", `${path}page=${page}`, { token: member.token, headers });
    const [first, beyond] = [await list(1), await list(1_000_000)];
    assert.equal(first.headers.get("x-total-count-exact"), "true", path);
    assert.match(first.headers.get("access-control-expose-headers") ?? "", /X-Total-Count-Exact/);
    assert.deepEqual(
      [beyond.status, beyond.body[key], beyond.body.pagination.has_next],
      [200, [], false],
      path,
    );
    assert.equal(beyond.body.pagination.total, total ?? first.body.pagination.total, path);
  }
});

Deno.test("describe_event refuses what is no https address, and other people's events", async () => {
  const id = await events.event(provider);
  const stranger = await events.provider();
  for (const virtual_link of ["javascript:alert(1)", "http://example.com", "https://a b"]) {
    const { error } = await provider.client.rpc("describe_event", { event_id: id, virtual_link });
    assert.equal(error?.message, "INVALID_INPUT");
  }
  const { error } = await stranger.client.rpc("describe_event", { event_id: id, requirements: "x" });
  assert.equal(error?.message, "NOT_YOUR_EVENT");
});

Deno.test("GET /api/events/types answers the two types, and an unknown id 404", async () => {
  const { body } = await list("types");
  assert.deepEqual(body, { event_types: [{ key: "SESSION", value: 1 }, { key: "RETREAT", value: 2 }] });
  const { status, body: unknown } = await list(crypto.randomUUID());
  assert.deepEqual([status, unknown], [404, { error: "Event not found" }]);
  assert.equal((await list("17")).status, 404);
});

Deno.test("GET /api/events/ filters by type, facilitator and status, soonest first, in pages", async () => {
  const host = await events.provider();
  await events.event(host, { title: "Second", starts_at: daysAhead(4), ends_at: daysAhead(4, 1) });
  await events.event(host, { title: "First", starts_at: daysAhead(3), ends_at: daysAhead(3, 1) });
  await events.event(host, {
    title: "Retreat",
    kind: "retreat",
    starts_at: daysAhead(5),
    ends_at: daysAhead(6),
  });
  const cancelled = await events.event(host, { title: "Cancelled" });
  await host.client.rpc("cancel_event", { event_id: cancelled });

  const of = `facilitator_id=${host.id}`;
  assert.deepEqual(titles((await list(`?${of}`)).body), ["First", "Second", "Retreat"]);
  assert.deepEqual(titles((await list(`?${of}&type=RETREAT`)).body), ["Retreat"]);
  assert.deepEqual(titles((await list(`?${of}&type=session`)).body), ["First", "Second"]);
  assert.deepEqual(titles((await list(`?${of}&status=cancelled`)).body), ["Cancelled"]);
  assert.equal(titles((await list(`?${of}&status=all`)).body).length, 4);
  const { body } = await list(`?${of}&page=2&per_page=2`);
  assert.deepEqual(titles(body), ["Retreat"]);
  assert.deepEqual(body.pagination, {
    page: 2,
    pages: 2,
    per_page: 2,
    total: 3,
    has_next: false,
    has_prev: true,
  });
  assert.deepEqual((await list(`?${of}&page=9`)).body.events, []);
});

Deno.test("a past event is completed, not active", async () => {
  const host = await events.provider();
  const id = await events.event(host, { title: "Over" });
  await events.stack.database.query(
    "update public.events set starts_at = now() - interval '3 hours', ends_at = now() - interval '2 hours' where id = $1",
    [id],
  );
  assert.deepEqual(titles((await list(`?facilitator_id=${host.id}`)).body), []);
  assert.deepEqual(titles((await list(`?facilitator_id=${host.id}&status=completed`)).body), ["Over"]);
});

Deno.test("search finds words of title and description, the title's first, and titles written alike", async () => {
  const host = await events.provider();
  await events.event(host, { title: "Bread for beginners", description: "With a little meditation" });
  await events.event(host, { title: "Meditations at dawn" });
  await events.event(host, { title: "Welding" });
  const find = async (text: string) =>
    titles((await list(`?facilitator_id=${host.id}&search=${encodeURIComponent(text)}`)).body);
  assert.deepEqual(await find("meditation"), ["Meditations at dawn", "Bread for beginners"]);
  assert.deepEqual(await find("meditaton"), ["Meditations at dawn"]);
  assert.deepEqual(await find("bread beginners"), ["Bread for beginners"]);
  assert.deepEqual(await find("astronomy"), []);
});

Deno.test("search takes wildcards, operators and quotes as text, and never fails", async () => {
  const host = await events.provider();
  await events.event(host, { title: "100% wool_work" });
  for (const text of ["%", "_", "\\", "'", '"', "a & | !", "<->", "(((", "\u0000", "😀", " "]) {
    const { status } = await list(`?facilitator_id=${host.id}&search=${encodeURIComponent(text)}`);
    assert.ok(status === 200 || (text === "\u0000" && status === 400), `${text}: ${status}`);
  }
  await events.event(host, { title: "Welding" });
  for (const wildcard of ["%", "_", "W%g", "W_____g"]) {
    const { body } = await list(`?facilitator_id=${host.id}&search=${encodeURIComponent(wildcard)}`);
    assert.ok(!titles(body).includes("Welding"), wildcard);
  }
});

Deno.test("GET /api/events/ answers 400 to words and numbers that it does not know", async () => {
  for (
    const query of [
      "type=workshop",
      "status=unknown",
      "per_page=0",
      "page=-1",
      "page=x",
      "facilitator_id=17",
      `search=${"x".repeat(10_240)}`,
    ]
  ) {
    const { status, body } = await list(`?${query}`);
    assert.equal(status, 400, query.slice(0, 40));
    assert.equal(typeof body.error, "string");
  }
  assert.equal((await list("?per_page=100000")).body.pagination.per_page, 100);
});

Deno.test("the list is served with and without the trailing slash", async () => {
  const { status } = await events.call("GET", "/api/events", { token: reader.token });
  assert.equal(status, 200);
});
