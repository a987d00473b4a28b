import assert from "node:assert/strict";
import type { InboxMessage } from "../../local/inbox.ts";
import { contract } from "../support/http.ts";
import { bookAndCheckOut, bookAndPay, paymentOf, settle } from "../support/payments.ts";
import { makePerson, type Person } from "../support/people.ts";
import { type TestStack, testStack } from "../support/stack.ts";
import { bookHour, hourAhead, lapse, makeOpenProvider, openTimes } from "../support/times.ts";

let stack: TestStack;
Deno.test.beforeAll(async () => void (stack = await testStack()));
Deno.test.afterAll(() => stack.close());
Deno.test.afterEach(async () => {
  stack.stripe.webhooks.resume();
  await settle(stack);
});

/** John Doe, who takes 75 dollars an hour, and Jane Smith, who has not booked yet. */
async function people() {
  return {
    provider: await makeOpenProvider(stack, { hourlyRateMinor: 7500 }, { name: "John Doe" }),
    attendee: await makePerson(stack, { name: "Jane Smith", timezone: "Asia/Kolkata" }),
  };
}

/** Lets everything be delivered; answers the letter with this subject that one person got, of which there is one. */
async function letterTo({ email }: Person, subject: string): Promise<InboxMessage> {
  await settle(stack);
  const letters = stack.inbox.list(email);
  const found = letters.filter((letter) => letter.subject === subject);
  assert.equal(found.length, 1, `${subject} among ${letters.map((letter) => letter.subject).join(", ")}`);
  return found[0]!;
}

/** Greeting, sentence and rows of a letter. */
function partsOf({ text }: InboxMessage) {
  const [greeting, sentence, rows = ""] = text.replace(/[\u00a0\u202f\u2009]/g, " ").split("\n\n");
  return {
    greeting,
    sentence,
    rows: Object.fromEntries(
      rows.split("\n").map((row) => [row.split(": ")[0], row.slice(row.indexOf(": ") + 2)]),
    ),
  };
}

const where = "online; your booking shows the link from 15 minutes before the start";

/** Pays for an hour when its hold has lapsed and somebody else has the time. */
async function payTooLate(attendee: Person, provider: Person): Promise<void> {
  const { booking, intentId } = await bookAndCheckOut(stack, attendee, provider.id);
  await stack.stripe.webhooks.settled();
  stack.stripe.webhooks.pause();
  stack.stripe.pay(intentId);
  await lapse(stack, booking.id);
  await bookHour(await makePerson(stack), provider.id);
  stack.stripe.webhooks.resume();
}

async function refund(provider: Person, bookingId: string, amount: number): Promise<void> {
  const { id } = await paymentOf(stack, bookingId);
  const { status, body } = await contract(stack, "consulting")("POST", `/payments/${id}/refund`, {
    token: provider.token,
    body: { reason: "Sorry", amount },
  });
  assert.equal(status, 200, JSON.stringify(body));
}

Deno.test("booking.confirmed tells both what is booked with whom, when in their zone, where and at which price", async () => {
  const { provider, attendee } = await people();
  await bookAndPay(stack, attendee, provider.id);
  const toAttendee = partsOf(await letterTo(attendee, "Your booking: One-to-one session"));
  assert.equal(toAttendee.greeting, "Hello Jane Smith,");
  assert.equal(toAttendee.sentence, "Your booking of “One-to-one session” with John Doe is confirmed.");
  assert.deepEqual(Object.keys(toAttendee.rows), ["When", "Where", "Price"]);
  assert.match(toAttendee.rows.When ?? "", /2:30 – 3:30 PM GMT\+5:30/);
  assert.deepEqual([toAttendee.rows.Where, toAttendee.rows.Price], [where, "$75.00"]);
  const toProvider = partsOf(await letterTo(provider, "New booking by Jane Smith: One-to-one session"));
  assert.equal(toProvider.greeting, "Hello John Doe,");
  assert.equal(toProvider.sentence, "Jane Smith has booked “One-to-one session”.");
  assert.match(toProvider.rows.When ?? "", /9:00 – 10:00 AM UTC/, "the schedule's zone, as they have none");
  assert.deepEqual([toProvider.rows.Where, toProvider.rows.Price], [where, "$75.00"]);
});

