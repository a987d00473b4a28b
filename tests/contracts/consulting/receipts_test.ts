import assert from "node:assert/strict";
import { PDFDocument } from "@cantoo/pdf-lib";
import { moneyText, receiptText, writeReceipt } from "../../../functions/_shared/integrations/pdf/receipt.ts";
import { contract } from "../../support/http.ts";
import { makePerson, makeProvider, type Person } from "../../support/people.ts";
import { type TestStack, testStack } from "../../support/stack.ts";
import { makeTimeBooking, type TimeBooking } from "../../support/time_bookings.ts";

let stack: TestStack;
let call: ReturnType<typeof contract>;
let attendee: Person;
let provider: Person;
Deno.test.beforeAll(async () => {
  stack = await testStack();
  call = contract(stack, "consulting");
  attendee = await makePerson(stack, { name: "Jane Smith" });
  provider = await makeProvider(stack, { name: "John Doe" });
});
Deno.test.afterAll(() => stack.close());

let hours = 0;
let serial = 0;

/** A booking that was paid, as a payment that succeeded leaves it. */
async function paidBooking(priceMinor = 5000, currency = "USD"): Promise<TimeBooking & { payment: string }> {
  hours += 2;
  const booking = await makeTimeBooking(stack, { attendee, provider }, {
    startsInMinutes: hours * 60,
    priceMinor,
    currency,
  });
  const [row] = await stack.database.query<{ id: string }>(
    `insert into public.payments (
       booking_id, payer_id, provider_id, amount_minor, currency, fee_minor, payout_minor, status, paid_at,
       receipt_year, receipt_serial
     )
     values ($1, $2, $3, $4, $5, 0, $4, 'succeeded', now(), 2030, $6)
     returning id`,
    [booking.id, attendee.id, provider.id, priceMinor, currency, ++serial],
  );
  return { ...booking, payment: row!.id };
}

const receiptOf = ({ id }: TimeBooking, { token }: Person) =>
  call("GET", `/bookings/${id}/receipt`, { token });

async function pdfOf(
  url: string,
): Promise<{ type: string | null; disposition: string | null; file: PDFDocument }> {
  const response = await fetch(url);
  assert.equal(response.status, 200);
  return {
    type: response.headers.get("content-type"),
    disposition: response.headers.get("content-disposition"),
    file: await PDFDocument.load(await response.arrayBuffer()),
  };
}

Deno.test("GET /bookings/{bookingId}/receipt answers links to a PDF, to look at and to save", async () => {
  const booking = await paidBooking();
  for (const person of [attendee, provider]) {
    const { status, body } = await receiptOf(booking, person);
    assert.equal(status, 200);
    assert.equal(body.data.bookingId, booking.id);
    const number = body.data.receiptNumber;
    assert.equal(number, `${provider.id.slice(0, 8).toUpperCase()}-2030-${String(serial).padStart(6, "0")}`);
    const look = await pdfOf(body.data.invoiceUrl);
    assert.deepEqual([look.type, look.disposition, look.file.getPageCount()], ["application/pdf", null, 1]);
    assert.equal(look.file.getTitle(), `Receipt ${number}`);
    assert.match(
      (await pdfOf(body.data.pdfUrl)).disposition ?? "",
      new RegExp(`^attachment; filename="${number}\\.pdf"`),
    );
  }
});

Deno.test("a receipt is written anew after a refund, and otherwise once", async () => {
  const booking = await paidBooking();
  const files = async () =>
    (await stack.database.query<{ name: string }>(
      "select name from storage.objects where bucket_id = 'receipts' and name like $1",
      [`${booking.payment}/%`],
    )).length;
  await receiptOf(booking, attendee);
  await receiptOf(booking, attendee);
  assert.equal(await files(), 1);
  await stack.database.query(
    `insert into public.refunds (payment_id, amount_minor, fee_minor, payout_minor, cause)
     values ($1, 1000, 0, 1000, 'request')`,
    [booking.payment],
  );
  await receiptOf(booking, attendee);
  assert.equal(await files(), 2);
});

Deno.test("a booking without payment has no receipt, and a stranger's does not exist", async () => {
  hours += 2;
  const free = await makeTimeBooking(stack, { attendee, provider }, { startsInMinutes: hours * 60 });
  const unpaid = await receiptOf(free, attendee);
  assert.deepEqual([unpaid.status, unpaid.body.code], [404, "NOT_FOUND"]);
  const stranger = await makePerson(stack);
  const foreign = await receiptOf(await paidBooking(), stranger);
  assert.deepEqual([foreign.status, foreign.body.message], [404, "Booking not found"]);
});

Deno.test("only its people sign a receipt's file with their own token", async () => {
  const booking = await paidBooking();
  await receiptOf(booking, attendee);
  const [object] = await stack.database.query<{ name: string }>(
    "select name from storage.objects where bucket_id = 'receipts' and name like $1",
    [`${booking.payment}/%`],
  );
  const sign = async (person: Person) =>
    (await person.client.storage.from("receipts").createSignedUrl(object!.name, 60)).error === null;
  assert.deepEqual([await sign(attendee), await sign(provider), await sign(await makePerson(stack))], [
    true,
    true,
    false,
  ]);
});

const receipt = {
  payment_id: crypto.randomUUID(),
  booking_id: crypto.randomUUID(),
  receipt_number: "0C6D9B0A-2029-000001",
  paid_at: "2029-12-31T23:30:00Z",
  seller_timezone: "Asia/Tokyo",
  seller_name: "Łukasz Żółć",
  buyer_name: "山田太郎",
  title: "Career advice",
  starts_at: "2030-01-15T14:30:00Z",
  ends_at: "2030-01-15T15:30:00Z",
  amount_minor: 2550,
  tax_minor: 0,
  refunded_minor: 550,
  currency: "JPY",
  refunds: [{ amount_minor: 550, at: "2030-01-02T00:00:00Z" }],
};

Deno.test("a receipt's dates are the seller's, and its amounts have their currency's decimals", () => {
  const { facts, sums, total } = receiptText(receipt);
  const fact = Object.fromEntries(facts);
  assert.equal(fact.Date, "1 January 2030");
  assert.equal(fact.When, "15 January 2030, 23:30 - 16 January 2030, 00:30 (Asia/Tokyo)");
  assert.deepEqual(Object.fromEntries(sums), {
    Net: "JPY 2,550",
    Tax: "JPY 0",
    Paid: "JPY 2,550",
    "Refund of 2 January 2030": "JPY -550",
  });
  assert.deepEqual(total, ["Total", "JPY 2,000"]);
  assert.deepEqual([moneyText(2550, "USD"), moneyText(2550, "KWD")], ["USD 25.50", "KWD 2.550"]);
});

Deno.test("a receipt is written for names that its font lacks, which its properties keep", async () => {
  const file = await PDFDocument.load(await writeReceipt(receipt));
  assert.equal(file.getAuthor(), "Łukasz Żółć");
  assert.match(file.getSubject() ?? "", /山田太郎/);
});

Deno.test("equal receipts give equal files", async () => {
  assert.deepEqual(await writeReceipt(receipt), await writeReceipt(receipt));
});
