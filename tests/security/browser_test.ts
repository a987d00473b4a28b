import assert from "node:assert/strict";
import { type Chromium, findChromium, startChromium } from "../support/chromium.ts";
import { contract } from "../support/http.ts";
import { makeEvent, makePerson, makeProvider } from "../support/people.ts";
import { codeOf, somePhone } from "../support/phones.ts";
import { shutDown } from "../support/shut_down.ts";
import { type TestStack, testStack } from "../support/stack.ts";

const program = await findChromium();
// deno-lint-ignore no-console -- the reader of the tests' output should know
if (!program) console.log("Skipped without chromium: what a real browser does with the cookies of sign-in.");
const ignore = !program;

/** The app, another website, and browsers for both: pages on two ports; the API is on a third. */
interface World {
  chromium: Chromium;
  app: Deno.HttpServer<Deno.NetAddr>;
  evil: Deno.HttpServer<Deno.NetAddr>;
  lax: TestStack;
  none: TestStack;
}

let world: World;
if (program) {
  Deno.test.beforeAll(async () => {
    const [app, evil] = [servePage(), servePage()];
    const origins = ["localhost", "127.0.0.1"].map((host) => `http://${host}:${app.addr.port}`);
    const env = { CORS_ORIGINS: origins.join(",") };
    world = {
      chromium: await startChromium(program),
      app,
      evil,
      lax: await testStack({ env }),
      none: await testStack({ env: { ...env, COOKIE_SAME_SITE: "none" } }),
    };
  });
  Deno.test.afterAll(async () => {
    const { chromium, app, evil, lax, none } = world;
    await chromium.close();
    await Promise.all([shutDown(app), shutDown(evil), lax.close(), none.close()]);
  });
}

function servePage(): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => new Response("<!doctype html><title>App</title>", { headers: { "content-type": "text/html" } }),
  );
}

async function sendCode(stack: TestStack, phone: string): Promise<void> {
  const sent = await contract(stack, "facilitator")("POST", "/api/auth/send-otp", {
    body: { phone_number: phone },
  });
  assert.equal(sent.status, 200);
}

interface Story {
  signedIn: number | string;
  byCookie: boolean | string;
  byToken: boolean | string;
  changed: number | string;
  visibleCookie: string;
  afterLogout: boolean | string;
}

/** Plays sign-in by code in a page of `host:port`, and tells what each step came to; a refused fetch is its error. */
async function play(stack: TestStack, host: string, port: number): Promise<Story> {
  const phone = somePhone();
  const api = `${stack.url}/functions/v1/facilitator/api`;
  // The code is sent beforehand: the page's person reads it from their phone.
  await sendCode(stack, phone);
  const otp = await codeOf(stack, phone);
  const window = await world.chromium.open();
  const story = await window.run<Story>(
    `http://${host}:${port}/`,
    `
    const call = async (method, path, { body, token } = {}) => {
      const response = await fetch(${JSON.stringify(api)} + path, {
        method,
        credentials: "include",
        headers: {
          ...(body ? { "content-type": "application/json" } : {}),
          ...(token ? { authorization: "Bearer " + token } : {}),
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      return { status: response.status, body: await response.json() };
    };
    const attempt = async (work) => { try { return await work(); } catch (error) { return error.name; } };
    const story = {};
    let token;
    story.signedIn = await attempt(async () => {
      const { status, body } = await call("POST", "/auth/verify-otp", { body: ${
      JSON.stringify({ phone_number: phone, otp })
    } });
      token = body.access_token;
      return status;
    });
    const isSignedIn = (token) => attempt(async () =>
      (await call("GET", "/auth/session-status", { token })).body.authenticated);
    story.byCookie = await isSignedIn();
    story.byToken = token ? await isSignedIn(token) : false;
    story.changed = await attempt(async () =>
      (await call("POST", "/auth/complete-onboarding", { body: { name: "Jane" } })).status);
    story.visibleCookie = document.cookie;
    await attempt(() => call("POST", "/auth/logout"));
    story.afterLogout = await isSignedIn();
    return story;
    `,
  );
  await window.close();
  return story;
}

Deno.test({
  name: "lax: a page on the API's own site signs in, works and signs out by the cookie, which it cannot read",
  ignore,
  fn: async () => {
    assert.deepEqual(await play(world.lax, "127.0.0.1", world.app.addr.port), {
      signedIn: 200,
      byCookie: true,
      byToken: true,
      changed: 201,
      visibleCookie: "",
      afterLogout: false,
    });
  },
});