Deno.test("booking.confirmed of free time says that it is free, and shows the customer's notes to the provider alone", async () => {
  const provider = await makeOpenProvider(stack, {}, { name: "John Doe" });
  const attendee = await makePerson(stack, { name: "Jane Smith" });
  await attendee.client.rpc("book_time", {
    provider_id: provider.id,
    ...hourAhead(7),
    notes: "About <my> plans",
  });
  const toAttendee = partsOf(await letterTo(attendee, "Your booking: One-to-one session"));
  assert.deepEqual([toAttendee.rows.Price, toAttendee.rows.Notes], ["free of charge", undefined]);
  const toProvider = partsOf(await letterTo(provider, "New booking by Jane Smith: One-to-one session"));
  assert.equal(toProvider.rows.Notes, "About <my> plans");
});

Deno.test("time.rescheduled tells both the new time and the one before", async () => {
  const { provider, attendee } = await people();
  const { booking } = await bookAndPay(stack, attendee, provider.id);
  const { error } = await attendee.client.rpc("reschedule_booking", {
    booking_id: booking.id,
    ...hourAhead(8, 11),
  });
  assert.equal(error, null);
  const toAttendee = partsOf(await letterTo(attendee, "New time: One-to-one session"));
  assert.equal(
    toAttendee.sentence,
    "“One-to-one session” with John Doe has a new time. What you have paid stays as it is.",
  );
  assert.deepEqual(Object.keys(toAttendee.rows), ["When", "Before", "Where", "Price"]);
  assert.match(toAttendee.rows.When ?? "", /4:30 – 5:30 PM GMT\+5:30/);
  assert.match(toAttendee.rows.Before ?? "", /2:30 – 3:30 PM GMT\+5:30/);
  const toProvider = partsOf(await letterTo(provider, "New time: One-to-one session"));
  assert.equal(toProvider.sentence, "The booking of “One-to-one session” by Jane Smith has a new time.");
  assert.match(toProvider.rows.When ?? "", /11:00 AM – 12:00 PM UTC/);
});

Deno.test("time that a provider moves is told to the customer, not to the provider", async () => {
  const { provider, attendee } = await people();
  const { booking } = await bookAndPay(stack, attendee, provider.id);
  await provider.client.rpc("reschedule_booking", { booking_id: booking.id, ...hourAhead(8, 11) });
  await letterTo(attendee, "New time: One-to-one session");
  const subjects = stack.inbox.list(provider.email).map(({ subject }) => subject);
  assert.deepEqual(subjects, ["New booking by Jane Smith: One-to-one session"]);
});

Deno.test("why time is moved or cancelled is in the letters that tell of it", async () => {
  const { provider, attendee } = await people();
  const { booking } = await bookAndPay(stack, attendee, provider.id);
  await provider.client.rpc("reschedule_booking", {
    booking_id: booking.id,
    ...hourAhead(8, 11),
    reason: "My train is <late>",
  });
  const moved = await letterTo(attendee, "New time: One-to-one session");
  assert.equal(partsOf(moved).rows.Reason, "My train is <late>");
  await attendee.client.rpc("cancel_booking", { booking_id: booking.id, reason: "I am ill" });
  const cancelled = await letterTo(provider, "Booking by Jane Smith cancelled: One-to-one session");
  assert.equal(partsOf(cancelled).rows.Reason, "I am ill");
});

Deno.test("a cancellation tells both who cancelled, and says no place any more", async () => {
  const { provider, attendee } = await people();
  const { booking } = await bookAndPay(stack, attendee, provider.id);
  await attendee.client.rpc("cancel_booking", { booking_id: booking.id });
  const toProvider = partsOf(
    await letterTo(provider, "Booking by Jane Smith cancelled: One-to-one session"),
  );
  assert.equal(
    toProvider.sentence,
    "The booking of “One-to-one session” was cancelled by Jane Smith.",
  );
  const toAttendee = partsOf(await letterTo(attendee, "Cancelled: One-to-one session"));
  assert.equal(
    toAttendee.sentence,
    "You have cancelled your booking of “One-to-one session” with John Doe.",
  );
  assert.deepEqual([toProvider.rows.Where, toAttendee.rows.Where], [undefined, undefined]);
});

