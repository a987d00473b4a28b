import assert from "node:assert/strict";
import { openConsole, type TestConsole, url } from "./support.ts";

let console: TestConsole;
Deno.test.beforeAll(async () => void (console = await openConsole()));
Deno.test.afterAll(() => console.close());

const pages = ["/", "/console/reference/bakery", "/console/stripe"];
const data = ["/console/status.json", "/console/inbox.json", "/console/live"];
const browser = { accept: "text/html,application/xhtml+xml" };

Deno.test("names of this machine are answered", async () => {
  for (const host of ["localhost:54321", "127.0.0.1:54321", "[::1]:54321", "localhost"]) {
    assert.equal((await console.get("/", { host })).status, 200, host);
    assert.equal((await console.fetch(new Request(`http://${host}/`))).status, 200, host);
  }
});

Deno.test("every other name is refused with 403, on every path", async () => {
  const names = ["evil.example", "localhost.evil.example:54321", "127.0.0.1.nip.io", "192.168.0.2:54321", ""];
  for (const host of names) {
    for (const path of [...pages, ...data, "/nowhere"]) {
      const response = await console.get(path, { host });
      assert.equal(response.status, 403, `${host}${path}`);
      assert.ok(!(await response.text()).includes("sb_secret"));
    }
  }
  assert.equal((await console.fetch(new Request("http://evil.example/"))).status, 403);
});

Deno.test("another site's page can read neither data nor pages", async () => {
  for (const path of [...data, ...pages]) {
    const response = await console.get(path, { "sec-fetch-site": "cross-site", "sec-fetch-dest": "empty" });
    assert.equal(response.status, 403, path);
    assert.equal(response.headers.get("access-control-allow-origin"), null);
  }
});

Deno.test("a link on another site leads to pages, but not to data", async () => {
  const followed = {
    "sec-fetch-site": "cross-site",
    "sec-fetch-dest": "document",
    "sec-fetch-mode": "navigate",
  };
  for (const path of pages) assert.equal((await console.get(path, followed)).status, 200, path);
  for (const path of data) assert.equal((await console.get(path, followed)).status, 403, path);
});

Deno.test("methods other than GET and HEAD are answered 405 with Allow", async () => {
  for (const method of ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
    for (const path of [...pages, ...data]) {
      const response = await console.fetch(new Request(url + path, { method }));
      assert.equal(response.status, 405, `${method} ${path}`);
      assert.equal(response.headers.get("allow"), "GET, HEAD");
    }
  }
});

Deno.test("HEAD answers what GET does, without a body", async () => {
  for (const path of [...pages, ...data]) {
    const response = await console.fetch(new Request(url + path, { method: "HEAD" }));
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("content-type"), (await console.get(path)).headers.get("content-type"));
    assert.equal(await response.text(), "");
  }
});

Deno.test("an unknown path is answered 404, as a page for browsers and as JSON otherwise", async () => {
  for (
    const path of [
      "/nowhere",
      "/console",
      "/console/reference/nothing",
      "/console/console.ts",
      "/console/../x",
    ]
  ) {
    const page = await console.get(path, browser);
    assert.equal(page.status, 404);
    assert.match(page.headers.get("content-type") ?? "", /^text\/html/);
    const json = await console.get(path);
    assert.equal(json.status, 404);
    assert.deepEqual(await json.json(), { error: "Not found" });
  }
});

Deno.test("no answer is stored, framed or tells where it was left for", async () => {
  for (const path of [...pages, ...data, "/nowhere"]) {
    const { headers } = await console.get(path, browser);
    assert.equal(headers.get("cache-control"), "no-store", path);
    assert.equal(headers.get("x-frame-options"), "DENY");
    assert.equal(headers.get("referrer-policy"), "no-referrer");
    assert.equal(headers.get("x-content-type-options"), "nosniff");
    assert.match(headers.get("content-security-policy") ?? "", /default-src 'none'.*frame-ancestors 'none'/);
  }
});

Deno.test("pages run our scripts only: a fresh nonce, no inline script, handler or style, nothing from outside", async () => {
  console.inbox.add({ kind: "sms", to: "+15550100", subject: null, text: "Your code is 493022" });
  const nonces = new Set<string>();
  for (const path of [...pages, "/nowhere"]) {
    const response = await console.get(path, browser);
    const policy = response.headers.get("content-security-policy") ?? "";
    const [, nonce = ""] = /script-src 'nonce-([^']{22,})';/.exec(policy) ?? [];
    nonces.add(nonce);
    assert.ok(!/script-src[^;]*unsafe/.test(policy));
    const html = await response.text();
    for (const [tag] of html.matchAll(/<script[^>]*>/g)) {
      assert.match(tag, /^<script src="\/console\/[\w.]+" nonce="[^"]+" defer>$/);
      assert.ok(tag.replaceAll("&#43;", "+").includes(`nonce="${nonce}"`));
    }
    assert.ok(!/<[^>]*\s(on\w+|style)\s*=/i.test(html), "inline handler or style");
    assert.ok(!/(src|href|action)="(?!http:\/\/127\.0\.0\.1:54321\/|\/|#|data:image)/.test(html));
  }
  assert.equal(nonces.size, pages.length + 1);
});
