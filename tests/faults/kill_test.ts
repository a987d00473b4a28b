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
    VENDOR_TIMEOUT_MS: "1000",
  };
  const options = { folder: database.folder, databaseUrl: database.databaseUrl, env };
  let dev = await startDev(options);
  const call = (method: string, path: string, init: { token?: string; body?: unknown } = {}) =>
    contract(dev, "sessions")(method, path, init);

  const register = async (role: string, name: string) => {
    const email = `${crypto.randomUUID()}@example.com`;
    const { body } = await call("POST", "/api/auth/register", {
      body: { email, password: "password123", name, role },
    });
    return { email, token: String(body.access_token), id: String(body.user.id) };
  };
  const host = await register("facilitator", "Host");
  const users = await Promise.all(Array.from({ length: people }, (_, n) => register("user", `User ${n}`)));
  const { body: { session_id } } = await call("POST", "/api/sessions", {
    token: host.token,
    body: {
      title: "Burst",
      session_type: "session",
      start_time: daysAhead(7),
      end_time: daysAhead(7, 1),
      capacity: people,
    },
  });

  const acknowledged = new Map<string, string>();
  await Promise.all(users.map(async ({ token, email }) => {
    try {
      const { status, body } = await call("POST", "/api/bookings", { token, body: { session_id } });
      if (status === 201) acknowledged.set(body.booking_id, email);
      if (acknowledged.size >= people / 3) dev.kill("SIGKILL");
    } catch {
      // The process was killed before it answered.
    }
  }));
  await dev.ended;
  assert.ok(acknowledged.size >= people / 3);
  assert.ok(acknowledged.size < people, "the burst was over before the kill");

  dev = await startDev({ ...options, args: ["--port", new URL(dev.url).port] });
  const { body: bookings } = await call("GET", `/api/facilitator/sessions/${session_id}/bookings`, {
    token: host.token,
  });
  const kept = new Map<string, string>(
    bookings.map((booking: { id: string; user: { email: string } }) => [booking.id, booking.user.email]),
  );
  for (const id of acknowledged.keys()) assert.ok(kept.has(id), `the acknowledged booking ${id} is lost`);

  const deadline = Date.now() + 30_000;
  const isTold = (id: string, email: string) =>
    crm.accepted.some(({ body }) => body.booking_id === id) &&
    mail.accepted.some(({ body }) => body.to === email);
  while (![...kept].every(([id, email]) => isTold(id, email))) {
    assert.ok(Date.now() < deadline, "side effects are missing");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const response = await fetch(`${dev.url}/rest/v1/notifications?select=subject_id`, {
    headers: { apikey: dev.keys.publishableKey, authorization: `Bearer ${host.token}` },
  });
  const notified = (await response.json()).map((row: { subject_id: string }) => row.subject_id);
  assert.deepEqual(notified.sort(), [...kept.keys()].sort(), "one notification per booking");

  const keys = crm.accepted.map(({ headers }) => headers.get("idempotency-key"));
  const bookingsTold = new Set(crm.accepted.map(({ body }) => `${body.booking_id} ${body.version}`));
  assert.equal(new Set(keys).size, bookingsTold.size, "a repeated delivery carries the same key");

  dev.kill("SIGINT");
  await dev.ended;
  await Promise.all([mail.close(), crm.close()]);
  await database.drop();
});
