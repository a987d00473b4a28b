import assert from "node:assert/strict";
import { contract } from "../support/http.ts";
import { daysAhead } from "../support/people.ts";
import { processDatabase, startDev } from "../support/process.ts";
import { receiver } from "../support/receiver.ts";

const people = 60;

Deno.test("kill -9 during a burst of bookings loses no acknowledged booking and no side effect", async () => {
  const database = await processDatabase();
  const [mail, crm] = [receiver({ id: "1" }), receiver({ status: "success" })];
  const env = {
    RESEND_BASE_URL: mail.url,
    CRM_SERVICE_URL: crm.url,
    CRM_BEARER_TOKEN: "crm-token-of-the-test",
    LOG_PER_SECOND: "0",
    // Deliveries that were leased at that moment come back when their lease ends, ten seconds later than this.
    VENDOR_TIMEOUT_MS: "5000",
  };
  // Not one that the system gives to others before the second start.
  const port = String(20_000 + Math.floor(10_000 * Math.random()));
  const { folder, databaseUrl } = database;
  const options = { folder, databaseUrl, env, args: ["--port", port] };
  let dev = await startDev(options);
  const call = (method: string, path: string, init: { token?: string; body?: unknown } = {}) =>
    contract(dev, "sessions")(method, path, init);

  const register = async (role: string, name: string) => {
    const email = `${crypto.randomUUID()}@example.com`;
    const { status, body } = await call("POST", "/api/auth/register", {
      body: { email, password: "password123", name, role },
    });
    assert.equal(status, 201, JSON.stringify(body));
    return { email, token: String(body.access_token), id: String(body.user.id) };
  };
  const host = await register("facilitator", "Host");
  // Four at a time: more password hashes at once keep one process from answering the first within its timeout.
  const users: Awaited<ReturnType<typeof register>>[] = [];
  for (let n = 0; n < people; n += 4) {
    users.push(...await Promise.all(Array.from({ length: 4 }, (_, i) => register("user", `User ${n + i}`))));
  }
  const sessions = await Promise.all(Array.from({ length: 5 }, async (_, day) => {
    const { body } = await call("POST", "/api/sessions", {
      token: host.token,
      body: {
        title: "Burst",
        session_type: "session",
        start_time: daysAhead(7 + day),
        end_time: daysAhead(7 + day, 1),
        capacity: people,
      },
    });
    return String(body.session_id);
  }));

  const acknowledged = new Set<string>();
  await Promise.all(users.map(async ({ token }) => {
    try {
      for (const session_id of sessions) {
        const { status, body } = await call("POST", "/api/bookings", { token, body: { session_id } });
        if (status === 201) acknowledged.add(body.booking_id);
        if (acknowledged.size >= people) dev.kill("SIGKILL");
      }
    } catch {
      // The process was killed before it answered.
    }
  }));
  await dev.ended;
  assert.ok(acknowledged.size >= people);
  assert.ok(acknowledged.size < people * sessions.length, "the burst was over before the kill");

  dev = await startDev(options);
  const { body: bookings } = await call("GET", "/api/facilitator/bookings?limit=1000", { token: host.token });
  const kept = new Set<string>(bookings.map((booking: { id: string }) => booking.id));
  for (const id of acknowledged) assert.ok(kept.has(id), `the acknowledged booking ${id} is lost`);

  const deadline = Date.now() + 120_000;
  const isTold = (id: string) => crm.accepted.some(({ body }) => body.booking_id === id);
  const letters = () => new Set(mail.accepted.map(({ headers }) => headers.get("idempotency-key"))).size;
  while (![...kept].every(isTold) || letters() < 2 * kept.size) {
    assert.ok(Date.now() < deadline, "side effects are missing");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.equal(letters(), 2 * kept.size, "one letter to each of both people");
  const response = await fetch(`${dev.url}/rest/v1/notifications?select=subject_id&kind=eq.booking.created`, {
    headers: { apikey: dev.keys.publishableKey, authorization: `Bearer ${host.token}` },
  });
  const notified = (await response.json()).map((row: { subject_id: string }) => row.subject_id);
  assert.deepEqual(notified.sort(), [...kept].sort(), "one notification per booking");

  const keys = crm.accepted.map(({ headers }) => headers.get("idempotency-key"));
  const bookingsTold = new Set(crm.accepted.map(({ body }) => `${body.booking_id} ${body.version}`));
  assert.equal(new Set(keys).size, bookingsTold.size, "a repeated delivery carries the same key");

  dev.kill("SIGINT");
  await dev.ended;
  await Promise.all([mail.close(), crm.close()]);
  await database.drop();
});