Deno.test({
  name: "lax: a page on another site gets no cookie, and is signed in by the tokens of the same answer",
  ignore,
  fn: async () => {
    assert.deepEqual(await play(world.lax, "localhost", world.app.addr.port), {
      signedIn: 200,
      byCookie: false,
      byToken: true,
      changed: 401,
      visibleCookie: "",
      afterLogout: false,
    });
  },
});

Deno.test({
  name: "none: a page on another site signs in, works and signs out by the cookie",
  ignore,
  fn: async () => {
    assert.deepEqual(await play(world.none, "localhost", world.app.addr.port), {
      signedIn: 200,
      byCookie: true,
      byToken: true,
      changed: 201,
      visibleCookie: "",
      afterLogout: false,
    });
  },
});

for (const mode of ["lax", "none"] as const) {
  for (const host of ["localhost", "127.0.0.1"]) {
    Deno.test({
      name: `${mode}: a page of an origin that is not listed cannot sign in, from ${host}`,
      ignore,
      fn: async () => {
        assert.deepEqual(await play(world[mode], host, world.evil.addr.port), {
          signedIn: "TypeError",
          byCookie: "TypeError",
          byToken: false,
          changed: "TypeError",
          visibleCookie: "",
          afterLogout: "TypeError",
        });
      },
    });
  }
}

Deno.test({
  name:
    "another website's request that needs no preflight is refused, though the browser sends the cookie along",
  ignore,
  fn: async () => {
    const stack = world.none;
    const phone = somePhone();
    const api = `${stack.url}/functions/v1/facilitator/api/auth`;
    // Two ports of one host are one site, so that even a partitioned cookie goes along; only the origin differs.
    const [app, evil] = [pageOf(world.app), pageOf(world.evil)];
    const window = await world.chromium.open();
    const isSignedIn = () =>
      window.run<boolean>(
        app,
        `return (await (await fetch("${api}/session-status", { credentials: "include" })).json()).authenticated`,
      );
    const signOutFrom = (page: string) =>
      window.run(
        page,
        `await fetch("${api}/logout", { method: "POST", credentials: "include", mode: "no-cors" })`,
      );
    await sendCode(stack, phone);
    const body = JSON.stringify({ phone_number: phone, otp: await codeOf(stack, phone) });
    await window.run(
      app,
      `await fetch("${api}/verify-otp", {
        method: "POST",
        credentials: "include",
        headers: { "content-type": "application/json" },
        body: ${JSON.stringify(body)},
      })`,
    );
    const statuses = () =>
      stack.log.map((line) => JSON.parse(line)).filter(({ route }) => route?.endsWith("/logout"))
        .map(({ status }) => status);
    const before = statuses().length;
    await signOutFrom(evil);
    assert.deepEqual(statuses().slice(before), [403], "the request came, with the cookie");
    assert.equal(await isSignedIn(), true);
    await signOutFrom(app);
    assert.equal(await isSignedIn(), false, "control: the app's own request signs out");
    await window.close();
  },
});

Deno.test({
  name: "a page of another origin calls a command with arguments through the Data API",
  ignore,
  fn: async () => {
    const stack = world.lax;
    const [provider, person] = [await makeProvider(stack), await makePerson(stack)];
    const event = await makeEvent(provider);
    const window = await world.chromium.open();
    const headers = {
      apikey: stack.keys.publishableKey,
      authorization: `Bearer ${person.token}`,
      "content-type": "application/json",
      "idempotency-key": crypto.randomUUID(),
    };
    const booking = await window.run<{ event_id: string; status: string }>(
      pageOf(world.evil),
      `const response = await fetch("${stack.url}/rest/v1/rpc/book_event", {
        method: "POST",
        headers: ${JSON.stringify(headers)},
        body: ${JSON.stringify(JSON.stringify({ event_id: event.id }))},
      });
      return await response.json();`,
    );
    assert.deepEqual([booking.event_id, booking.status], [event.id, "confirmed"]);
    await window.close();
  },
});

function pageOf({ addr }: Deno.HttpServer<Deno.NetAddr>): string {
  return `http://localhost:${addr.port}/`;
}