Deno.test("payment.returned tells the payer that all comes back, and the provider that nothing is to be done", async () => {
  const { provider, attendee } = await people();
  await payTooLate(attendee, provider);
  const toAttendee = await letterTo(attendee, "Not booked, and refunded: One-to-one session");
  assert.equal(
    partsOf(toAttendee).sentence,
    "Your payment for “One-to-one session” with John Doe came when the time was taken by somebody else. We return all " +
      "of it: $75.00.",
  );
  assert.match(partsOf(toAttendee).rows.When ?? "", /2:30 – 3:30 PM GMT\+5:30/);
  const toProvider = await letterTo(provider, "Not booked: One-to-one session");
  assert.equal(
    partsOf(toProvider).sentence,
    "A payment by Jane Smith for “One-to-one session” came too late and is returned. There is nothing for you to do.",
  );
  for (const letter of [toAttendee, toProvider]) {
    assert.equal(letter.attachments, undefined);
    assert.equal(partsOf(letter).rows.Where, undefined);
  }
});

Deno.test("payment.refunded tells the payer what comes back, not what the booking cost, and the provider nothing", async () => {
  const { provider, attendee } = await people();
  const { booking } = await bookAndPay(stack, attendee, provider.id);
  await refund(provider, booking.id, 22.5);
  const letter = await letterTo(attendee, "Refund: One-to-one session");
  assert.equal(
    partsOf(letter).sentence,
    "$22.50 of your payment for “One-to-one session” with John Doe are on their way back to you.",
  );
  assert.deepEqual([partsOf(letter).rows.Price, letter.attachments], ["$75.00", undefined]);
  const subjects = stack.inbox.list(provider.email).map(({ subject }) => subject);
  assert.deepEqual(subjects, ["New booking by Jane Smith: One-to-one session"]);
});

/** Per language, the subjects to customer and provider, and how 75 and 22.5 dollars are written. */
const languages = {
  de: {
    confirmed: ["Ihre Buchung: ", "Neue Buchung von Jane Smith: "],
    moved: "Neuer Termin: ",
    cancelled: ["Abgesagt: ", "Buchung von Jane Smith storniert: "],
    returned: ["Nicht gebucht, Geld zurück: ", "Nicht gebucht: "],
    refunded: "Erstattung: ",
    amounts: ["75,00 $", "22,50 $"],
  },
  es: {
    confirmed: ["Tu reserva: ", "Nueva reserva de Jane Smith: "],
    moved: "Nuevo horario: ",
    cancelled: ["Cancelado: ", "Reserva cancelada de Jane Smith: "],
    returned: ["Sin reserva, con reembolso: ", "Sin reserva: "],
    refunded: "Reembolso: ",
    amounts: ["75,00 US$", "22,50 US$"],
  },
  fr: {
    confirmed: ["Votre réservation : ", "Nouvelle réservation de Jane Smith : "],
    moved: "Nouvel horaire : ",
    cancelled: ["Annulé : ", "Réservation annulée de Jane Smith : "],
    returned: ["Non réservé, remboursé : ", "Non réservé : "],
    refunded: "Remboursement : ",
    amounts: ["75,00 $US", "22,50 $US"],
  },
};
for (const [locale, words] of Object.entries(languages)) {
  Deno.test(`letters of one-to-one time and its money are written in ${locale}`, async () => {
    const about = "One-to-one session";
    const provider = await makePerson(stack, { name: "John Doe", provider: true, locale });
    await openTimes(stack, provider.id, { hourlyRateMinor: 7500 });
    const attendee = await makePerson(stack, { name: "Jane Smith", locale });
    const read = async (person: Person, subject: string, ...said: string[]) => {
      const { text } = await letterTo(person, subject + about);
      const plain = text.replace(/[\u00a0\u202f]/g, " ");
      for (const each of [about, ...said]) assert.ok(plain.includes(each), `${each} in ${plain}`);
    };
    const [full, part] = words.amounts as [string, string];

    const { booking } = await bookAndPay(stack, attendee, provider.id, 9);
    await read(attendee, words.confirmed[0]!, "John Doe", full);
    await read(provider, words.confirmed[1]!, "Jane Smith", full);
    await attendee.client.rpc("reschedule_booking", { booking_id: booking.id, ...hourAhead(10) });
    await read(attendee, words.moved, "John Doe");
    await read(provider, words.moved, "Jane Smith");
    await refund(provider, booking.id, 22.5);
    await read(attendee, words.refunded, "John Doe", part);
    await payTooLate(attendee, provider);
    await read(attendee, words.returned[0]!, "John Doe", full);
    await read(provider, words.returned[1]!, "Jane Smith");
    await attendee.client.rpc("cancel_booking", { booking_id: booking.id, request_refund: false });
    await read(attendee, words.cancelled[0]!, "John Doe");
    await read(provider, words.cancelled[1]!, "Jane Smith");
  });
}
