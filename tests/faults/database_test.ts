import assert from "node:assert/strict";
import { contract } from "../support/http.ts";
import { makeEvent, makePerson, makeProvider } from "../support/people.ts";
import { startDev } from "../support/process.ts";
import { atPort, startProxy } from "../support/proxy.ts";
import { createTestDatabase, isWithoutServer, serverUrl } from "../support/template.ts";
import { within } from "../support/time_limit.ts";

Deno.test({
  name:
    "while the database is away requests answer 503 within 3 s; when it is back they work without a restart",
  ignore: isWithoutServer("PGlite runs in the process of the stack and cannot be away."),
  fn: async () => {
    const proxy = startProxy(new URL(serverUrl ?? ""));
    const database = await createTestDatabase();
    const dev = await startDev({
      folder: database.folder,
      databaseUrl: atPort(database.databaseUrl ?? "", proxy.port),
      env: { DATABASE_TIMEOUT_MS: "2500" },
    });
    const person = await makePerson(dev);
    const event = await makeEvent(await makeProvider(dev));
    const sessions = contract(dev, "sessions");
    const everything = () =>
      Promise.all([
        sessions("GET", "/health"),
        contract(dev, "events")("GET", "/health"),
        contract(dev, "crm")("GET", "/health"),
        sessions("GET", "/api/sessions", { token: person.token }),
        sessions("POST", "/api/bookings", { token: person.token, body: { session_id: event.id } }),
        sessions("POST", "/api/auth/login", { body: { email: person.email, password: person.password } }),
      ]);
    assert.equal((await sessions("GET", "/health")).status, 200);

    for (const outage of ["refuse", "hang", "refuse", "hang", "refuse"] as const) {
      const underWay = Promise.all(
        Array.from({ length: 12 }, () => sessions("GET", "/api/sessions", { token: person.token })),
      );
      await new Promise((resolve) => setTimeout(resolve, 30));
      proxy.behave(outage);
      for (const { status, body } of await underWay) {
        assert.ok(status === 200 || status === 503, `${status} ${JSON.stringify(body)}`);
      }
      for (const { status, body, headers } of await within(3000, everything)) {
        assert.equal(status, 503, JSON.stringify(body));
        if (body.error) assert.ok(Number(headers.get("retry-after")) > 0);
      }
      const worker = await fetch(`${dev.url}/functions/v1/worker/health`);
      assert.equal(worker.status, 503);
      assert.deepEqual(await worker.json(), { status: "unhealthy", oldest_due_seconds: null });

      proxy.behave("forward");
      const deadline = Date.now() + 15_000;
      while ((await sessions("GET", "/health")).status !== 200) {
        assert.ok(Date.now() < deadline, `does not recover after ${outage}`);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
    const { data } = await person.client.from("bookings").select();
    assert.deepEqual(data, [], "nothing that was refused was done");
    const { status } = await sessions("POST", "/api/bookings", {
      token: person.token,
      body: { session_id: event.id },
    });
    assert.equal(status, 201);
    dev.kill("SIGINT");
    assert.equal(await dev.ended, 0);
    proxy.close();
    await database.drop();
  },
});
