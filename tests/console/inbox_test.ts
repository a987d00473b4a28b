import assert from "node:assert/strict";
import type { InboxMessage } from "../../local/inbox.ts";
import { openConsole, type TestConsole, url } from "./support.ts";

let console: TestConsole;
Deno.test.beforeAll(async () => void (console = await openConsole()));
Deno.test.afterAll(() => console.close());

let people = 0;
const someEmail = () => `person${++people}@example.com`;
const somePhone = () => `+1555${String(++people).padStart(7, "0")}`;

function mail(to: string, { subject = "Some subject", text = "Some text" } = {}): string {
  return console.inbox.add({ kind: "email", to, subject, text });
}

function sms(to: string, text: string): string {
  return console.inbox.add({ kind: "sms", to, subject: null, text });
}

const list = async (query: string): Promise<InboxMessage[]> =>
  await (await console.get(`/console/inbox.json${query}`)).json();
const ids = async (query: string) => (await list(query)).map((message) => message.id);
const page = (to: string) => console.text(`/?to=${encodeURIComponent(to)}`);

Deno.test("inbox.json answers every message, the newest first", async () => {
  const [first, second] = [mail(someEmail()), sms(somePhone(), "Hello")];
  assert.deepEqual((await ids("")).slice(0, 2), [second, first]);
});

Deno.test("inbox.json?to= answers the messages to one recipient only", async () => {
  const to = someEmail();
  const id = mail(to);
  mail(someEmail());
  assert.deepEqual(await ids(`?to=${to}`), [id]);
  const [message] = await list(`?to=${to}`);
  assert.deepEqual(Object.keys(message!).sort(), ["at", "id", "kind", "subject", "text", "to"]);
});

Deno.test("inbox.json?to= takes a phone number whose plus was not encoded", async () => {
  const to = somePhone();
  const id = sms(to, "Hello");
  assert.deepEqual(await ids(`?to=${to}`), [id]);
  assert.deepEqual(await ids(`?to=${encodeURIComponent(to)}`), [id]);
});

Deno.test("the page filters by recipient with a GET form, and keeps what was entered", async () => {
  const [to, other] = [someEmail(), someEmail()];
  mail(to, { subject: "For you" });
  mail(other, { subject: "For somebody else" });
  const html = await page(to);
  assert.ok(html.includes("For you"));
  assert.ok(!html.includes("For somebody else"));
  assert.match(html, /<form action="\/#inbox" method="get"/);
  assert.ok(html.includes(`name="to" list="recipients" value="${to}"`));
});

Deno.test("hostile senders, subjects and texts show as text", async () => {
  const to = `"><img src=x onerror=alert(1)>@example.com`;
  mail(to, { subject: "<script>alert(2)</script>", text: "</pre><svg onload='alert(3)'>" });
  const html = await page(to) + await console.text("/console/live");
  for (const markup of ["<img", "<script>alert", "</pre><svg", `value=""><`]) {
    assert.ok(!html.includes(markup));
  }
  assert.ok(html.includes("&#60;script&#62;alert(2)&#60;/script&#62;"));
});

Deno.test("a message can be read in full, however long it is", async () => {
  const to = someEmail();
  const text = `${"long ".repeat(5000)}end`;
  mail(to, { text });
  assert.ok((await page(to)).includes(`${text}</pre>`));
});

Deno.test("the code of an SMS and of an e-mail can be copied alone", async () => {
  const to = someEmail();
  sms(to, "Your code is 493022");
  mail(to, { text: "Follow this link\n\nAlternatively, enter the code: 110045" });
  const html = await page(to);
  for (const code of ["493022", "110045"]) assert.ok(html.includes(`data-copy="${code}"`));
});

Deno.test("numbers of a message that are no code get no copy button", async () => {
  const to = someEmail();
  mail(to, { text: "Price: 120000 yen\nThe dress code is black" });
  assert.ok(!(await page(to)).includes('120000"'));
});

Deno.test("a link to this project's Auth can be followed, any other link stays text", async () => {
  const to = someEmail();
  const link = `${url}/auth/v1/verify?token=abc&type=magiclink&redirect_to=http%3A%2F%2Flocalhost`;
  mail(to, { text: `Follow ${link}\nor not` });
  assert.ok((await page(to)).includes(`<a href="${link.replaceAll("&", "&#38;")}">Follow the link</a>`));
  for (
    const foreign of [
      "https://evil.example/auth/v1/verify?token=abc",
      "http://127.0.0.1:1/auth/v1/verify?token=abc",
      "http://127.0.0.1:54321.evil.example/auth/v1/verify?token=abc",
    ]
  ) {
    const reader = someEmail();
    mail(reader, { text: foreign });
    assert.ok(!(await page(reader)).includes("Follow the link"));
  }
});
